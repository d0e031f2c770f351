"""What moves between two route trees, for all label sets that there can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from buckstop.language import ALL_LABEL_SETS, Region, only
from buckstop.language.domains import narrowed, simplified
from buckstop.prover.moves.alignment import Numbers
from buckstop.prover.moves.model import Move, Shown
from buckstop.prover.moves.outcomes import Outcome, Routing
from buckstop.prover.moves.paired_walk import Pair, PairedWalk


def route_moves(old: Routing, new: Routing) -> Iterator[Move]:
    """All that moves, in the order of the old tree; the regions are disjoint.

    Raises:
        Unwalked: if a pattern is beyond the limits of what can be decided, or too much moves.
    """
    numbers = Numbers()
    trees = numbers.tree(old, is_new=False), numbers.tree(new, is_new=True)
    for pair in PairedWalk(numbers, *trees).differences(ALL_LABEL_SETS):
        for region, before, after in _by_team(pair, old, new):
            if before != after:
                yield Move(region, confirmed(old, before, region), confirmed(new, after, region))


def confirmed(routing: Routing, outcome: Outcome, region: Region) -> Shown:
    """`outcome`, with an alert of `region` that the concrete router sends there."""
    witness = region.witness()
    told = Counter(routing.telling(match) for match in routing.router.route(witness))
    assert told == Counter(outcome.tellings), (
        "the walk with regions and the concrete walk must agree on the witness"
    )
    return Shown(outcome, tuple(sorted(witness.items())))


def _by_team(pair: Pair, old: Routing, new: Routing) -> Iterator[tuple[Region, Outcome, Outcome]]:
    """`pair` by the values of the team label by which it differs who answers before or after."""
    teams: dict[str, frozenset[str]] = {old.team_label: old.deciding_teams(pair.before)}
    known = teams.get(new.team_label, frozenset())
    teams[new.team_label] = known | new.deciding_teams(pair.after)
    parts: list[tuple[Region, dict[str, str]]] = [(pair.region, {})]
    for label, values in teams.items():
        parts = [
            (narrower, {**given, **more})
            for part, given in parts
            for narrower, more in _split(part, label, values)
        ]
    alike: dict[tuple[Outcome, Outcome], list[Region]] = {}
    for part, given in parts:
        before = old.outcome(pair.before, given.get(old.team_label))
        after = new.outcome(pair.after, given.get(new.team_label))
        alike.setdefault((before, after), []).append(part)
    for (before, after), regions in alike.items():
        for region in simplified(regions):
            yield region, before, after


def _split(
    region: Region, label: str, values: Iterable[str]
) -> Iterator[tuple[Region, dict[str, str]]]:
    """`region` with each of `values` of `label` that it has, and with all others."""
    language = region.language(label)
    known = [value for value in sorted(values) if value in language]
    for value in known:
        yield region.replaced(label, only(value)), {label: value}
    others = narrowed(region, label, ~only(*known)) if known else region
    if others is not None:
        yield others, {}
