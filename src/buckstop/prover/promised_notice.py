"""Not silenced: whether an alert of others can keep a team from being told, by inhibition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from buckstop.alertmanager.model import AlertmanagerConfig, InhibitRule
from buckstop.language import Region, Undecided
from buckstop.prover.alert_kinds import always_fires, names_asked
from buckstop.prover.checks.subject import Answered
from buckstop.prover.inhibition_regions import Labels, conditions, decided_pair, inside
from buckstop.prover.model import (
    NOT_APPLICABLE,
    PROVEN,
    Judgement,
    Property,
    Verdict,
    with_promise,
)
from buckstop.prover.pieces import Piece, SentOf, pieces

MAX_PAIRS: Final = 20_000
"""Pairs of alerts that are compared for one inhibition rule; what lies beyond is not decided."""


@dataclass(frozen=True, slots=True)
class _Silenced:
    """Why a rule's alerts may be kept quiet, or why that is not known."""

    judgement: Judgement
    witness: Labels | None


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
    found: dict[int, _Silenced] = {}
    inhibit_rules = () if config is None else config.inhibit_rules
    try:
        sent = tuple(pieces(rules, frozenset(names_asked(inhibit_rules)), asked, sent_of))
        for inhibit_rule in inhibit_rules:
            for piece, silenced in _silenced(inhibit_rule, sent):
                earlier = found.get(id(piece.rule))
                if earlier is None or earlier.judgement.verdict is Verdict.UNKNOWN:
                    found[id(piece.rule)] = silenced
    except Undecided as undecided:
        unknown = _unknown(str(undecided))
        found = {id(one): unknown for one in rules}
    return tuple(_judged(one, found.get(id(one))) for one in rules)


def _judged(one: Answered, silenced: _Silenced | None) -> Answered:
    judged = PROVEN if silenced is None else silenced.judgement
    if not any(part.team is not None for part in one.parts):
        judged = NOT_APPLICABLE
    witness = None if silenced is None else silenced.witness
    return replace(one, answer=with_promise(one.answer, Property.NOT_SILENCED, judged, witness))


def _silenced(rule: InhibitRule, sent: Iterable[Piece]) -> Iterator[tuple[Piece, _Silenced]]:
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
                what = f"of {MAX_PAIRS:,} pairs of alerts, {_place(rule)}"
                yield from ((piece, _unknown(what)) for piece in alike)
                break
            pair = decided_pair(rule, firing, region)
            if pair is not None:
                silenced = _refuted(rule, source, fires=fires, pair=pair)
                yield from ((piece, silenced) for piece in alike)
                break


def _refuted(
    rule: InhibitRule, source: Piece, *, fires: bool, pair: tuple[Labels, Labels]
) -> _Silenced:
    whose = f"for which {source.team or 'nobody'} answers"
    if fires:
        whose = "which always fires"
    return _Silenced(
        Judgement(
            Verdict.REFUTED,
            f"nobody is told while {source.rule.rule.alert} fires, {whose} ({_place(rule)})",
            "silenced by others",
        ),
        pair[1],
    )


def _unknown(why: str) -> _Silenced:
    return _Silenced(
        Judgement(
            Verdict.UNKNOWN,
            f"not decided: whether alerts of others inhibit it is beyond the limits ({why})",
            "promise not decided",
        ),
        None,
    )


def _place(rule: InhibitRule) -> str:
    return f"inhibited by {rule.span.file}:{rule.span.line}"
