"""A child process that listens on a loopback port, and is awaited until it answers."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from buckstop.servers.awaiting import await_until
from buckstop.servers.failures import NotInTime, ServerFailed
from buckstop.servers.process import Child

READY_TIMEOUT_SECONDS = 120.0
"""A first start on a loaded machine reads and compiles hundreds of files."""
PORT_ATTEMPTS = 8
HTTP_TIMEOUT_SECONDS = 10.0
PROBE_TIMEOUT_SECONDS = 1.0
"""For one question whether it is ready; a stranger on the port may never answer."""

_TAKEN = "address already in use"
"""What Go's and Python's servers both say, whatever the case."""


def free_port() -> int:
    """A loopback port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


def _is_free(port: int) -> bool:
    """Whether a server could listen on `port`; connections that linger do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Listener:
    """A server as a child process, from `start` (or ``with``) to `close`.

    Where no port is given, a free one is chosen, and another if somebody takes it meanwhile. Once
    started, the port stays the same over `stop` and `start`.

    Attributes:
        name: for messages.
        folder: where its log and whatever files it has lie.
        http: a client for the server's API; it does not use proxies.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[int], Sequence[str]],
        *,
        ready_path: str,
        folder: Path | None = None,
        port: int | None = None,
        working_folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        choose_port: Callable[[], int] = free_port,
    ) -> None:
        """Describe it; `start` starts it.

        Args:
            name: for messages.
            command: the command line for a port.
            ready_path: answers 200 once the server is ready.
            folder: given, it outlives the server; else it is a temporary one.
            port: a fixed port, or None for a free one.
            working_folder: the folder the program runs in.
            environment: in place of this process's own.
            choose_port: proposes ports where none is fixed.
        """
        self.name = name
        self._temporary = None
        if folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="buckstop-")
            folder = Path(self._temporary.name)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.absolute()
        self.http = httpx.Client(timeout=HTTP_TIMEOUT_SECONDS, trust_env=False)
        self._command = command
        self._ready_path = ready_path
        self._port = port
        self._working_folder = working_folder
        self._environment = environment
        self._choose_port = choose_port
        self._child: Child | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        """The port; known once started, or where it was given."""
        assert self._port is not None, f"{self.name} was not started"
        return self._port

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._child is not None, f"{self.name} was not started"
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._child is not None and self._child.running

    def start(self) -> None:
        """Start it and wait until it is ready. Raises ServerFailed with the end of its log."""
        assert not self.running, f"{self.name} runs already"
        if self._port is not None and not _is_free(self._port):
            raise ServerFailed(f"{self.name} could not be started: port {self._port} is in use")
        for attempt in range(PORT_ATTEMPTS):
            port = self._choose_port() if self._port is None else self._port
            child = Child(
                self.name,
                self._command(port),
                log=self.folder / f"{self.name.lower().replace(' ', '-')}.log",
                working_folder=self._working_folder,
                environment=self._environment,
            )
            if self._becomes_ready(child, port):
                self._child, self._port = child, port
                return
            taken = _TAKEN in child.output().lower()
            if self._port is None and taken and attempt + 1 < PORT_ATTEMPTS:
                continue
            raise child.failure(f"could not be started on port {port}")

    def _becomes_ready(self, child: Child, port: int) -> bool:
        """Whether it answers; False if it ends first. Raises ServerFailed if it does neither."""
        address = f"http://127.0.0.1:{port}{self._ready_path}"

        def settled() -> bool:
            if not child.running:
                return True
            answer = self.http.get(address, timeout=PROBE_TIMEOUT_SECONDS)
            return answer.status_code == httpx.codes.OK

        try:
            await_until(settled, READY_TIMEOUT_SECONDS, f"{self.name} to be ready")
        except NotInTime as error:
            failure = child.failure(f"is not ready: {error}")
            child.stop()
            raise failure from error
        except BaseException:
            child.stop()
            raise
        # Where another server holds the port, it may be the one that answered.
        return child.running and (_TAKEN not in child.output().lower())

    def stop(self) -> None:
        """End it in good order, so that it can be started again; no harm if it does not run."""
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """End it as a crash would; it can be started again."""
        if self._child is not None:
            self._child.kill()

    def close(self) -> None:
        """End it for good and remove its folder if it is a temporary one."""
        self.stop()
        self.http.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def log(self) -> str:
        """What it has written since it was last started."""
        return "" if self._child is None else self._child.output()
