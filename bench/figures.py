"""Measuring and printing, the same for every bench."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """The median time that `work` takes, in seconds, after one run that is not counted."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
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
