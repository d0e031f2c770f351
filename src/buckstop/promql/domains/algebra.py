"""Operations on the label sets that an expression may give.

Every operation here gives at least the label sets that it speaks of, and more where that is
shorter to say: what is concluded of a domain must hold for all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from buckstop.language import (
    ABSENT,
    ALL_LABEL_SETS,
    EVERYTHING,
    Language,
    Region,
    Undecided,
    is_empty,
    region,
)
from buckstop.language.domains import Domain, hull, simplified
from buckstop.language.sets import CoFinite, Every, Finite, Some

METRIC_NAME: Final = "__name__"

ANY_SERIES: Final[Domain] = (ALL_LABEL_SETS,)
ANY_LABELS: Final[Domain] = (region({METRIC_NAME: ABSENT}),)
"""What an alert may have of which nothing is known: any labels, but no metric's name."""
NO_LABELS: Final[Domain] = (region({}, ABSENT),)
"""What has no labels at all, as ``vector(1)``."""

MAX_REGIONS: Final = 32
"""Regions of one domain; more become one that has them all."""

MAX_PARTS: Final = 64
"""Patterns and sets that one language is made of; a language of more is taken as any value."""

MAX_STATES: Final = 10_000
"""States for the question whether two languages have something in common; beyond, they may."""


def bounded(regions: Iterable[Region]) -> Domain:
    """The domain of `regions`; one region around them where they are many."""
    found = simplified(regions)
    if ALL_LABEL_SETS in found:
        return ANY_SERIES
    if len(found) <= MAX_REGIONS:
        return found
    around = hull(found)
    languages = ((name, _if_short(language)) for name, language in around.named)
    return (region(dict(languages), around.others),)


def common(left: Language, right: Language) -> Language | None:
    """What is in both, `left` not being empty; None where that is nothing."""
    both = left & right
    if both == left:
        return both
    match both:
        case Finite(strings):
            return both if strings else None
        case CoFinite():
            return both
    if _size(both) > MAX_PARTS:
        return left
    try:
        return None if is_empty(both, max_states=MAX_STATES) else both
    except Undecided:
        return left


def narrowed(here: Region, name: str, language: Language) -> Region | None:
    """The part of `here` in which the label `name` has a value of `language`."""
    both = common(here.language(name), language)
    return None if both is None else here.replaced(name, both)


def kept(here: Region, names: Collection[str]) -> Region:
    """`here` without any label but `names`."""
    return region({name: here.language(name) for name in names}, ABSENT)


def removed(here: Region, names: Iterable[str]) -> Region:
    """`here` without the labels `names`."""
    return region({**dict(here.named), **dict.fromkeys(names, ABSENT)}, here.others)


def unnamed(domain: Domain) -> Domain:
    """`domain` without metric names, or with them.

    What changes a value drops the name of the series: at once, or, with the feature flag
    ``promql-delayed-name-removal``, not before the end.
    """
    return bounded(
        here.replaced(METRIC_NAME, here.language(METRIC_NAME) | ABSENT) for here in domain
    )


def _if_short(language: Language) -> Language:
    return language if _size(language) <= MAX_PARTS else EVERYTHING


def _size(language: Language) -> int:
    match language:
        case Every(parts) | Some(parts):
            return sum(_size(part) for part in parts)
        case _:
            return 1
