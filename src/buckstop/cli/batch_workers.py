"""A large batch answered by several processes, in the order of its lines.

What answers is made once and inherited by fork, so nothing is read twice. One process does it alone
elsewhere than on Linux, where there is one processor, and for few lines: the answers are the same.
"""

from __future__ import annotations

import io
import os
import signal
import stat
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from typing import IO, Final

from buckstop.cli.main import CommandFailed
from buckstop.cli.route_batch import Batch, Tally

BLOCK_LINES: Final = 4_000
"""Lines that one process is given at a time."""
FEW_LINES: Final = 3 * BLOCK_LINES
"""So many are answered before other processes would have begun."""
AHEAD: Final = 3
"""Blocks for each process that are read before the first of them is answered: memory is bounded."""

_Block = tuple[int, list[bytes]]
"""Lines that follow one another, and the number of the first."""

_inherited: list[Batch] = []
"""What answers, in a process that was forked for it."""


def answer(batch: Batch, lines: Iterator[bytes], processes: int) -> Iterator[bytes]:
    """The answers to `lines`, block by block; what came of them is added to ``batch.tally``.

    Args:
        processes: how many.

    Raises:
        CommandFailed: a process was killed.
    """
    yield from batch.answers(lines if processes < 2 else islice(lines, FEW_LINES))
    further = list(islice(lines, 1))
    if not further:
        return
    _inherited.append(batch)
    workers = ProcessPoolExecutor(processes, get_context("fork"), _begin)
    try:
        blocks = _blocks(chain(further, lines), FEW_LINES + 1)
        yield from _in_order(workers, blocks, batch.tally, AHEAD * processes)
    except BrokenProcessPool:
        raise CommandFailed(
            "a process that answered lines was killed, perhaps for want of memory; the answers "
            "stop here"
        ) from None
    finally:
        workers.shutdown(cancel_futures=True)
        _inherited.pop()


def processes_for(file: IO[bytes]) -> int:
    """One on each processor for the lines of a file; of a stream each is answered as it comes."""
    try:
        is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    except io.UnsupportedOperation:
        is_file = False
    return len(os.sched_getaffinity(0)) if is_file and sys.platform == "linux" else 1


def _begin() -> None:
    # Ctrl-C reaches every process of the terminal: the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _blocks(lines: Iterator[bytes], first: int) -> Iterator[_Block]:
    while block := list(islice(lines, BLOCK_LINES)):
        yield first, block
        first += BLOCK_LINES


def _in_order(
    workers: ProcessPoolExecutor, blocks: Iterable[_Block], tally: Tally, ahead: int
) -> Iterator[bytes]:
    waiting: deque[Future[tuple[bytes, Tally]]] = deque()
    for block in blocks:
        waiting.append(workers.submit(_answered, block))
        if len(waiting) >= ahead:
            yield _taken(waiting.popleft(), tally)
    while waiting:
        yield _taken(waiting.popleft(), tally)


def _taken(answered: Future[tuple[bytes, Tally]], tally: Tally) -> bytes:
    text, own = answered.result()
    tally.add(own)
    return text


def _answered(block: _Block) -> tuple[bytes, Tally]:
    """In another process: the answers to `block`, and what came of its lines alone."""
    first, lines = block
    batch = _inherited[0]
    batch.tally = Tally()
    return b"".join(batch.answers(lines, first)), batch.tally
