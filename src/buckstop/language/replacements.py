"""What a replacement such as ``$1-team`` can come to, where its pattern matches."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from buckstop.language.concatenation import breaks_out, concatenation, stands_anywhere
from buckstop.language.expansion import Reference, template_parts
from buckstop.language.patterns import PatternError
from buckstop.language.reading import matching
from buckstop.language.regions import ABSENT
from buckstop.language.sets import EVERYTHING, Language, only

_TOKEN: Final = re.compile(
    r"(?P<skipped>\\Q.*?(?:\\E|\Z)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])"
    r"|(?P<flags>\(\?[imsU-]+[:)])"
    r"|(?P<open>\((?:\?:|\?P?<(?P<name>\w+)>)?)"
    r"|(?P<close>\)(?P<optional>\?|\*|\{0)?)"
    r"|(?P<choice>\|)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a pattern whose text can be referred to.

    Attributes:
        inner: the pattern between its parentheses.
        is_whole: whether it is all of the pattern.
        is_sure: whether it takes part in every match.
    """

    name: str | None
    inner: str
    is_whole: bool
    is_sure: bool


def expansion(template: str, pattern: str, value: Language, *, dot_newline: bool) -> Language:
    """The texts that `template` may come to where `pattern` matches one of `value`."""

    def language(part: str | Reference) -> Language:
        if isinstance(part, str):
            return only(part)
        if breaks_out(pattern):
            return EVERYTHING
        if part.group == 0:
            return value
        return _group_language(part, pattern, value, dot_newline=dot_newline)

    return concatenation([language(part) for part in template_parts(template)])


def _group_language(
    reference: Reference, pattern: str, value: Language, *, dot_newline: bool
) -> Language:
    groups = _groups(pattern)
    if groups is None:
        return EVERYTHING
    group = next(
        (
            group
            for number, group in enumerate(groups, 1)
            if reference.group in {number, group.name}
        ),
        None,
    )
    if group is None:
        return ABSENT
    if group.is_whole:
        return value
    if not stands_anywhere(group.inner, dot_newline=dot_newline):
        return EVERYTHING
    try:
        inner = matching(group.inner, dot_newline=dot_newline)
    except PatternError:
        return EVERYTHING
    return inner if group.is_sure else inner | ABSENT


@dataclass(slots=True)
class _Open:
    """A pair of parentheses being read, or the whole pattern.

    Attributes:
        captures: whether its text can be referred to.
        start, inner_start: where it opens, and what stands in it.
        inner_end: where it closes; the end of the pattern until it does.
        is_optional, has_choice: whether it, or one of its options, may take no part in a match.
    """

    around: _Open | None
    captures: bool
    name: str | None
    start: int
    inner_start: int
    inner_end: int
    is_optional: bool = False
    has_choice: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether it takes part in every match."""
        if self.is_optional:
            return False
        return self.around is None or (not self.around.has_choice and self.around.is_sure)


@functools.lru_cache(maxsize=1_000)
def _groups(pattern: str) -> tuple[Group, ...] | None:
    """The groups of `pattern` in the order of their numbers; None where flags change in it."""
    current = _Open(None, False, None, 0, 0, len(pattern))
    captures: list[_Open] = []
    for token in _TOKEN.finditer(pattern):
        if token["flags"]:
            return None
        if token["open"]:
            captures_text = not token["open"].endswith("?:")
            current = _Open(
                current, captures_text, token["name"], token.start(), token.end(), len(pattern)
            )
            if captures_text:
                captures.append(current)
        elif token["close"]:
            current.inner_end = token.start()
            current.is_optional = token["optional"] is not None
            assert current.around is not None, "the pattern does not break out of its group"
            current = current.around
        elif token["choice"]:
            current.has_choice = True
    return tuple(
        Group(
            one.name,
            pattern[one.inner_start : one.inner_end],
            is_whole=one.start == 0 and one.inner_end == len(pattern) - 1,
            is_sure=one.is_sure,
        )
        for one in captures
    )
