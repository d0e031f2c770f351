"""A pattern as a language."""

from __future__ import annotations

import functools
from itertools import product
from typing import Final, assert_never

from buckstop.language.characters import ANY_CHARACTER
from buckstop.language.expression import At, Chain, Choice, Expression, OneOf, Repeated
from buckstop.language.patterns import compile_pattern, listed_values
from buckstop.language.sets import EVERYTHING, Finite, Language, Matching, only
from buckstop.language.syntax import Flags, read_expression
from buckstop.language.undecided import Undecided

MAX_STRINGS: Final = 1_000
"""A pattern that matches no more strings than this is taken as the set of them."""

_ANYTHING: Final = Repeated(OneOf(ANY_CHARACTER), 0, None)


_OF_ANYTHING: Final = {".*": EVERYTHING, "(.*)": EVERYTHING, ".+": ~only(""), "(.+)": ~only("")}
"""Patterns of any value at all, and of any but the empty one, where ``.`` matches a newline."""


@functools.lru_cache(maxsize=10_000)
def matching(pattern: str, *, dot_newline: bool = False) -> Language:
    """What `pattern` matches as a whole.

    Args:
        dot_newline: whether ``.`` matches a newline: in Prometheus from 3.0.

    Raises:
        PatternError: if the servers' own engine refuses it.
    """
    choice = listed_values(pattern)
    if choice is not None:
        return Finite(choice)
    # Languages that are the same should be equal: a pattern without a dot is none of two kinds.
    dot_newline = dot_newline and "." in pattern
    if dot_newline and pattern in _OF_ANYTHING:
        return _OF_ANYTHING[pattern]
    compile_pattern(pattern, dot_newline=dot_newline)
    try:
        strings = _strings(expression_of(pattern, dot_newline=dot_newline))
    except Undecided:
        strings = None
    return Matching(pattern, dot_newline) if strings is None else Finite(strings)


@functools.lru_cache(maxsize=10_000)
def expression_of(pattern: str, *, dot_newline: bool) -> Expression:
    """The tree of what the servers make of `pattern` by anchoring it.

    Raises:
        Undecided: for syntax that is not known, or nested too deep.
    """
    try:
        return _without_anchors(read_expression(pattern, Flags(dot_newline=dot_newline)))
    except Undecided:
        # One such as ``a)|(?:b`` escapes from the group that anchors it: the anchors then hold
        # for its ends alone, and anything may stand around what it finds.
        anchored = f"^(?s:{pattern})$" if dot_newline else f"^(?:{pattern})$"
        return Chain((_ANYTHING, read_expression(anchored, Flags()), _ANYTHING))


def _without_anchors(expression: Expression) -> Expression:
    """The anchors at the ends that people add, and that say nothing, taken away."""
    if not isinstance(expression, Chain):
        return expression
    parts = expression.parts
    while parts and parts[0] == At("text_start"):
        parts = parts[1:]
    while parts and parts[-1] == At("text_end"):
        parts = parts[:-1]
    return parts[0] if len(parts) == 1 else Chain(parts)


def _strings(expression: Expression) -> frozenset[str] | None:
    """All that `expression` matches, if that is few; else None."""
    match expression:
        case OneOf(characters):
            return frozenset(characters) if len(characters) <= MAX_STRINGS else None
        case At():
            return None
        case Choice(options):
            return _union(options)
        case Chain(parts):
            texts: frozenset[str] | None = frozenset({""})
            for part in parts:
                texts = _followed(texts, _strings(part))
            return texts
        case Repeated(part, least, most):
            return _repeated(_strings(part), least, most)
        case _:
            assert_never(expression)


def _union(options: tuple[Expression, ...]) -> frozenset[str] | None:
    union: set[str] = set()
    for option in options:
        strings = _strings(option)
        if strings is None or len(union) + len(strings) > MAX_STRINGS:
            return None
        union |= strings
    return frozenset(union)


def _repeated(part: frozenset[str] | None, least: int, most: int | None) -> frozenset[str] | None:
    if part is None or most is None:
        return None
    texts: frozenset[str] | None = frozenset({""})
    union: set[str] = set(texts or ()) if least == 0 else set()
    for count in range(1, most + 1):
        texts = _followed(texts, part)
        if texts is None:
            return None
        if count >= least:
            union |= texts
        if len(union) > MAX_STRINGS:
            return None
    return frozenset(union)


def _followed(heads: frozenset[str] | None, tails: frozenset[str] | None) -> frozenset[str] | None:
    if heads is None or tails is None or len(heads) * len(tails) > MAX_STRINGS:
        return None
    return frozenset(head + tail for head, tail in product(heads, tails))
