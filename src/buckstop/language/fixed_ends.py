"""The text with which all that a pattern matches begins, and the one with which it ends.

Names of teams mostly differ in one of them, and then two patterns have no string in common.
"""

from __future__ import annotations

import functools
import itertools
from typing import Final, Literal, assert_never

from buckstop.language.expression import At, Chain, Choice, Expression, OneOf, Repeated
from buckstop.language.reading import expression_of
from buckstop.language.sets import Language, Matching
from buckstop.language.undecided import Undecided

Direction = Literal[1, -1]
"""From the start onwards, or from the end backwards."""

_ANY: Final = ("", False)


def are_disjoint(left: Language, right: Language) -> bool:
    """Whether two languages are seen to have no string in common; False where that is not seen."""
    if not isinstance(left, Matching) or not isinstance(right, Matching):
        return False
    if any(one.negated or one.before or one.after for one in (left, right)):
        return False
    return any(
        not one.startswith(other) and not other.startswith(one)
        for one, other in zip(_fixed_ends(left), _fixed_ends(right), strict=True)
    )


def fixed_start(language: Language) -> str:
    """A text with which every string of `language` begins; empty where none is seen."""
    if not isinstance(language, Matching) or language.negated or language.before:
        return ""
    return _fixed_ends(language)[0]


@functools.lru_cache(maxsize=10_000)
def _fixed_ends(language: Matching) -> tuple[str, str]:
    """What everything that the pattern matches begins with; what it ends with, backwards."""
    try:
        expression = expression_of(language.pattern, dot_newline=language.dot_newline)
    except Undecided:
        return "", ""
    return _fixed(expression, 1)[0], _fixed(expression, -1)[0]


def _fixed(expression: Expression, direction: Direction) -> tuple[str, bool]:
    """The text that comes first in `direction`, and whether nothing else can come after it."""
    match expression:
        case OneOf(characters):
            return (next(iter(characters)), True) if len(characters) == 1 else _ANY
        case At():
            return "", True
        case Chain(parts):
            texts: list[str] = []
            for part in parts[::direction]:
                text, is_all = _fixed(part, direction)
                texts.append(text)
                if not is_all:
                    return "".join(texts), False
            return "".join(texts), True
        case Choice(options):
            found = [_fixed(option, direction) for option in options]
            if all(one == found[0] for one in found):
                return found[0]
            return _common_start([text for text, _ in found]), False
        case Repeated(part, least, most):
            if least == 0:
                return _ANY
            text, is_all = _fixed(part, direction)
            return text, is_all and least == most == 1
        case _:
            assert_never(expression)


def _common_start(texts: list[str]) -> str:
    first, last = min(texts), max(texts)
    alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(letter for letter, _ in alike)
