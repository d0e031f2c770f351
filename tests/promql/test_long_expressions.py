"""Expressions as long as they may be, written to make a reader go back over them again and again.

Each has its answer in a moment. Read in a time that grows with the square of the length, one takes
minutes, and the test is ended.
"""

from __future__ import annotations

import time

import pytest

from buckstop.promql.domains.naming import labels_named
from buckstop.promql.features import uses
from buckstop.promql.outcomes import Expression, PromqlError
from buckstop.promql.parsing import MAX_LENGTH, parse


def filled(start: str, repeated: str, end: str = "") -> str:
    """As long as an expression may be: `start`, then `repeated` as often as it fits, `end`."""
    room = MAX_LENGTH - len(start) - len(end)
    return f"{start}{repeated * (room // len(repeated))}{end}"


@pytest.mark.parametrize(
    ("expr", "message", "start"),
    [
        (filled('up{job="', r"\""), "a quoted text has no end", 7),
        (filled("up{job='", r"\'"), "a quoted text has no end", 7),
        (filled('up{job=~"', r"\"a"), "a quoted text has no end", 8),
        (filled('"', '\\"\n'), "a quoted text has no end", 0),
        (filled("sum(`", "'"), "a quoted text has no end", 4),
        (filled("up == ", "1", "x"), "neither a number nor a duration", 6),
        (filled("up == 1_", "1", "x"), "neither a number nor a duration", 6),
        (filled("up == 1e400 + ", "1", "x"), "beyond 1.8e308", 6),
        (filled("up[", "5m", "x]"), "neither a number nor a duration", 3),
        (filled("up offset", " ", "x"), "expected a duration", MAX_LENGTH - 1),
        (filled('up{job="', "{", 'or"} or'), "unexpected end", MAX_LENGTH),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else None,
)
def test_a_long_fault_has_its_place(expr: str, message: str, start: int) -> None:
    """A check of a hostile rule file ends."""
    found = parse(expr)
    assert isinstance(found, PromqlError)
    assert message in found.message
    assert found.start == start


@pytest.mark.parametrize(
    ("expr", "features"),
    [
        (filled('up{job="', r"\"", '"}'), 0),
        (filled('up{job="', "{", 'or"}'), 0),
        (filled("up offset", " ", "5m"), 0),
        (filled("up offset", " ", "300"), 1),
        (filled("sum by (", "holt_winters, ", "a) (up)"), 0),
        (filled("sum by (", '"name", ', "a) (up)"), (MAX_LENGTH - 15) // 8),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else None,
)
def test_a_long_expression_is_looked_through(expr: str, features: int) -> None:
    """What a release lacks is found in the largest expression."""
    assert isinstance(parse(expr), Expression)
    assert len(list(uses(expr))) == features


@pytest.mark.parametrize("part", [" * ignoring(a) b", " + on(a) b", " or (b)"])
def test_a_chain_of_operators_is_walked_in_a_moment(part: str) -> None:
    """A sum of a few hundred series is nothing special, and its labels are asked for."""
    expr = f"up{part * 300}"
    parsed = parse(expr)
    assert isinstance(parsed, Expression)
    start = time.process_time()
    assert labels_named(parsed) <= {"a"}
    assert time.process_time() - start < 2


def test_a_hexadecimal_number_beyond_all_is_out_of_range() -> None:
    """Its fault is said at its place, like that of a decimal one."""
    found = parse(f"up[0x{'f' * 400}]")
    assert isinstance(found, PromqlError)
    assert (found.message, found.start, found.length) == ("the duration is out of range", 3, 402)
