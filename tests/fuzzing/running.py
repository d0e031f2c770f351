"""Readers given bad input, for a number of times or for hours."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from rich.console import Console
from tests.fuzzing.mutation import mutated
from tests.fuzzing.readers import FILE, Reader

from buckstop.diagnostics import Diagnostic, Span, github_annotations, render_terminal, to_sarif
from buckstop.diagnostics.source import source_lines
from buckstop.document import shown_text

SLOW_SECONDS = 10.0
"""Of processor time for one input, none larger than 64 KiB; more is a defect of its own."""
SHOWN_BYTES = 2_000
RENDERED_EVERY = 50
"""One input in so many has its findings rendered in every form as well."""
TOLD_EVERY_SECONDS = 60.0
"""A run is cut short now and then; what it had done by then counts all the same."""


@dataclass(slots=True)
class Tally:
    """What was run, by reader.

    Attributes:
        slowest: the longest that one input took, in seconds of processor time, and which it was.
        seconds: how long it ran.
        cut_short_at: the input that was being read when the run was interrupted, or None.
    """

    executions: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, str]] = field(default_factory=dict)
    crashes: list[str] = field(default_factory=list)
    seconds: float = 0
    cut_short_at: str | None = None


def execute(reader: Reader, data: bytes, *, rendered: bool = False) -> None:
    """Give `data` to `reader`. Raises whatever is no promised refusal, or AssertionError."""
    try:
        found = tuple(reader.read(data))
    except reader.refuses:
        return
    text = shown_text(data)
    lines = source_lines(text)
    for diagnostic in found:
        for span in _spans(diagnostic):
            if span.file == FILE:
                _check(span, lines, diagnostic)
    if rendered:
        render_terminal(found, {FILE: text}, Console(quiet=True))
        to_sarif(found, {FILE: text}, "0")
        assert not any(re.search("[\r\n]", line) for line in github_annotations(found))


def _spans(diagnostic: Diagnostic) -> Iterable[Span]:
    if diagnostic.span is not None:
        yield diagnostic.span
    for related in diagnostic.related:
        yield related.span


def _check(span: Span, lines: Sequence[str], diagnostic: Diagnostic) -> None:
    """Both ends lie in the text, the end not before the start."""
    assert (span.line, span.column) <= (span.end_line, span.end_column), diagnostic
    for line, column in ((span.line, span.column), (span.end_line, span.end_column)):
        assert 1 <= line <= len(lines), diagnostic
        assert 1 <= column <= len(lines[line - 1]) + 1, diagnostic


def fuzz(
    readers: Sequence[Reader],
    *,
    seed: int,
    rounds: int = 0,
    seconds: float = 0,
    tell: Callable[[Tally], None] | None = None,
) -> Tally:
    """Mutate and read, reader by reader in turn, until both `rounds` and `seconds` are over.

    The input of a round is made from the seed, the round and the reader's name alone, so that one
    crash is found again without all that came before it. KeyboardInterrupt ends a run early.

    Args:
        tell: called at the start and once in `TOLD_EVERY_SECONDS` with what was run by then.
    """
    tally = Tally()
    begin = told = time.monotonic()
    round_number = 0
    identity = "nothing yet"
    try:
        if tell is not None:
            tell(tally)
        while round_number < rounds or time.monotonic() < begin + seconds:
            for reader in readers:
                identity = f"{seed}:{round_number}:{reader.name}"
                _read_once(tally, reader, identity, rendered=round_number % RENDERED_EVERY == 0)
                tally.seconds = time.monotonic() - begin
                if tell is not None and time.monotonic() >= told + TOLD_EVERY_SECONDS:
                    told = time.monotonic()
                    tell(tally)
            round_number += 1
    except KeyboardInterrupt:
        tally.seconds = time.monotonic() - begin
        tally.cut_short_at = identity
    return tally


def _read_once(tally: Tally, reader: Reader, identity: str, *, rendered: bool) -> None:
    """Give the input that `identity` makes to `reader`, and count it."""
    data = mutated(reader.seeds, Random(identity))
    start = time.process_time()
    try:
        execute(reader, data, rendered=rendered)
    except Exception as error:
        tally.crashes.append(f"{identity}: {error!r}\n{data[:SHOWN_BYTES]!r}")
    spent = time.process_time() - start
    tally.executions[reader.name] += 1
    tally.slowest[reader.name] = max((spent, identity), tally.slowest.get(reader.name, (0.0, "")))
    if spent > SLOW_SECONDS:
        tally.crashes.append(f"{identity}: {spent:.1f} s\n{data[:SHOWN_BYTES]!r}")
