"""Moves grouped by their cause: twelve alerts that move alike are one thing to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from buckstop.prover.model import Verdict
from buckstop.prover.moves.model import ChangedRule, JudgedRule, Move
from buckstop.prover.moves.outcomes import Outcome, Timing

Kind = Literal["team", "receivers", "timing", "sent", "not sent", "added", "removed", "verdict"]
"""What is other: who answers, else who is told, else when; or that there is anything to tell."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What is other, the same for all moves of one cause.

    Attributes:
        teams_before, teams_after: who answers.
        receivers_before, receivers_after: who is told; empty where the teams say enough.
        timings_before, timings_after: when; empty unless that alone is other.
        verdicts: before and after, where that alone is other.
    """

    kind: Kind
    teams_before: tuple[str, ...] = ()
    teams_after: tuple[str, ...] = ()
    receivers_before: tuple[str, ...] = ()
    receivers_after: tuple[str, ...] = ()
    timings_before: tuple[Timing, ...] = ()
    timings_after: tuple[Timing, ...] = ()
    verdicts: tuple[Verdict, Verdict] | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """One move, or a rule that changes as a whole.

    Attributes:
        rule: None where routes are compared for all label sets.
        move: None where the rule changes as a whole.
    """

    rule: ChangedRule | None
    move: Move | None


@dataclass(frozen=True, slots=True)
class Group:
    """All that moves for one cause."""

    cause: Cause
    instances: tuple[Instance, ...]

    @property
    def count(self) -> int:
        """Of rules, each once; of regions where there are no rules."""
        rules = {id(one.rule) for one in self.instances if one.rule is not None}
        return len(rules) or len(self.instances)


def groups_of_rules(changed: Iterable[ChangedRule]) -> tuple[Group, ...]:
    """The rules that change, by cause; those that concern the most come first within a kind."""
    return _grouped(pair for one in changed for pair in _of_rule(one))


def groups_of_routes(moves: Iterable[Move]) -> tuple[Group, ...]:
    """The moves between two route trees, by cause."""
    return _grouped((cause_of(move), Instance(None, move)) for move in moves)


def _of_rule(changed: ChangedRule) -> Iterator[tuple[Cause, Instance]]:
    before, after = changed.before, changed.after
    if before is None or after is None:
        yield _whole(before, after), Instance(changed, None)
        return
    for move in changed.moves:
        yield cause_of(move), Instance(changed, move)
    if changed.is_judged_otherwise:
        verdicts = before.answer.verdict, after.answer.verdict
        yield Cause("verdict", verdicts=verdicts), Instance(changed, None)


def _whole(before: JudgedRule | None, after: JudgedRule | None) -> Cause:
    if before is not None:
        return Cause("removed", teams_before=before.answer.teams)
    assert after is not None, "a rule is in one of the states at least"
    return Cause("added", teams_after=after.answer.teams)


def cause_of(move: Move) -> Cause:
    """What is other about `move`."""
    if move.before is None or move.after is None:
        return _sent_or_not(move)
    before, after = move.before.outcome, move.after.outcome
    if before.teams != after.teams:
        return Cause("team", before.teams, after.teams)
    if before.receivers != after.receivers:
        return Cause("receivers", before.teams, after.teams, before.receivers, after.receivers)
    return _timing(before, after)


def _sent_or_not(move: Move) -> Cause:
    if move.after is not None:
        return Cause("sent", teams_after=move.after.outcome.teams)
    assert move.before is not None, "alerts are sent in one state at least"
    return Cause("not sent", teams_before=move.before.outcome.teams)


def _timing(before: Outcome, after: Outcome) -> Cause:
    other = [pair for pair in zip(before.timings, after.timings, strict=True) if pair[0] != pair[1]]
    return Cause(
        "timing",
        before.teams,
        after.teams,
        timings_before=tuple(one for one, _ in other),
        timings_after=tuple(one for _, one in other),
    )


_ORDER: dict[Kind, int] = {
    "team": 0,
    "receivers": 1,
    "timing": 2,
    "not sent": 3,
    "sent": 4,
    "removed": 5,
    "added": 6,
    "verdict": 7,
}


def _grouped(pairs: Iterable[tuple[Cause, Instance]]) -> tuple[Group, ...]:
    by_cause: dict[Cause, list[Instance]] = {}
    for cause, instance in pairs:
        by_cause.setdefault(cause, []).append(instance)
    groups = (Group(cause, tuple(instances)) for cause, instances in by_cause.items())
    return tuple(sorted(groups, key=lambda group: (_ORDER[group.cause.kind], -group.count)))
