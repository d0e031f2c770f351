"""All tokens of an expression, numbers, punctuation and what is none included.

`lexing` has the few that most passes need, and is quick; these are for finding what is wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from buckstop.promql.lexing import DURATION, NUMBER, STRING, UNTERMINATED

LexemeKind = Literal[
    "string", "unterminated", "word", "duration", "number", "malformed", "mark", "end"
]

_SHARED = rf"""
      (?P<comment>\#[^\n]*)
    | (?P<string>{STRING})
    | (?P<unterminated>{UNTERMINATED})
"""
_NUMBERS = rf"""
    | (?P<duration>{DURATION})(?![A-Za-z0-9_.])
    | (?P<number>{NUMBER})(?![A-Za-z0-9_.])
    | (?P<malformed>[0-9][A-Za-z0-9_.]*)
"""
_WORD = r"| (?P<word>[A-Za-z_][A-Za-z0-9_]*)"
_METRIC = r"| (?P<word>[A-Za-z_:][A-Za-z0-9_:]*)"
_OPERATORS = r"| (?P<mark>=~|!~|==|!=|<=|>=|\S)"
_MATCHERS = r"| (?P<mark>=~|!~|!=|\S)"
_SCANS: Final = {
    "": _SHARED + _METRIC + _NUMBERS + _OPERATORS,
    "[": _SHARED + _WORD + _NUMBERS + _OPERATORS,
    "{": _SHARED + _WORD + _NUMBERS + _MATCHERS,
}
"""What a colon is, or a second equals sign, depends on the bracket around it.

Compiled when it is first needed: only an expression with something wrong is taken apart.
"""


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token as written, with its place in the expression (in code points, from 0)."""

    kind: LexemeKind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The place behind it."""
        return self.start + len(self.text)

    @property
    def seconds(self) -> float:
        """A number where a duration stands; of another token, 0."""
        if self.kind != "number":
            return 0.0
        is_hexadecimal = self.text[:2].lower() == "0x"
        try:
            return float(int(self.text, 16) if is_hexadecimal else float(self.text))
        except OverflowError:
            return math.inf

    @property
    def word(self) -> str:
        """A word in lower case, as keywords are compared; of another token, nothing."""
        return self.text.lower() if self.kind == "word" else ""


def lexemes(expr: str) -> Iterator[Lexeme]:
    """The tokens of any text, comments left out; an empty one of kind ``end`` is the last.

    It stands right behind the last token, not behind the blanks and comments after that.
    """
    around = ""
    position = behind = 0
    while (match := re.compile(_SCANS[around], re.VERBOSE).search(expr, position)) is not None:
        kind = match.lastgroup
        assert kind is not None, "each alternative is named"
        position = match.end()
        if kind == "comment":
            continue
        behind = position
        yield Lexeme(kind, match.group(), match.start())  # type: ignore[arg-type] # the groups' names
        if kind == "mark" and match.group() in {"{", "["}:
            around = match.group()
        elif kind == "mark" and match.group() in {"}", "]"}:
            around = ""
    yield Lexeme("end", "", behind)
