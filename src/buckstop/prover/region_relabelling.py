"""What ``alert_relabel_configs`` make of a domain: the label sets that may be left of it.

Where the values of a step's source labels are listed, each is followed as
`buckstop.prometheus.relabelling` follows it for one alert. Else a region is told apart by whether
the step's pattern matches, and the step's target is widened to all that it may become.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from buckstop.document.versions import Version
from buckstop.language import EVERYTHING, Language, Region, Undecided, is_empty, matching, only
from buckstop.language.concatenation import concatenation
from buckstop.language.domains import Domain, narrowed, simplified, split_by_values
from buckstop.language.expansion import refers_to_groups
from buckstop.language.replacements import expansion
from buckstop.language.sets import between
from buckstop.prometheus.names import is_label_name
from buckstop.prometheus.relabelling import (
    DELETES_THE_EXPANDED,
    DOT_MATCHES_NEWLINE,
    Relabelling,
    assignment,
    keeps,
)
from buckstop.prometheus.versions import OLDEST
from buckstop.prover.relabelled_names import names_mapped, names_sifted, with_any_label

MAX_SPLIT: Final = 1_000
"""Combinations of the source labels' values that a step follows one by one in one region."""

MAX_REMAINDERS: Final = 1_000
"""Values of ``hashmod`` that are listed; where there may be more, any number is taken in."""

MAX_STATES: Final = 10_000
"""States that are visited to tell whether joined values can match; beyond, they may."""


def behaviours(version: Version | None) -> tuple[Version, ...]:
    """Versions that together relabel in all ways in which `version` may; None: any supported."""
    if version is None:
        return (OLDEST, DELETES_THE_EXPANDED, DOT_MATCHES_NEWLINE)
    if OLDEST < version < DELETES_THE_EXPANDED:
        # Somewhere in between the behaviour changed; only these two were measured.
        return (OLDEST, DELETES_THE_EXPANDED)
    return (version,)


def relabelled(
    domain: Domain,
    steps: Iterable[Relabelling],
    version: Version,
    mentioned: frozenset[str] = frozenset(),
) -> Domain:
    """The label sets that all `steps` may leave of those of `domain`; none where all are dropped.

    Args:
        version: Prometheus's, one of `behaviours`.
        mentioned: labels of which it matters whether a step on names drops them.
    """
    for step in steps:
        domain = simplified(
            after for here in domain for after in _after_step(here, step, version, mentioned)
        )
    return domain


def _after_step(
    here: Region, step: Relabelling, version: Version, mentioned: frozenset[str]
) -> Iterator[Region]:
    match step.action:
        case "labeldrop" | "labelkeep":
            yield names_sifted(here, step, version, mentioned)
        case "labelmap":
            yield from names_mapped(here, step, version, mentioned)
        case "keepequal" | "dropequal":
            for part, values in split_by_values(
                here, (*step.source_labels, step.target_label), MAX_SPLIT
            ):
                yield from _compared(part, step, values)
        case "keep" | "drop" | "replace" | "lowercase" | "uppercase" | "hashmod":
            for part, values in split_by_values(here, step.source_labels, MAX_SPLIT):
                yield from _by_sources(part, step, values, version, mentioned)
        case _:
            assert_never(step.action)


def _by_sources(
    here: Region,
    step: Relabelling,
    values: dict[str, str],
    version: Version,
    mentioned: frozenset[str],
) -> Iterator[Region]:
    if values.keys() >= set(step.source_labels):
        value = step.separator.join(values[name] for name in step.source_labels)
        assigned = assignment(step, value, version)
        if keeps(step, value, "", version):
            yield here if assigned is None else here.replaced(assigned[0], only(assigned[1]))
        return
    match step.action:
        case "keep" | "drop":
            matched, unmatched = _told_apart(here, step, values, version)
            left = matched if step.action == "keep" else unmatched
            yield from () if left is None else (left,)
        case "replace":
            matched, unmatched = _told_apart(here, step, values, version)
            yield from () if unmatched is None else (unmatched,)
            yield from () if matched is None else _replaced(matched, step, version, mentioned)
        case _:
            yield here.replaced(step.target_label, _computed(step, _joined(here, step)))


def _told_apart(
    here: Region, step: Relabelling, values: dict[str, str], version: Version
) -> tuple[Region | None, Region | None]:
    """What the step's pattern matches, and what it does not; the two may overlap."""
    pattern = matching(step.pattern, dot_newline=version >= DOT_MATCHES_NEWLINE)
    open_places = [place for place, name in enumerate(step.source_labels) if name not in values]
    if len(open_places) == 1:
        (place,) = open_places
        known = [values.get(name, "") for name in step.source_labels]
        before = "".join(value + step.separator for value in known[:place])
        after = "".join(step.separator + value for value in known[place + 1 :])
        fitting = between(before, pattern, after)
        name = step.source_labels[place]
        return narrowed(here, name, fitting), narrowed(here, name, ~fitting)
    joined = _joined(here, step)
    return (
        None if _is_surely_empty(joined & pattern) else here,
        None if _is_surely_empty(joined - pattern) else here,
    )


def _replaced(
    here: Region, step: Relabelling, version: Version, mentioned: frozenset[str]
) -> Iterator[Region]:
    """After a ``replace`` whose pattern matches."""
    joined = _joined(here, step)

    def expanded(template: str) -> Language:
        is_newline_matched = version >= DOT_MATCHES_NEWLINE
        return expansion(template, step.pattern, joined, dot_newline=is_newline_matched)

    text = expanded(step.replacement)
    if refers_to_groups(step.target_label):
        # Which label it sets, if any, hangs on the value.
        yield with_any_label(here, expanded(step.target_label), text, mentioned)
    elif is_label_name(step.target_label, version):
        yield here.replaced(step.target_label, text)
    else:
        yield here


def _computed(step: Relabelling, joined: Language) -> Language:
    """What the value of a target may be that is computed from all of `joined`."""
    match step.action:
        case "hashmod" if step.modulus <= MAX_REMAINDERS:
            return only(*map(str, range(step.modulus)))
        case "hashmod":
            return matching("[0-9]+")
        case "lowercase":
            computed = matching("[^A-Z]*")
        case _:
            computed = matching("[^a-z]*")
    return computed if "" in joined else computed - only("")


def _compared(here: Region, step: Relabelling, values: dict[str, str]) -> Iterator[Region]:
    """What is left of alerts by whether the target equals the joined sources."""
    target = step.target_label
    is_equal_kept = step.action == "keepequal"
    if step.source_labels == (target,):
        yield from (here,) if is_equal_kept else ()
        return
    joined = _joined(here, step)
    if is_equal_kept:
        equal = narrowed(here, target, joined)
        if equal is not None and len(step.source_labels) == 1:
            equal = narrowed(equal, step.source_labels[0], here.language(target))
        yield from () if equal is None else (equal,)
        return
    # Two texts differ surely where one of them is known: the other is then not that one.
    differing: Region | None = here
    if values.keys() >= set(step.source_labels):
        differing = narrowed(here, target, ~joined)
    elif target in values and len(step.source_labels) == 1:
        differing = narrowed(here, step.source_labels[0], ~only(values[target]))
    yield from () if differing is None else (differing,)


def _joined(here: Region, step: Relabelling) -> Language:
    """The values of the source labels, joined; more than those where they are no list."""
    parts: list[Language] = []
    for name in step.source_labels:
        if parts:
            parts.append(only(step.separator))
        parts.append(here.language(name))
    return concatenation(parts)


def _is_surely_empty(language: Language) -> bool:
    try:
        return language != EVERYTHING and is_empty(language, max_states=MAX_STATES)
    except Undecided:
        return False
