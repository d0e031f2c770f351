"""Languages: sets of strings, with the algebra of sets.

A language is a finite set, all but a finite set, what a pattern matches or does not, or a
combination of such. Most matchers on labels are of the first two forms, and need no automaton.
Complements are pushed inwards, so that combinations are of ``every`` and ``some`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, assert_never

from buckstop.language.patterns import compile_pattern


class _Algebra:
    """The operators of sets: ``&``, ``|``, ``-``, ``~`` and ``in``."""

    __slots__ = ()

    def __and__(self, other: Language) -> Language:
        return every((self, other))  # type: ignore[arg-type] # only languages inherit this

    def __or__(self, other: Language) -> Language:
        return ~(~self & ~other)

    def __sub__(self, other: Language) -> Language:
        return self & ~other

    def __invert__(self) -> Language:
        return _complement(self)  # type: ignore[arg-type] # only languages inherit this

    def __contains__(self, text: str) -> bool:
        return _contains(self, text)  # type: ignore[arg-type] # only languages inherit this


@dataclass(frozen=True, slots=True)
class Finite(_Algebra):
    """These `strings` and no others."""

    strings: frozenset[str]


@dataclass(frozen=True, slots=True)
class CoFinite(_Algebra):
    """All strings but those `excluded`."""

    excluded: frozenset[str]


@dataclass(frozen=True, slots=True)
class Matching(_Algebra):
    """What a pattern matches as a whole, as the servers' RE2 does; `negated`: what it does not.

    Attributes:
        dot_newline: whether ``.`` matches a newline: in Prometheus from 3.0, never in Alertmanager.
        before, after: what stands around a string when the pattern is held against it.
    """

    pattern: str
    dot_newline: bool
    negated: bool = False
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Every(_Algebra):
    """The strings that are in all `parts`."""

    parts: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class Some(_Algebra):
    """The strings that are in at least one of `parts`."""

    parts: tuple[Language, ...]


Language = Finite | CoFinite | Matching | Every | Some

EVERYTHING: Final = CoFinite(frozenset())
NOTHING: Final = Finite(frozenset())


def only(*strings: str) -> Finite:
    """The language of just these strings."""
    return Finite(frozenset(strings))


def between(before: str, language: Language, after: str) -> Language:
    """The strings that are in `language` when `before` and `after` stand around them."""
    match language:
        case Finite(strings):
            return Finite(_unframed(before, strings, after))
        case CoFinite(excluded):
            return CoFinite(_unframed(before, excluded, after))
        case Matching():
            return replace(language, before=language.before + before, after=after + language.after)
        case Every(parts):
            return every(between(before, one, after) for one in parts)
        case Some():
            return ~between(before, ~language, after)
        case _:
            assert_never(language)


def _unframed(before: str, strings: frozenset[str], after: str) -> frozenset[str]:
    return frozenset(
        text[len(before) : len(text) - len(after)]
        for text in strings
        if len(text) >= len(before) + len(after)
        and text.startswith(before)
        and text.endswith(after)
    )


def _contains(language: Language, text: str) -> bool:
    match language:
        case Finite(strings):
            return text in strings
        case CoFinite(excluded):
            return text not in excluded
        case Matching(pattern, dot_newline, negated, before, after):
            matches = compile_pattern(pattern, dot_newline=dot_newline)
            return matches(f"{before}{text}{after}") is not negated
        case Every(parts):
            return all(text in part for part in parts)
        case Some(parts):
            return any(text in part for part in parts)
        case _:
            assert_never(language)


def _complement(language: Language) -> Language:
    match language:
        case Finite(strings):
            return CoFinite(strings)
        case CoFinite(excluded):
            return Finite(excluded)
        case Matching(pattern, dot_newline, negated, before, after):
            return Matching(pattern, dot_newline, not negated, before, after)
        case Every(parts):
            return Some(tuple(~part for part in parts))
        case Some(parts):
            return Every(tuple(~part for part in parts))
        case _:
            assert_never(language)


def every(languages: Iterable[Language]) -> Language:
    """The strings that are in all `languages`; of many, quicker than ``&`` for each."""
    parts: dict[Language, None] = {}
    excluded: frozenset[str] = frozenset()
    finite: Finite | None = None
    for number, language in enumerate(languages):
        for part in factors(language):
            if isinstance(part, CoFinite):
                excluded |= part.excluded
            elif isinstance(part, Finite):
                finite = part if finite is None else Finite(finite.strings & part.strings)
            elif number > 0 and ~part in parts:  # the parts of one do not exclude each other
                return NOTHING
            else:
                parts[part] = None
    if finite is not None:
        return Finite(
            frozenset(
                text for text in finite.strings - excluded if all(text in part for part in parts)
            )
        )
    if excluded or not parts:
        parts[CoFinite(excluded)] = None
    return next(iter(parts)) if len(parts) == 1 else Every(tuple(parts))


def factors(language: Language) -> tuple[Language, ...]:
    """Languages whose common strings are those of `language`."""
    return language.parts if isinstance(language, Every) else (language,)
