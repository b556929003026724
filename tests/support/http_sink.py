"""An HTTP server that keeps what is posted to it, and answers as a test says."""

import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Sink:
    """Listens on the loopback interface; ``asked`` holds (path, headers, body) in order.

    ``answers`` holds what is done with one request each, in order: a status, a (status, headers),
    a (status, headers, text), or seconds to be slow before 200. Without one it is 201.
    """

    def __init__(self):
        self.asked = []
        self.answers = deque()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Handler", (_Handler,), {"sink": self})
        )
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    sink: Sink

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.sink.asked.append((self.path, dict(self.headers), body))
        answer = self.sink.answers.popleft() if self.sink.answers else 201
        if isinstance(answer, float):
            self._drip(answer)
            return
        status, headers, *text = answer if isinstance(answer, tuple) else (answer, {})
        said = text[0].encode() if text else b"ok"
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(said))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def _drip(self, seconds):
        """Send a byte now and then, so that no single wait is long."""
        try:
            for each in b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n":
                self.wfile.write(bytes([each]))
                self.wfile.flush()
                time.sleep(seconds / 38)
        except OSError:
            return

    def log_message(self, *_):
        return
