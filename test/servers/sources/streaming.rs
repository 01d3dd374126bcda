// A thread for each connection; an answer comes in six pieces over 50 ms.
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, io, thread, time::Duration};

fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    loop {
        loop {
            match lines.next() {
                None => return Ok(()),
                Some(line) => {
                    if line?.is_empty() {
                        break;
                    }
                }
            }
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        for _ in 0..6 {
            stream.write_all(b"6\r\npiece\n\r\n")?;
            thread::sleep(Duration::from_millis(8));
        }
        stream.write_all(b"0\r\n\r\n")?;
    }
}

fn main() -> io::Result<()> {
    let port: u16 = env::var("PORT").expect("PORT").parse().expect("a number");
    for stream in TcpListener::bind(("127.0.0.1", port))?.incoming() {
        let stream = stream?;
        thread::spawn(move || serve(stream));
    }
    Ok(())
}
