"""Just enough of PromQL's tokens to tell strings, comments, operators and brackets apart.

The parser proper gives no positions, knows no backquoted strings and recurses without a limit; with
these tokens an expression is made fit for it first.

Expressions are long and hostile at times. Each scan takes time in proportion to their length: no
repetition gives back what it took, and a quotation mark without its fellow takes the rest of its
line, so that no stretch is looked through once for every mark in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

TokenKind = Literal["string", "comment", "word", "operator", "opening", "unterminated"]

STRING: Final = r"""
  (?: "[^"\\\n]*+(?:\\.[^"\\\n]*+)*+" | '[^'\\\n]*+(?:\\.[^'\\\n]*+)*+' | `[^`]*+` )
"""
UNTERMINATED: Final = r"""
  (?: ["'][^\n]*+ | `[^`]*+ )
"""
"""What a quotation mark takes that begins no `STRING`."""

DURATION: Final = r"(?:[0-9]++(?:ms|[smhdwy]))++"
_DIGITS = "[0-9](?:_?[0-9])*+"
NUMBER: Final = (
    rf"(?:0[xX](?:_?[0-9a-fA-F])++"
    rf"|(?:{_DIGITS}(?:\.(?:{_DIGITS})?+)?+|\.{_DIGITS})(?:[eE][-+]?{_DIGITS})?+)"
)
"""Digits may stand in groups: ``1_000``."""

BRACKET_NEXT: Final = re.compile(r"\s*\(")
"""What stands behind the name of a function that is called."""

_TOKEN = re.compile(
    rf"""
      (?P<string>{STRING})
    | (?P<unterminated>{UNTERMINATED})
    | (?P<comment>\#[^\n]*)
    | (?P<word>[A-Za-z_:][A-Za-z0-9_:]*)
    | (?P<operator>=~|!~|==|!=|<=|>=|[-+*/%^<>=@])
    | (?P<opening>[(\[{{])
    """,
    re.VERBOSE,
)
_NUMBERS_APART = re.compile(
    rf"{STRING} | {UNTERMINATED} | \#[^\n]*+ | [A-Za-z_:][A-Za-z0-9_:]*+"
    rf"| (?P<number>{NUMBER})(?![A-Za-z0-9_.]) | [0-9][A-Za-z0-9_.]*+",
    re.VERBOSE,
)
_PERHAPS_TOO_LARGE = re.compile(r"[0-9][eE]\+?[0-9_]{3}|[0-9_.]{309}")
_GROUPED = re.compile("[0-9xX]_[0-9a-fA-F]")
# Alternatives that start with one character each let the engine skip to the next of them.
_PATTERN = re.compile(
    rf"""
      =~ (?:\s|\#[^\n]*+)*+ (?P<matched>{STRING})
    | !~ (?:\s|\#[^\n]*+)*+ (?P<unmatched>{STRING})
    | {STRING}
    | {UNTERMINATED}
    | \#[^\n]*
    """,
    re.VERBOSE,
)
_SET_OPERATORS = frozenset({"and", "or", "unless", "atan2"})


@dataclass(frozen=True, slots=True)
class Token:
    """A token as written, with its place in the expression (in code points, from 0)."""

    kind: TokenKind
    text: str
    start: int

    @property
    def nests(self) -> bool:
        """Whether the parser may go one level deeper for it."""
        return self.kind in {"operator", "opening"} or self.text.lower() in _SET_OPERATORS


def tokens(expr: str) -> Iterator[Token]:
    """The tokens of `expr`, numbers and punctuation left out; what is none is left out too."""
    position = 0
    while position < len(expr):
        match = _TOKEN.search(expr, position)
        if match is None:
            return
        kind = match.lastgroup
        assert kind is not None, "each alternative is named"
        yield Token(kind, match.group(), match.start())  # type: ignore[arg-type] # the groups' names
        position = match.end()


def patterns(expr: str) -> dict[int, str]:
    """The string literals that are regular expressions of matchers, each by where it starts."""
    if "~" not in expr:
        return {}
    return {
        found.start(found.lastgroup): found[found.lastgroup]
        for found in _PATTERN.finditer(expr)
        if found.lastgroup is not None
    }


def without_digit_groups(expr: str) -> str:
    """`expr` with ``1_000`` as ``1000``: newer versions of Prometheus read both."""
    if _GROUPED.search(expr) is None:
        return expr
    return _NUMBERS_APART.sub(
        lambda found: found[0] if found["number"] is None else found[0].replace("_", ""), expr
    )


def too_large(expr: str) -> tuple[int, str] | None:
    """The first number that no double can hold, and where it starts; the servers refuse it."""
    if _PERHAPS_TOO_LARGE.search(expr) is None:
        return None
    for found in _NUMBERS_APART.finditer(expr):
        number = found["number"]
        if number is not None and number[:2].lower() != "0x" and math.isinf(float(number)):
            return found.start(), number
    return None
