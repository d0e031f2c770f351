"""``label_replace`` and ``label_join``: labels made of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from buckstop.language import Language, PatternError, Region, concatenation, only
from buckstop.language.domains import Domain, split_by_values
from buckstop.language.expansion import expand, matched_groups
from buckstop.language.patterns import engine_program
from buckstop.language.replacements import expansion
from buckstop.promql.domains.algebra import ANY_SERIES, bounded, narrowed
from buckstop.promql.domains.matchers import may_match, may_not_match

MAX_SPLIT: Final = 16
"""Values of the source label of ``label_replace`` that are told apart in one region."""


def replaced(operand: Domain, texts: Sequence[str], *, dot_newline: bool | None) -> Domain:
    """What ``label_replace`` makes of `operand`.

    Args:
        texts: the target label, the replacement, the source label and the pattern.
    """
    try:
        return bounded(
            part for here in operand for part in _replaced(here, texts, dot_newline=dot_newline)
        )
    except PatternError:
        # The server refuses it when the rule is evaluated, but not every version may.
        return ANY_SERIES


def joined(operand: Domain, texts: Sequence[str]) -> Domain:
    """What ``label_join`` makes of `operand`.

    Args:
        texts: the target label, the separator and the source labels.
    """
    target, separator, *sources = texts
    return bounded(here.replaced(target, _joined(here, separator, sources)) for here in operand)


def _replaced(here: Region, texts: Sequence[str], *, dot_newline: bool | None) -> Iterator[Region]:
    target, template, source, pattern = texts
    left_alone = narrowed(here, source, may_not_match(pattern, dot_newline=dot_newline))
    if left_alone is not None:
        yield left_alone
    changed = narrowed(here, source, may_match(pattern, dot_newline=dot_newline))
    if changed is None:
        return
    # Each value of the source is followed apart: the target that it comes to has no other.
    for part, values in split_by_values(changed, (source,), MAX_SPLIT):
        for version in (True, False) if dot_newline is None else (dot_newline,):
            if source in values:
                text = _expanded(values[source], pattern, template, dot_newline=version)
                if text is not None:
                    yield part.replaced(target, only(text))
            else:
                language = expansion(template, pattern, part.language(source), dot_newline=version)
                yield part.replaced(target, language)


def _expanded(value: str, pattern: str, template: str, *, dot_newline: bool) -> str | None:
    """What `template` comes to where `pattern` matches `value`; None where it does not."""
    found = engine_program(pattern, dot_newline=dot_newline).search(value)
    return None if found is None else expand(template, matched_groups(found))


def _joined(here: Region, separator: str, sources: Sequence[str]) -> Language:
    parts: list[Language] = []
    for source in sources:
        parts += (only(separator), here.language(source))
    return concatenation(parts[1:])
