"""Domains: the label sets that there can be, as several regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from buckstop.language.regions import Region, region
from buckstop.language.sets import EVERYTHING, NOTHING, Finite, Language, only
from buckstop.language.undecided import Undecided

Domain = tuple[Region, ...]
"""The label sets of all its regions, which may overlap."""

MAX_REGIONS: Final = 1_000
"""A domain that would take more regions than this is widened to one."""

MAX_UNITED: Final = 50
"""Languages without a list of their strings; the union of more than this is taken as everything."""


def union(languages: Iterable[Language]) -> Language:
    """The strings of all `languages`, or more of them where that would be too long to say."""
    strings: set[str] = set()
    others: dict[Language, None] = {}
    for language in languages:
        if isinstance(language, Finite):
            strings |= language.strings
        else:
            others[language] = None
    if EVERYTHING in others or len(others) > MAX_UNITED:
        return EVERYTHING
    united: Language = Finite(frozenset(strings)) if strings else NOTHING
    for other in others:
        united = other if united == NOTHING else united | other
    return united


def is_bounded_openly(language: Language) -> bool:
    """Whether it leaves out some strings and yet does not list those that it has."""
    return language != EVERYTHING and not isinstance(language, Finite)


def narrowed(here: Region, name: str, language: Language) -> Region | None:
    """The part in which the label `name` has a value of `language`; None where that is empty.

    All of `here` where it cannot be told whether it is empty.
    """
    try:
        return here.narrowed(name, language)
    except Undecided:
        return here


def split_by_values(
    here: Region, names: Iterable[str], most: int
) -> Iterator[tuple[Region, dict[str, str]]]:
    """Parts of `here` in which labels among `names` have one value each, and these values.

    A label stays as it is where its language has no list, and where it would make more than
    `most` parts; those with the fewest values come first.
    """
    listed = {
        name: sorted(language.strings)
        for name in dict.fromkeys(names)
        if isinstance(language := here.language(name), Finite)
    }
    chosen: list[str] = []
    parts = 1
    for name in sorted(listed, key=lambda name: len(listed[name])):
        parts *= len(listed[name])
        if parts > most:
            break
        chosen.append(name)
    for values in product(*(listed[name] for name in chosen)):
        given = dict(zip(chosen, values, strict=True))
        part = here
        for name, value in given.items():
            part = part.replaced(name, only(value))
        yield part, given


def without(here: Region, others: Iterable[Region]) -> Domain:
    """The label sets of `here` that are in none of `others`; disjoint regions.

    Raises:
        Undecided: if it cannot be told whether some part is empty.
    """
    left = [here]
    for other in others:
        left = [piece for one in left for piece in _outside(one, other)]
    return tuple(left)


def _outside(here: Region, other: Region) -> Iterator[Region]:
    """The parts of `here` that are outside of `other`: by its first label, by its second, …"""
    assert other.others == EVERYTHING, "what it says nothing of may have any value"
    if here.intersection(other) is None:
        yield here
        return
    inside: Region | None = here
    for name, language in other.named:
        assert inside is not None, "it has label sets in common with the other"
        outside = inside.narrowed(name, ~language)
        if outside is not None:
            yield outside
        inside = inside.narrowed(name, language)


def simplified(regions: Iterable[Region]) -> Domain:
    """The same label sets in fewer regions, or one region around them where there are too many.

    Regions that differ in one label alone, whose values are listed in both, become one.
    """
    domain = tuple(dict.fromkeys(regions))
    if len(domain) > 1:
        for name in sorted({name for one in domain for name in one.names}):
            domain = _united_by(domain, name)
    return domain if len(domain) <= MAX_REGIONS else (hull(domain),)


def hull(regions: Iterable[Region]) -> Region:
    """The least region around all of `regions`, of which there is one at least."""
    given = tuple(regions)
    names = dict.fromkeys(name for one in given for name in one.names)
    return region(
        {name: union(one.language(name) for one in given) for name in names},
        union(one.others for one in given),
    )


def _united_by(domain: Domain, name: str) -> Domain:
    alike: dict[Region, list[Language]] = {}
    for one in domain:
        language = one.language(name)
        if isinstance(language, Finite):
            rest = Region(tuple(each for each in one.named if each[0] != name), one.others)
            alike.setdefault(rest, []).append(language)
    united = {rest: union(languages) for rest, languages in alike.items()}
    kept = (one for one in domain if not isinstance(one.language(name), Finite))
    return (*kept, *(rest.replaced(name, language) for rest, language in united.items()))
