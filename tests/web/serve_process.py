"""``buckstop serve`` as a process of its own, which can be asked to end or be killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from buckstop.servers import await_until

START_SECONDS = 60
END_SECONDS = 60
STEM = (sys.executable, "-m", "buckstop", "serve")


class Serve:
    """One ``buckstop serve`` on a free port."""

    def __init__(self, build: Path, store: Path, *options: str, stem: Sequence[str] = STEM) -> None:
        self._port_file = store.with_name("port")
        self._port_file.unlink(missing_ok=True)
        self._log = store.with_name("serve.log")
        self.process = subprocess.Popen(
            command(build, store, "--port-file", str(self._port_file), *options, stem=stem),
            stderr=self._log.open("ab"),
        )
        try:
            self.url = await_until(self._address, START_SECONDS, "the ledger's port") or ""
        except BaseException:
            self.process.kill()
            raise
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    @property
    def log(self) -> str:
        """What it has written to its terminal."""
        return self._log.read_text()

    def kill(self) -> None:
        """End it as the kernel does when memory is out: at once, in the middle of anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(END_SECONDS)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(END_SECONDS)

    def _address(self) -> str | None:
        if self.process.poll() is not None:
            raise AssertionError(f"it ended with {self.process.returncode}: {self.log}")
        if not self._port_file.exists():
            return None
        return f"http://127.0.0.1:{self._port_file.read_text().strip()}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()
        self.process.kill()
        self.process.wait(END_SECONDS)


def command(build: Path, store: Path, *options: str, stem: Sequence[str] = STEM) -> Sequence[str]:
    """The command line; `stem` is how the command itself is called."""
    places = ["--build", str(build), "--store", str(store)]
    return [*stem, *places, "--listen", "127.0.0.1:0", *options]
