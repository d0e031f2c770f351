"""Measuring and printing, the same for every bench."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took.

    Attributes:
        wall_seconds: from start to end; other work on the machine makes it longer.
        processor_seconds: of all its threads, in user and system mode; it hardly does.
        peak_bytes: the most memory that it had at once.
    """

    wall_seconds: float
    processor_seconds: float
    peak_bytes: int


def spent_by(command: Sequence[str]) -> Spent:
    """Run `command` to its end, its output thrown away; exit statuses 0 and 1 are both fine.

    A child's peak is counted from its parent's size, so that ought to be small.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=True
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall_seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in {0, 1}, (command, process.returncode)
    # On Linux in kilobytes, on macOS in bytes.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Spent(wall_seconds, usage.ru_utime + usage.ru_stime, peak)


def seconds(
    work: Callable[[], object],
    runs: int = 5,
    *,
    before: Callable[[], object] = lambda: None,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """The median time that `work` takes, in seconds, after one run that is not counted.

    Args:
        before: what is done before each run, and not counted.
        clock: `time.process_time` for the processor's time, which other work hardly lengthens.
    """
    before()
    work()
    times = []
    for _ in range(runs):
        before()
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times)


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print figures as a Markdown table, fit for a note."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *rest = (
            cell.ljust(widths[0]) if i == 0 else cell.rjust(widths[i])
            for i, cell in enumerate(cells)
        )
        return f"| {' | '.join((first, *rest))} |"

    print(f"\n## {title}\n")
    print(line(head))
    print(f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    for row in rows:
        print(line(row))


def times(measured: float, base: float) -> str:
    """`measured` as a multiple of `base`."""
    return f"{measured / base:.2f} ×"
