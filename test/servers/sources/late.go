// Answers everything but the health check after 600 ms.
package main

import (
	"net/http"
	"os"
	"time"
)

func main() {
	http.HandleFunc("/health", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/", func(http.ResponseWriter, *http.Request) { time.Sleep(600 * time.Millisecond) })
	if err := http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil); err != nil {
		panic(err)
	}
}
