"""Large batches: several processes answer, and nothing but the time tells."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from buckstop.alertmanager import Router, read
from buckstop.cli.batch_workers import AHEAD, BLOCK_LINES, FEW_LINES, answer, processes_for
from buckstop.cli.main import CommandFailed
from buckstop.cli.route_answer import Answerer, Routes
from buckstop.cli.route_batch import Batch
from buckstop.prover.given import Given
from buckstop.prover.grounds import answers_on

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not fork")

ROUTES = """
route:
  receiver: rest
  routes: [{matchers: ['team="a"'], receiver: a}]
receivers: [{name: rest}, {name: a}]
"""


def batch(kind: type[Batch] = Batch) -> Batch:
    config, _ = read(ROUTES, "alertmanager.yml")
    assert config is not None
    answers, _ = answers_on(Given((), config))
    routes = Routes(config, Router(config), answers.ownership, answers.team_label)
    return kind(Answerer(routes, None, ()), "labels.jsonl")


def lines(count: int) -> Iterator[bytes]:
    for number in range(1, count + 1):
        line = {"labels": {"team": "ab"[number % 2], "n": str(number)}, "expect": ["a"]}
        yield b"broken\n" if number % 977 == 0 else json.dumps(line).encode() + b"\n"


def test_several_processes_answer_as_one_does() -> None:
    """The same answers in the same order, the same counts, and the same first findings."""
    count = FEW_LINES + 3 * BLOCK_LINES + 17
    alone, together = batch(), batch()
    expected = b"".join(answer(alone, lines(count), processes=1))
    assert b"".join(answer(together, lines(count), processes=2)) == expected
    assert together.tally == alone.tally
    assert together.tally.broken == count // 977
    assert together.tally.unexpected > FEW_LINES / 3
    assert [one.span.line for one in together.tally.findings if one.span][:3] == [1, 3, 5]


def test_no_more_is_read_ahead_than_the_processes_need() -> None:
    """A stream of any length is answered in bounded memory."""
    read_so_far = 0

    def counted() -> Iterator[bytes]:
        nonlocal read_so_far
        for line in lines(40 * BLOCK_LINES):
            read_so_far += 1
            yield line

    answers = answer(batch(), counted(), processes=2)
    first = list(islice(answers, FEW_LINES))
    assert (len(first), read_so_far) == (FEW_LINES, FEW_LINES)
    next(answers)
    assert read_so_far <= FEW_LINES + (2 * AHEAD + 1) * BLOCK_LINES


def test_a_stream_is_answered_as_it_comes(tmp_path: Path) -> None:
    """Whoever writes a line into a pipe and waits for its answer is not kept waiting for more."""
    path = tmp_path / "labels.jsonl"
    path.write_bytes(b"{}")
    reading, writing = os.pipe()
    with path.open("rb") as file, os.fdopen(reading, "rb") as stream:
        assert processes_for(file) == len(os.sched_getaffinity(0))
        assert processes_for(stream) == 1
    os.close(writing)


class _Killed(Batch):
    parent = os.getpid()

    def answers(self, lines: Iterable[bytes], first: int = 1) -> Iterator[bytes]:
        """End as the kernel ends what takes too much memory."""
        if os.getpid() != self.parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().answers(lines, first)


def test_a_process_that_is_killed_is_no_silent_end() -> None:
    """Whoever counts the answers learns that some are missing."""
    with pytest.raises(CommandFailed, match="was killed"):
        list(answer(batch(_Killed), lines(FEW_LINES + 1), 2))
