"""Run one program and end it when the process that asked for it is gone, however it went.

Usage: ``python -I -S guard.py GRACE_SECONDS PROGRAM ARGUMENT…``

Standard input is a pipe that the asking process holds open and never writes to: its end means that
that process has closed it or died, SIGKILL included. Standard output reports one line,
``pid NUMBER`` or ``failed REASON``; the program itself writes to standard error. On Linux the
program also dies with this guard (PR_SET_PDEATHSIG), which has one thread only: the signal follows
the *thread* that forked, so an asking process with threads of its own cannot rely on it.

A file of its own, without imports from this project, so that it starts in milliseconds.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable

PARENT_CHECK_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


def _dying_with_parent() -> Callable[[], None] | None:
    """What the forked program must do first so that it dies with this process; None off Linux."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    guard = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != guard:
            os._exit(1)

    return ask


def _report(line: str) -> None:
    # If the asking process is gone, the closed pipe on standard input says so next.
    with contextlib.suppress(BrokenPipeError):
        os.write(1, f"{line}\n".encode())


def main(arguments: list[str]) -> int:
    """Run the program to its end; the exit status is the program's."""
    grace_seconds, *command = arguments
    asking = os.getppid()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=2,
            stderr=2,
            preexec_fn=_dying_with_parent(),  # noqa: PLW1509 - one thread, and no lock is held
        )
    except OSError as error:
        _report(f"failed {error}")
        return 127
    _report(f"pid {program.pid}")
    while program.poll() is None:
        ready, _, _ = select.select([0, woken], [], [], PARENT_CHECK_SECONDS)
        if woken in ready:
            os.read(woken, 512)
        if 0 in ready or stopping or os.getppid() != asking:
            _end(program, float(grace_seconds))
    return program.returncode


def _end(program: subprocess.Popen[bytes], grace_seconds: float) -> None:
    program.terminate()
    try:
        program.wait(grace_seconds)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.exit(status if status >= 0 else 128 - status)
