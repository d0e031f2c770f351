"""A receiver for Alertmanager's webhooks that writes down what it is sent, and when."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Webhook:
    """What was received.

    Attributes:
        payloads: with the monotonic time of arrival, in seconds.
    """

    url: str
    payloads: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    def cases(self) -> set[str]:
        """The label ``case`` of every alert that was received."""
        return {alert["labels"]["case"] for _, body in self.payloads for alert in body["alerts"]}


class _Server(ThreadingHTTPServer):
    request_queue_size = 1_000
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that is stopped drops its connections; nothing is lost by it."""


@contextmanager
def listening() -> Iterator[Webhook]:
    """A webhook on a loopback port until the block ends."""
    webhook = Webhook("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            webhook.payloads.append((time.monotonic(), json.loads(body)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Keep quiet."""

    server = _Server(("127.0.0.1", 0), Handler)
    webhook.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield webhook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
