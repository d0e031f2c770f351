"""Not silenced: whether an alert of others can keep a team from being told, by inhibition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from buckstop.alertmanager.model import AlertmanagerConfig, InhibitRule
from buckstop.language import Region
from buckstop.prover.alert_kinds import always_fires, names_asked
from buckstop.prover.checks.subject import Answered
from buckstop.prover.inhibition_regions import Labels, conditions, decided_pair, inside
from buckstop.prover.model import (
    Judgement,
    Property,
    Verdict,
)
from buckstop.prover.pieces import (
    Broken,
    Piece,
    SentOf,
    pieces,
    promise_undecided,
    with_promised,
)

QUESTION: Final = "whether alerts of others silence it"
MAX_PAIRS: Final = 20_000
"""Pairs of alerts that are compared for one inhibition rule; what lies beyond is not decided."""


def unless_silenced(
    rules: Sequence[Answered],
    config: AlertmanagerConfig | None,
    asked: frozenset[str],
    sent_of: SentOf,
) -> tuple[Answered, ...]:
    """`rules` with the property *not silenced*.

    It is refuted where an alert for which another team or nobody answers, or one that always
    fires, inhibits an alert of the rule: of the rules at hand, pair by pair, over all label sets
    that they can send.

    Args:
        asked: the labels by which the parts of rules are told apart.
    """
    inhibit_rules = () if config is None else config.inhibit_rules

    def silenced() -> Iterator[tuple[Piece, Broken]]:
        names = frozenset(names_asked(inhibit_rules))
        sent = tuple(pieces(rules, names, asked, sent_of)) if names else ()
        for inhibit_rule in inhibit_rules:
            yield from _silenced(inhibit_rule, sent)

    return with_promised(rules, Property.NOT_SILENCED, silenced(), QUESTION)


def _silenced(rule: InhibitRule, sent: Iterable[Piece]) -> Iterator[tuple[Piece, Broken]]:
    """The pieces of which alerts may be inhibited by `rule`; one may come more than once."""
    asked, aimed = conditions(rule.source), conditions(rule.target)
    sources: dict[tuple[str | None, bool, Region], Piece] = {}
    targets: dict[tuple[str | None, Region], list[Piece]] = {}
    for piece in sent:
        if inside(piece.region, asked) is not None:
            fires = always_fires(piece.rule.rule)
            sources.setdefault((piece.team, fires, piece.region), piece)
        if piece.team is not None and inside(piece.region, aimed) is not None:
            targets.setdefault((piece.team, piece.region), []).append(piece)
    compared = 0
    for (team, region), alike in targets.items():
        for (other, fires, firing), source in sources.items():
            if other == team and not fires:
                continue
            compared += 1
            if compared > MAX_PAIRS:
                beyond = f"{QUESTION} is beyond the limits ({MAX_PAIRS:,} pairs; {_place(rule)})"
                yield from ((piece, promise_undecided(beyond)) for piece in alike)
                break
            pair = decided_pair(rule, firing, region)
            if pair is not None:
                silenced = _refuted(rule, source, fires=fires, pair=pair)
                yield from ((piece, silenced) for piece in alike)
                break


def _refuted(
    rule: InhibitRule, source: Piece, *, fires: bool, pair: tuple[Labels, Labels]
) -> Broken:
    whose = f"for which {source.team or 'nobody'} answers"
    if fires:
        whose = "which always fires"
    return Broken(
        Judgement(
            Verdict.REFUTED,
            f"nobody is told while {source.rule.rule.alert} fires, {whose} ({_place(rule)})",
            "silenced by others",
        ),
        pair[1],
    )


def _place(rule: InhibitRule) -> str:
    return f"inhibited by {rule.span.file}:{rule.span.line}"
