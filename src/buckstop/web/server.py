"""Serving the application: sockets, signals, and an end that loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import uvicorn

from buckstop.web.app import Application
from buckstop.web.connections import Connections, connection_limit, watched

BACKLOG = 512
STOP_SECONDS = 5


class AddressError(Exception):
    """An address that cannot be listened on; the message says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 takes a free one."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address for people."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def read_address(text: str) -> Address:
    """``HOST:PORT``, ``[::1]:PORT`` or ``:PORT`` (all interfaces). Raises AddressError."""
    host, colon, port = text.rpartition(":")
    if not colon or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65_535:
        raise AddressError(f"{text!r} is no address: HOST:PORT was expected, as 127.0.0.1:9890")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise AddressError(f"{text!r}: an IPv6 address stands in brackets, as [::1]:9890")
    return Address(host or "0.0.0.0", int(port))  # noqa: S104 - as the user asked; it needs tokens


def listen(address: Address) -> tuple[socket.socket, Address]:
    """A listening socket, and the address with its real port. Raises AddressError."""
    host = "127.0.0.1" if address.host == "localhost" else address.host
    family = socket.AF_INET
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).version == 6:
            family = socket.AF_INET6
    # Named as TCP, or asyncio leaves Nagle's algorithm on, and every answer waits 40 ms for the
    # sender's delayed acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, address.port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise AddressError(
            f"cannot listen on {address.host}:{address.port}: {error.strerror or error}; "
            "name another address with --listen HOST:PORT"
        ) from error
    return bound, Address(host, bound.getsockname()[1])


def serve(
    application: Application, sockets: Sequence[socket.socket], ready: Callable[[], None]
) -> None:
    """Serve until SIGINT or SIGTERM; what has begun is finished first.

    Args:
        ready: called once requests are answered.
    """
    connections = Connections(connection_limit())
    config = uvicorn.Config(
        application.app,
        http=watched(connections),
        log_config=None,
        # Paths may carry an intake's token.
        access_log=False,
        server_header=False,
        # Who sends a request is never taken from a proxy's headers.
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        lifespan="on",
        ws="none",
    )
    server = _Server(config, application, connections, ready)
    server.run(list(sockets))
    if not server.started:
        sys.exit(2)


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        application: Application,
        connections: Connections,
        ready: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._application = application
        self._connections = connections
        self._sweeping: asyncio.Task[None] | None = None
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGINT and SIGTERM; unlike uvicorn's own, without dying of them afterwards."""
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._sweeping = asyncio.create_task(self._connections.sweep())
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Listening pages would keep the server waiting.
        if self._application.site is not None:
            self._application.site.hub.close()
        await super().shutdown(sockets)
        if self._sweeping is not None:
            self._sweeping.cancel()
