"""Relabelling steps that act on labels by their names, made on a region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from buckstop.document.versions import Version
from buckstop.language import ABSENT, EVERYTHING, NOTHING, Language, Region, matching, only, region
from buckstop.language.concatenation import breaks_out, concatenation
from buckstop.language.domains import split_by_values, union
from buckstop.language.expansion import template_parts
from buckstop.language.sets import Finite
from buckstop.prometheus.relabelling import DOT_MATCHES_NEWLINE, Relabelling, mapped_name, matches

MAX_SPLIT: Final = 1_000
"""Combinations of values of the labels that are copied, followed one by one in one region."""


def names_sifted(
    here: Region, step: Relabelling, version: Version, mentioned: Iterable[str]
) -> Region:
    """After ``labeldrop`` or ``labelkeep``."""
    listed = _listed_names(step, version)
    languages: dict[str, Language] = {}
    for name in (*here.names, *mentioned, *(listed or ())):
        is_left = matches(step, name, version) is (step.action == "labelkeep")
        languages[name] = here.language(name) if is_left else ABSENT
    if listed is None:
        # Of the labels without a language of their own some are dropped, and some are left.
        return region(languages, here.others | ABSENT)
    return region(languages, ABSENT if step.action == "labelkeep" else here.others)


def names_mapped(
    here: Region, step: Relabelling, version: Version, mentioned: Iterable[str]
) -> Iterator[Region]:
    """After ``labelmap``, which copies labels under other names."""
    listed = _listed_names(step, version)
    copied = {
        name: mapped_name(step, name, version)
        for name in dict.fromkeys((*here.names, *(listed or ())))
        if here.language(name) != ABSENT and matches(step, name, version)
    }
    unnamed = here.others - ABSENT if listed is None else NOTHING
    targets = _targets(step) if unnamed != NOTHING else NOTHING
    for part, _ in split_by_values(here, copied, MAX_SPLIT):
        languages = {name: part.language(name) for name in (*part.names, *mentioned)}
        for target in dict.fromkeys((*copied.values(), *languages)):
            # Several copies under one name: the last one stays, and the order is not followed.
            copies = [part.language(name) for name, copy in copied.items() if copy == target]
            after = union(copy - ABSENT for copy in copies)
            if all("" in copy for copy in copies):
                after = union((after, part.language(target)))
            languages[target] = union((after, unnamed)) if target in targets else after
        yield region(languages, part.others)


def with_any_label(
    here: Region, names: Language, text: Language, mentioned: Iterable[str]
) -> Region:
    """After a step that sets a label of `names`, it is not known which, to one of `text`."""
    languages = {
        name: here.language(name) | text if name in names else here.language(name)
        for name in (*here.names, *mentioned)
    }
    return region(languages, here.others | text)


def _listed_names(step: Relabelling, version: Version) -> frozenset[str] | None:
    """The names that the step's pattern matches; None where they are no list."""
    pattern = matching(step.pattern, dot_newline=version >= DOT_MATCHES_NEWLINE)
    return pattern.strings if isinstance(pattern, Finite) else None


def _targets(step: Relabelling) -> Language:
    """The names under which ``labelmap`` may copy a label."""
    if breaks_out(step.pattern):
        return EVERYTHING
    parts = template_parts(step.replacement)
    return concatenation([only(part) if isinstance(part, str) else EVERYTHING for part in parts])
