"""Just enough of PromQL's tokens to tell strings, comments, operators and brackets apart.

The parser proper gives no positions, knows no backquoted strings and recurses without a limit; with
these tokens an expression is made fit for it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["string", "comment", "word", "operator", "opening", "other"]

_STRINGS = r"""
  "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | `[^`]*`
"""
_TOKEN = re.compile(
    rf"""
      (?P<string>{_STRINGS})
    | (?P<comment>\#[^\n]*)
    | (?P<word>[A-Za-z_:][A-Za-z0-9_:]*)
    | (?P<operator>=~|!~|==|!=|<=|>=|[-+*/%^<>=@])
    | (?P<opening>[(\[{{])
    """,
    re.VERBOSE,
)
# Alternatives that start with one character each let the engine skip to the next of them.
_PATTERN = re.compile(
    rf"""
      =~ (?:\s|\#[^\n]*+)*+ (?P<matched>{_STRINGS})
    | !~ (?:\s|\#[^\n]*+)*+ (?P<unmatched>{_STRINGS})
    | {_STRINGS}
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
