"""Which series a selector gives: those that rule files record, and any others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from buckstop.language import ALL_LABEL_SETS, Region, only
from buckstop.language.domains import Domain
from buckstop.language.sets import Finite
from buckstop.promql.domains.algebra import METRIC_NAME, bounded, narrowed
from buckstop.promql.domains.matchers import Matched

MAX_RECORDED: Final = 16
"""Recorded series that one selector is followed to; one that may select more selects anything."""


def selected(asked: Collection[Matched], recorded: Mapping[str, Domain]) -> Domain:
    """The series that are as `asked` says.

    Args:
        recorded: the domain of each series that rules record, by its name. No others of that name
            are taken to exist.
    """
    names = tuple(islice(selectable(asked, recorded), MAX_RECORDED + 1))
    if len(names) > MAX_RECORDED:
        names = ()
    sources = [here.replaced(METRIC_NAME, only(name)) for name in names for here in recorded[name]]
    sources.append(ALL_LABEL_SETS.replaced(METRIC_NAME, ~only(*names)))
    return bounded(part for here in sources if (part := _asked_of(here, asked)) is not None)


def selectable(asked: Collection[Matched], recorded: Collection[str]) -> Iterator[str]:
    """The names in `recorded` of the series that may be as `asked` says."""
    of_name = [language for label, language in asked if label == METRIC_NAME]
    names: Iterable[str] = recorded
    for language in of_name:
        if isinstance(language, Finite):
            names = sorted(name for name in language.strings if name in recorded)
            break
    return (name for name in names if all(name in language for language in of_name))


def _asked_of(here: Region, asked: Collection[Matched]) -> Region | None:
    part: Region | None = here
    for label, language in asked:
        if part is None:
            return None
        part = narrowed(part, label, language)
    return part
