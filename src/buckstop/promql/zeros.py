"""Durations of nothing: Prometheus takes ``0s`` as a number and as an offset, never as a range.

promql-parser takes no duration of nothing anywhere, and a range of the number 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from buckstop.promql.lexemes import Lexeme, lexemes

_ZERO: Final = re.compile(r"(?:0+(?:ms|[smhdwy]))+")
_PERHAPS: Final = re.compile(r"(?<![\w.])(?:0+(?:ms|[smhdwy])|[0.]+(?:[eExX]|\s*[\]:]))")
"""What an expression without a zero that matters has nowhere."""


def is_zero(duration: str) -> bool:
    """Whether a duration is of no length, as ``0s`` and ``0h0m`` are."""
    return _ZERO.fullmatch(duration) is not None


def empty_range(expr: str) -> Lexeme | None:
    """The first length of a range or step of a subquery that is nothing, which is refused."""
    return next((zero for zero, is_in_range in _zeros(expr) if is_in_range), None)


def without_zero_durations(expr: str) -> str:
    """`expr` with ``0`` and blanks for each duration of nothing, all else in its place."""
    for zero, is_in_range in _zeros(expr):
        if zero.kind == "duration" and not is_in_range:
            written = "0".ljust(len(zero.text))
            expr = f"{expr[: zero.start]}{written}{expr[zero.end :]}"
    return expr


def _zeros(expr: str) -> Iterator[tuple[Lexeme, bool]]:
    """Each duration of nothing and each number that is 0 in a range, and whether it is in one."""
    if _PERHAPS.search(expr) is None:
        return
    is_in_range = False
    for lexeme in lexemes(expr):
        if lexeme.kind == "mark" and lexeme.text in "[]":
            is_in_range = lexeme.text == "["
        elif lexeme.kind == "duration" and is_zero(lexeme.text):
            yield lexeme, is_in_range
        elif lexeme.kind == "number" and is_in_range and lexeme.seconds == 0:
            yield lexeme, True
