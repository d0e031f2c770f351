"""One text after another: what is made of languages that follow each other."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Final, assert_never

from buckstop.language.expression import At, Chain, Choice, Expression, OneOf, Repeated
from buckstop.language.patterns import PatternError
from buckstop.language.reading import MAX_STRINGS, matching
from buckstop.language.sets import (
    EVERYTHING,
    NOTHING,
    CoFinite,
    Every,
    Finite,
    Language,
    Matching,
    Some,
    only,
)
from buckstop.language.syntax import Flags, read_expression
from buckstop.language.undecided import Undecided

MAX_ALTERNATIVES: Final = 200
"""Texts that a pattern lists; where there are more it takes any."""

_ANY: Final = "(?s:.*)"
_ANY_BUT_EMPTY: Final = "(?s:.+)"


def concatenation(parts: Sequence[Language]) -> Language:
    """Every text that is one of each part, in order; exact where all are listed.

    Of a part that is no list it may take in more texts than there are, never fewer.
    """
    if NOTHING in parts:
        return NOTHING
    around = [part for part in parts if part != only("")]
    if not around:
        return only("")
    if len(around) == 1:
        return around[0]
    listed = [part.strings for part in around if isinstance(part, Finite)]
    if len(listed) == len(around) and prod(map(len, listed)) <= MAX_STRINGS:
        return Finite(frozenset(map("".join, product(*listed))))
    patterns: list[str] = []
    for part in around:
        pattern = _pattern(part)
        if pattern != _ANY or patterns[-1:] != [_ANY]:
            patterns.append(pattern)
    if patterns == [_ANY]:
        return EVERYTHING
    try:
        return matching("".join(patterns))
    except PatternError:
        return EVERYTHING  # longer than patterns may be


def _pattern(language: Language) -> str:
    """What can stand in a longer pattern and matches all of `language`."""
    match language:
        case Finite(strings):
            if len(strings) > MAX_ALTERNATIVES:
                return _ANY if "" in strings else _ANY_BUT_EMPTY
            quoted = [quote(text) for text in sorted(strings)]
            return quoted[0] if len(quoted) == 1 else f"(?:{'|'.join(quoted)})"
        case CoFinite(excluded):
            return _ANY_BUT_EMPTY if "" in excluded else _ANY
        case Matching(pattern, dot_newline, negated, before, after):
            is_whole = not negated and before == after == ""
            if is_whole and stands_anywhere(pattern, dot_newline=dot_newline):
                return f"(?s:{pattern})" if dot_newline else f"(?-s:{pattern})"
            return _ANY if "" in language else _ANY_BUT_EMPTY
        case Every(parts):
            # Any one of them matches all that every one does; the first says what it is about.
            telling = (found for part in parts if (found := _pattern(part)) not in _OPEN)
            return next(telling, _ANY if "" in language else _ANY_BUT_EMPTY)
        case Some(parts):
            patterns = [_pattern(part) for part in parts]
            return _ANY if _ANY in patterns else f"(?:{'|'.join(patterns)})"
        case _:
            assert_never(language)


_OPEN: Final = (_ANY, _ANY_BUT_EMPTY)


def quote(text: str) -> str:
    """A pattern that matches `text` alone."""
    return re.escape(text)


def breaks_out(pattern: str) -> bool:
    """Whether `pattern` may close the group that anchors it, as ``a)|(?:b`` does."""
    try:
        read_expression(pattern, Flags())
    except Undecided:
        return True
    return False


@functools.lru_cache(maxsize=10_000)
def stands_anywhere(pattern: str, *, dot_newline: bool) -> bool:
    r"""Whether `pattern`, in a group, means in the middle of a text what it means of a whole one.

    One with positions does not, such as ``^a``; nor one that breaks out of its group, as
    ``a)|(?:b`` and ``\Qa`` do.
    """
    if r"\Q" in pattern:
        return False
    try:
        return not _has_positions(read_expression(pattern, Flags(dot_newline=dot_newline)))
    except Undecided:
        return False


def _has_positions(expression: Expression) -> bool:
    match expression:
        case OneOf():
            return False
        case At():
            return True
        case Chain(parts) | Choice(parts):
            return any(_has_positions(part) for part in parts)
        case Repeated(part):
            return _has_positions(part)
        case _:
            assert_never(expression)
