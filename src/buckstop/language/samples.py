"""Strings that a language is quickly seen to have: not the shortest, but found without a search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from buckstop.language.expression import At, Chain, Choice, Expression, OneOf, Repeated
from buckstop.language.reading import expression_of
from buckstop.language.sets import Matching
from buckstop.language.undecided import Undecided

MORE: Final = ("", "a", "0", "-", "\n")
"""What may make a string that is in some languages one that is in others too."""

MAX_REPEATED: Final = 100
"""Counted repetitions of more than this have no sample."""


def samples(language: Matching) -> Iterator[str]:
    """Strings of `language`; each was held against the servers' own engine."""
    written = None if language.negated or language.before or language.after else _written(language)
    for text in MORE if written is None else (written + more for more in MORE):
        if text in language:
            yield text


def _written(language: Matching) -> str | None:
    """The text that takes the first and the least of all that the pattern leaves open."""
    try:
        return _first(expression_of(language.pattern, dot_newline=language.dot_newline))
    except Undecided:
        return None


def _first(expression: Expression) -> str | None:
    match expression:
        case OneOf(characters):
            return next(iter(characters), None)
        case At():
            return ""
        case Chain(parts):
            texts = [_first(part) for part in parts]
            known = [text for text in texts if text is not None]
            return "".join(known) if len(known) == len(texts) else None
        case Choice(options):
            return next((text for one in options if (text := _first(one)) is not None), None)
        case Repeated(part, least, _):
            text = _first(part) if 0 < least <= MAX_REPEATED else None
            return "" if least == 0 else None if text is None else text * least
        case _:
            assert_never(expression)
