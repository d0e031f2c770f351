"""Children end with their parent, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from buckstop.servers import Child, ServerFailed, await_until

SLEEPER = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-I",
    "-S",
    "-c",
    """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
""",
]


def gone(pid: int) -> bool:
    """Whether no such process runs; one that nobody has waited for is gone all the same."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"


PARENT = """
import os
import sys
from pathlib import Path
from buckstop.servers import Child
child = Child("sleeper", {command!r}, log=Path({log!r}), grace_seconds=0.5)
print(child.pid, child._guard.pid, flush=True)
if {forks!r}:
    os.fork()  # Both hold the pipe now.
sys.stdin.read()
"""


Parent = tuple[subprocess.Popen[str], int, int]


def start_parent(folder: Path, *, forks: bool = False) -> Parent:
    """A process with a child: the process, the child's id, the guard's id."""
    code = PARENT.format(command=STUBBORN, log=str(folder / "log"), forks=forks)
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    child, guard = map(int, process.stdout.readline().split())
    return process, child, guard


@pytest.fixture
def parent(tmp_path: Path) -> Parent:
    """A process with a child that will not end when asked."""
    return start_parent(tmp_path)


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_parent_that_dies_takes_even_a_deaf_child_along(
    parent: Parent, signal_number: signal.Signals
) -> None:
    """No server is left behind on the user's machine, SIGKILL of its parent included."""
    process, child, guard = parent
    process.send_signal(signal_number)
    process.communicate(timeout=30)
    await_until(lambda: gone(child) and gone(guard), 30, "child and guard to be gone")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="PR_SET_PDEATHSIG is Linux's")
def test_a_guard_that_is_killed_takes_the_child_along(
    parent: Parent,
) -> None:
    """Not even the death of the guard itself leaves a server behind."""
    process, child, guard = parent
    os.kill(guard, signal.SIGKILL)
    await_until(lambda: gone(child), 30, "the child to be gone")
    process.communicate(timeout=30)


def test_a_fork_of_the_parent_does_not_keep_the_child_alive(tmp_path: Path) -> None:
    """A worker that a library forked holds the parent's pipes open; the server still ends."""
    process, child, guard = start_parent(tmp_path, forks=True)
    process.kill()
    await_until(lambda: gone(child) and gone(guard), 30, "child and guard to be gone")
    process.communicate(timeout=30)


def test_a_child_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    """A server started from a worker thread does not vanish when that thread ends."""
    started: list[Child] = []
    thread = threading.Thread(
        target=lambda: started.append(Child("sleeper", SLEEPER, log=tmp_path / "log"))
    )
    thread.start()
    thread.join()
    child = started[0]
    probe = subprocess.run([sys.executable, "-I", "-S", "-c", ""], check=False)
    assert probe.returncode == 0
    assert child.running
    child.stop()
    assert gone(child.pid)


def test_a_deaf_child_is_killed_after_its_grace(tmp_path: Path) -> None:
    """`stop` returns although the program ignores the request to end."""
    child = Child("deaf", STUBBORN, log=tmp_path / "log", grace_seconds=0.2)
    await_until(lambda: "deaf" in child.output(), 30, "the child to be deaf")
    child.stop()
    assert not child.running
    child.stop()


def test_a_program_that_cannot_run_is_named(tmp_path: Path) -> None:
    """A missing program is told apart from one that ends."""
    with pytest.raises(ServerFailed, match=r"nothing cannot be started.*No such file"):
        Child("nothing", [str(tmp_path / "none")], log=tmp_path / "log")


def test_output_is_that_of_this_start_only(tmp_path: Path) -> None:
    """An old run's message in the log file is not taken for this one's."""
    log = tmp_path / "log"
    log.write_text("address already in use\n")
    child = Child("talker", [sys.executable, "-c", "print('new')"], log=log)
    await_until(lambda: not child.running, 30, "the child to end")
    assert child.output() == "new\n"
    assert "address already in use" in log.read_text()
