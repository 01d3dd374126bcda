// Takes 1.5 s to end, and writes down when it began to and when it was done: into the file that it is given.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	note := func(word string) {
		file, err := os.OpenFile(os.Args[1], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			panic(err)
		}
		defer file.Close()
		fmt.Fprintln(file, word)
	}
	http.HandleFunc("/", func(response http.ResponseWriter, _ *http.Request) { fmt.Fprintln(response, "hello") })
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT")}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	go func() {
		if err := server.ListenAndServe(); err != http.ErrServerClosed {
			panic(err)
		}
	}()
	<-asked
	note("asked to end")
	time.Sleep(1500 * time.Millisecond)
	server.Shutdown(context.Background())
	note("ended")
}
