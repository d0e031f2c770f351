"""Child processes that cannot outlive the process that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from buckstop.servers.failures import ServerFailed

GRACE_SECONDS = 5.0
"""How long a child may take to end when asked, before it is killed."""
LOG_TAIL_LINES = 15

_GUARD = Path(__file__).with_name("guard.py")


class Child:
    """A program run under a guard (see ``guard.py``), its output appended to a log file.

    It is started by the constructor. It runs in a session of its own, so that Ctrl-C in a terminal
    reaches the parent only, which then stops its children in the order it wants.

    Attributes:
        name: for messages.
        pid: the program's process id.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        working_folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """Start it.

        Raises:
            ServerFailed: if the program cannot be run at all.
        """
        self.name = name
        self._log = log
        self._grace_seconds = grace_seconds
        self._log_start_bytes = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_GUARD), str(grace_seconds), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                cwd=working_folder,
                env=None if environment is None else dict(environment),
                start_new_session=True,
            )
        assert self._guard.stdout is not None
        with self._guard.stdout as report:
            said = report.readline().decode(errors="replace").strip()
        word, _, rest = said.partition(" ")
        if word != "pid":
            self.stop()
            raise ServerFailed(f"{name} cannot be started: {rest or self.output()}")
        self.pid = int(rest)

    @property
    def running(self) -> bool:
        """Whether the program has not ended."""
        return self._guard.poll() is None

    def stop(self) -> None:
        """Ask the program to end, kill it if it does not, and wait for that."""
        assert self._guard.stdin is not None
        if not self._guard.stdin.closed:
            self._guard.stdin.close()
        self._guard.wait(self._grace_seconds + 10)

    def kill(self) -> None:
        """End the program at once, as a crash would (SIGKILL), and wait for that."""
        if self.running:
            os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def output(self) -> str:
        """What the program has written since it was started."""
        with self._log.open("rb") as log:
            log.seek(self._log_start_bytes)
            return log.read().decode(errors="replace")

    def failure(self, what: str) -> ServerFailed:
        """An error that says `what`, with the last log lines."""
        tail = "\n".join(self.output().splitlines()[-LOG_TAIL_LINES:])
        return ServerFailed(f"{self.name} {what}. Its log ({self._log}) ends:\n{tail}")
