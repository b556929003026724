"""A phone's line to the server, which loses answers, falls asleep or lies in hotels."""

import http.client
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PORTAL = b"<html>Welcome to the hotel. Room number, please.</html>"


class Line:
    """Passes requests on to ``server``; each fault in ``faults`` befalls one request, in order.

    ``cut``: never arrives. ``lost``: arrives, is answered, and the answer is lost. ``slow``: the
    answer comes after two seconds. A number: a proxy answers with that status, in HTML.
    """

    def __init__(self, server):
        self.server = urlsplit(server).netloc
        self.faults = deque()
        self.asked = []
        self._listening = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Handler", (_Handler,), {"line": self})
        )
        self._thread = threading.Thread(target=self._listening.serve_forever, args=(0.01,))

    @property
    def url(self):
        return f"http://127.0.0.1:{self._listening.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listening.shutdown()
        self._listening.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Serves one request; ``line`` is set by the subclass that each Line makes for itself."""

    line: Line

    def do_GET(self):
        faults = self.line.faults
        fault = faults.popleft() if faults else ""
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.line.asked.append((self.command, self.path))
        if isinstance(fault, int):
            self._answer(fault, {"Content-Type": "text/html"}, PORTAL)
        elif fault != "cut":
            told = self._pass_on(content)
            if fault == "slow":
                time.sleep(2)
            if fault != "lost":
                self._answer(*told)

    def do_POST(self):
        self.do_GET()

    def _pass_on(self, content):
        connection = http.client.HTTPConnection(self.line.server, timeout=30)
        # One request each: the server need not wait for the connection to be used again.
        headers = {**self.headers, "Connection": "close"}
        connection.request(self.command, self.path, content, headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), body

    def _answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            if name not in {"Connection", "Transfer-Encoding"}:
                self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return  # nobody waited for it

    def log_message(self, *_):
        return
