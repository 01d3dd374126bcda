"""Takes eight seconds before it listens, as an app does that reads a lot first."""

import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = b"at last\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    # Python's own 5 are few where connections come in a burst.
    request_queue_size = 128


time.sleep(8)
Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
