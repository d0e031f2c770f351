"""A ledger under attack: a process with tokens, honest senders beside the attacker, its memory."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from tests.ledger.ledger_world import feed_alert, labels, write_build
from tests.web.listing import open_incidents
from tests.web.serve_process import Serve

from buckstop.web.tokens import digest

HEAD_SECONDS = 1.5
BODY_SECONDS = 3.0
STALL_SECONDS = 3.0
PROMISE_SECONDS = 5.0
"""Within this an honest sender is answered, on a machine that does other work beside the tests."""

# As `buckstop serve`, but for deadlines that a test can wait for.
IMPATIENT = f"""
from buckstop.web import connections, guard
connections.HEAD_SECONDS = {HEAD_SECONDS}
connections.STALL_SECONDS = {STALL_SECONDS}
connections.SWEEP_SECONDS = 0.2
connections.CONNECTIONS = 200
guard.BODY_SECONDS = {BODY_SECONDS}
"""
UNLIMITED = """
from buckstop.web import app, budgets
app.Budgets = lambda: budgets.Budgets(*[budgets.Budget(1e9, 1e9) for _ in range(3)])
"""
"""No budgets, where more is asked in a second than anybody would."""
TIGHT = """
from buckstop.web import app, budgets
app.Budgets = lambda: budgets.Budgets(
    budgets.Budget(0.1, 0.5), budgets.Budget(0.5, 30.0), budgets.Budget(0.5, 100.0)
)
"""
"""Budgets that a test exceeds on a slow machine too."""
MAIN = """
import sys
from buckstop.cli import main
main(sys.argv[1:])
"""

HOLDERS = {
    "prom": "intake metrics",
    "other": "intake",
    "maria": "read act",
    "li": "read act",
    "eve": "read act",
    "ron": "read",
    "auditor": "read",
}
"""Who has a token, and its scopes; `token_of` gives the token."""


def token_of(person: str) -> str:
    """The token of a holder: nothing else in any text looks like it."""
    return digest(f"secret of {person}")


class Attacked:
    """A running ledger, as its attackers and its honest senders see it."""

    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        parts = urlsplit(serve.url)
        assert parts.hostname is not None
        self.address = parts.hostname, parts.port or 0

    def client(self, person: str | None) -> httpx.Client:
        """A client with the token of `person`."""
        headers = {} if person is None else {"authorization": f"Bearer {token_of(person)}"}
        return httpx.Client(base_url=self.serve.url, headers=headers, trust_env=False, timeout=30)

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(self.address, timeout=20)

    def raw(self, request: bytes) -> bytes:
        """All that is answered to `request` until the ledger hangs up or falls silent."""
        with self.connect() as connection:
            connection.settimeout(HEAD_SECONDS * 4)
            connection.sendall(request)
            return read_all(connection)

    def models(self) -> set[str]:
        """The models of all open incidents."""
        with self.client("auditor") as client:
            return {incident["model"] for incident in open_incidents(client)}

    @property
    def memory_bytes(self) -> int:
        """Resident memory at present."""
        return self._status("VmRSS")

    @contextmanager
    def memory_grows_by_at_most(self, megabytes: int) -> Iterator[None]:
        """Hold the highest resident memory within to what it was before."""
        before = self.memory_bytes
        Path(f"/proc/{self.serve.process.pid}/clear_refs").write_text("5")
        yield
        grown = (self._status("VmHWM") - before) / 2**20
        assert grown <= megabytes, f"memory grew by {grown:.0f} MB"

    @contextmanager
    def honest_senders(self, pause_seconds: float = 0.05) -> Iterator[list[str]]:
        """Have alerts posted meanwhile: each is answered with 200, soon, and is on record."""
        honest = _Honest(self, pause_seconds)
        thread = threading.Thread(target=honest.post)
        thread.start()
        try:
            yield honest.posted
        finally:
            honest.enough.set()
            thread.join()
        assert not honest.failures, honest.failures[:5]
        assert honest.posted
        assert set(honest.posted) <= self.models()

    def _status(self, name: str) -> int:
        text = Path(f"/proc/{self.serve.process.pid}/status").read_text()
        line = next(line for line in text.splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) * 1024


class _Honest:
    count = 0

    def __init__(self, attacked: Attacked, pause_seconds: float) -> None:
        self.attacked = attacked
        self.pause_seconds = pause_seconds
        self.enough = threading.Event()
        self.posted: list[str] = []
        self.failures: list[str] = []

    def post(self) -> None:
        """Until it is enough; each time on a connection of its own, as it would be after a cut."""
        while True:
            _Honest.count += 1
            model = f"honest{_Honest.count}"
            began = time.monotonic()
            try:
                # As told by a 503, and as Prometheus and Alertmanager do: again.
                while (status := self._post(model)) == 503:
                    if time.monotonic() - began > PROMISE_SECONDS:
                        break
                seconds = time.monotonic() - began
                if status != 200 or seconds > PROMISE_SECONDS:
                    self.failures.append(f"{status} after {seconds:.1f} s")
            except httpx.HTTPError as error:
                self.failures.append(repr(error))
            self.posted.append(model)
            if self.enough.wait(self.pause_seconds):
                return

    def _post(self, model: str) -> int:
        with self.attacked.client("prom") as client:
            alert = feed_alert(labels(model=model), datetime.now(UTC))
            return client.post("/feed/honest/api/v2/alerts", json=[alert]).status_code


def read_all(connection: socket.socket) -> bytes:
    """What arrives until the other side hangs up or falls silent."""
    found = b""
    try:
        while chunk := connection.recv(65_536):
            found += chunk
    except OSError:
        pass
    return found


@contextmanager
def attacked(folder: Path, *, prelude: str = IMPATIENT) -> Iterator[Attacked]:
    """A ledger with the tokens of `HOLDERS`, changed by `prelude` before it starts."""
    path = folder / "tokens"
    path.write_text(
        "".join(f"{who} {may} {digest(token_of(who))}\n" for who, may in HOLDERS.items())
    )
    build = write_build(folder / "build")
    stem: Sequence[str] = (sys.executable, "-c", prelude + MAIN, "serve")
    with Serve(build, folder / "ledger.db", "--tokens", str(path), stem=stem) as serve:
        yield Attacked(serve)
