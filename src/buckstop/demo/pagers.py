"""The stand-ins for PagerDuty and Slack: two servers on loopback that record who got what, when.

What they accept is decided in `buckstop.demo.pages`. ``GET /`` on either lists what it got.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from buckstop.demo.pages import LARGEST_EVENT_BYTES, Answer, Page

Accept = Callable[[str, bytes], Answer]


@dataclass(frozen=True, slots=True)
class Received:
    """A page and when it came, Unix time."""

    at_seconds: float
    page: Page


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that broke the protocol, and when it came, Unix time."""

    at_seconds: float
    service: str
    status: int
    reason: str


class Pager:
    """One stand-in, on a free loopback port, in a thread. A context manager."""

    def __init__(self, name: str, accept: Accept) -> None:
        self._name = name
        self._accept = accept
        self._lock = threading.Lock()
        self._received: list[Received] = []
        self._refused: list[Refused] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, name=name, daemon=True)

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def received(self) -> tuple[Received, ...]:
        """All pages so far, oldest first."""
        with self._lock:
            return tuple(self._received)

    @property
    def refused(self) -> tuple[Refused, ...]:
        """All requests that broke the protocol so far, oldest first."""
        with self._lock:
            return tuple(self._refused)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, path: str, body: bytes) -> Answer:
        now = time.time()
        answer = self._accept(path, body)
        with self._lock:
            if answer.page is not None:
                self._received.append(Received(now, answer.page))
            if answer.refusal is not None:
                self._refused.append(Refused(now, self._name, answer.status, answer.refusal))
        return answer

    def _listing(self) -> str:
        lines = [f"{self._name}: a stand-in, {len(self.received)} messages"]
        lines += [
            f"{_clock(one.at_seconds)}  {one.page.recipient}  {one.page.action}  {one.page.title}"
            for one in self.received
        ]
        lines += [
            f"{_clock(one.at_seconds)}  REFUSED {one.status}  {one.reason}" for one in self.refused
        ]
        return "\n".join(lines) + "\n"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        pager = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                # One byte over the limit is enough to see that it is over; the rest is not read.
                body = self.rfile.read(min(size, LARGEST_EVENT_BYTES + 1))
                self.close_connection = size > LARGEST_EVENT_BYTES
                answer = pager._take(self.path, body)
                self._send(answer.status, answer.content_type, answer.body)

            def do_GET(self) -> None:
                self._send(200, "text/plain; charset=utf-8", pager._listing())

            def _send(self, status: int, content_type: str, text: str) -> None:
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing: the terminal belongs to the demo."""

        return Handler


def _clock(at_seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(at_seconds))
