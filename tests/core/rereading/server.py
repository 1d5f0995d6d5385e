"""A site of this machine that answers what its addresses ask for, and remembers what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Site(BaseHTTPRequestHandler):
    """`/404` answers 404; `/head-405` refuses HEAD alone; `/to/<address>` redirects; `/silent` says nothing."""

    asked: list[tuple[str, str]]

    def answer(self) -> None:
        self.asked.append((self.command, self.path))
        if self.path == "/silent":
            self.close_connection = True
            return
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        elif self.path == "/head-501":
            self.send_response(501 if self.command == "HEAD" else 200)
        else:
            last = self.path.rpartition("/")[2]
            self.send_response(int(last) if last.isdecimal() else 200)
        self.end_headers()

    do_GET = do_HEAD = answer

    def log_message(self, *args: Any) -> None:
        """Nothing on the screen."""


@contextmanager
def site(host: str = "127.0.0.1") -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(its address, what it is asked: [(method, path)])."""
    handler = type("Heard", (Site,), {"asked": []})
    server = ThreadingHTTPServer((host, 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}", handler.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
