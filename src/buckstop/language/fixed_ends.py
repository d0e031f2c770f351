"""The text with which all that a pattern matches begins, and the one with which it ends.

Names of teams mostly differ in one of them, and then two patterns have no string in common.
"""

from __future__ import annotations

import functools
import itertools
from typing import Final, Literal, assert_never

from buckstop.language.compiled import can_begin_with
from buckstop.language.expression import At, Chain, Choice, Expression, OneOf, Repeated
from buckstop.language.reading import expression_of
from buckstop.language.sets import Finite, Language, Matching
from buckstop.language.undecided import Undecided

Direction = Literal[1, -1]
"""From the start onwards, or from the end backwards."""

_ANY: Final = ("", False)


def are_disjoint(left: Language, right: Language) -> bool:
    """Whether two languages are seen to have no string in common; False where that is not seen."""
    ends_of_left, ends_of_right = fixed_ends(left), fixed_ends(right)
    if are_apart(ends_of_left, ends_of_right):
        return True
    start_of_left, start_of_right = ends_of_left[0], ends_of_right[0]
    if len(start_of_left) == len(start_of_right):
        return False
    if len(start_of_left) < len(start_of_right):
        return _never_begins(left, start_of_right)
    return _never_begins(right, start_of_left)


def are_apart(left: tuple[str, str], right: tuple[str, str]) -> bool:
    """Whether no string has both fixed ends, as `fixed_ends` gives them."""
    (start, end), (other_start, other_end) = left, right
    can_start = start.startswith(other_start) or other_start.startswith(start)
    return not (can_start and (end.startswith(other_end) or other_end.startswith(end)))


def _never_begins(language: Language, start: str) -> bool:
    """Whether no string of `language` is seen to begin with `start`."""
    if not isinstance(language, Matching) or language.negated or language.before:
        return False
    try:
        return not can_begin_with(language, start)
    except Undecided:
        return False


def fixed_start(language: Language) -> str:
    """A text with which every string of `language` begins; empty where none is seen."""
    return fixed_ends(language)[0]


def fixed_ends(language: Language) -> tuple[str, str]:
    """What all strings of `language` begin with; what they end with, backwards.

    Both are empty where that is not seen.
    """
    if isinstance(language, Finite) and language.strings:
        strings = list(language.strings)
        return _common_start(strings), _common_start([text[::-1] for text in strings])
    if not isinstance(language, Matching) or language.negated:
        return "", ""
    return ("", "") if language.before or language.after else _ends(language)


@functools.lru_cache(maxsize=10_000)
def left_out_ends(language: Language) -> tuple[str, str]:
    """As `fixed_ends`, of all strings that `language` leaves out."""
    return fixed_ends(~language)


@functools.lru_cache(maxsize=10_000)
def _ends(language: Matching) -> tuple[str, str]:
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
