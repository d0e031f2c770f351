"""What moves between two states of rules and routes: rule by rule, for every alert it can send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from buckstop.language import EVERYTHING, Region
from buckstop.language.domains import Domain, without
from buckstop.language.sets import Finite
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.answers import Answers
from buckstop.prover.given import Given
from buckstop.prover.grounds import answers_on, hindered_files
from buckstop.prover.model import Judgement, Verdict
from buckstop.prover.moves.model import ChangedRule, JudgedRule, Move
from buckstop.prover.moves.outcomes import Outcome, Routing
from buckstop.prover.moves.routes import confirmed
from buckstop.prover.moves.rule_pairs import pair_rules
from buckstop.prover.parts import Part
from buckstop.prover.rule_loading import unless_hindered, unless_refused


@dataclass(frozen=True, slots=True)
class State:
    """Rules and routes at one time, ready to be asked.

    Attributes:
        routing: None where there are no routes.
    """

    given: Given
    answers: Answers
    routing: Routing | None
    hindered: Mapping[str, Judgement]

    def judged(self, rule: AlertingRule) -> tuple[JudgedRule, tuple[Part, ...]]:
        """Who answers for `rule`, and the parts of what it can send; none where undecided."""
        found, parts = self.answers.answer_and_parts(rule)
        answer = unless_hindered(found, self.hindered)
        return JudgedRule(rule, unless_refused(answer, rule, self.given.alertmanager)), parts

    @property
    def rules(self) -> tuple[AlertingRule, ...]:
        """All alerting rules, in the order of the files."""
        return tuple(rule for file in self.given.rule_files for rule in file.alerts)


def states(old: Given, new: Given) -> tuple[State, State]:
    """Both states, which take the same labels into account."""
    asked = answers_on(old)[0].asked | answers_on(new)[0].asked
    return _state(old, asked), _state(new, asked)


def _state(given: Given, asked: frozenset[str]) -> State:
    answers, team_label = answers_on(given, asked)
    routing = None
    if answers.config is not None and answers.router is not None:
        routing = Routing(answers.config, answers.router, answers.ownership, team_label.name)
    return State(given, answers, routing, hindered_files(given))


def rule_changes(old: State, new: State) -> Iterator[ChangedRule]:
    """Every rule of which something else comes: changed, then removed, then added.

    Raises:
        Undecided: if it cannot be told whether two regions have an alert in common.
    """
    paired = pair_rules(old.rules, new.rules)
    comparison = _Comparison(old, new)
    for before, after in paired.pairs:
        changed = comparison.changed(before, after)
        if changed.moves or changed.is_judged_otherwise:
            yield changed
    yield from (ChangedRule(old.judged(rule)[0], None) for rule in paired.removed)
    yield from (ChangedRule(None, new.judged(rule)[0]) for rule in paired.added)


@dataclass(slots=True)
class _Comparison:
    """Compares rules; those that the routes cannot tell apart share the work."""

    old: State
    new: State
    _moves: dict[tuple[object, ...], tuple[Move, ...]] = field(default_factory=dict, init=False)

    def changed(self, before: AlertingRule, after: AlertingRule) -> ChangedRule:
        """What is other of one rule; no moves where one state does not decide it."""
        old, old_parts = self.old.judged(before)
        new, new_parts = self.new.judged(after)
        if self.old.routing is None or self.new.routing is None:
            return ChangedRule(old, new)
        for judged, parts in ((old, old_parts), (new, new_parts)):
            if not parts and judged.answer.verdict is Verdict.UNKNOWN:
                return ChangedRule(old, new)
        relabelled = _relabelled(before, after)
        # The parts live as long as what judged them, so that their addresses name them.
        key = (relabelled, id(old_parts), id(new_parts))
        if key not in self._moves:
            sides = (
                _Side(self.old.routing, old_parts, relabelled),
                _Side(self.new.routing, new_parts, relabelled),
            )
            self._moves[key] = tuple(_moves(*sides))
        return ChangedRule(old, new, self._moves[key])


def _relabelled(before: AlertingRule, after: AlertingRule) -> frozenset[str]:
    """The labels that the rule itself gives otherwise than before."""
    labels = tuple({name: value.text for name, value in one.labels} for one in (before, after))
    return frozenset(
        name for name in labels[0] | labels[1] if labels[0].get(name) != labels[1].get(name)
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """The alerts of a rule in one state: of whom those of a region are, whatever is relabelled."""

    routing: Routing
    parts: tuple[Part, ...]
    relabelled: frozenset[str]

    def free(self, part: Part) -> Region:
        """The region of `part`, of the labels that are the same before and after."""
        region = part.region
        for name in self.relabelled:
            region = region.replaced(name, EVERYTHING)
        return region

    @property
    def domain(self) -> Domain:
        return tuple(dict.fromkeys(map(self.free, self.parts)))

    def outcome(self, part: Part) -> Outcome:
        match part.region.language(self.routing.team_label):
            case Finite(strings) if len(strings) == 1:
                return self.routing.outcome(part.way.matches, next(iter(strings)) or None)
            case _:
                return self.routing.outcome(part.way.matches, None)

    def within(self, part: Part, free: Region) -> Region:
        """What of `free` is in `part`, with its own values of what is relabelled."""
        both = part.region.intersection(free)
        assert both is not None, "there are label sets in it"
        return both


def _moves(old: _Side, new: _Side) -> Iterator[Move]:
    outcomes = [(part, new.free(part), new.outcome(part)) for part in new.parts]
    for one in old.parts:
        before = old.outcome(one)
        for other, free, after in outcomes:
            if before != after and (both := old.free(one).intersection(free)) is not None:
                yield Move(
                    both,
                    confirmed(old.routing, before, old.within(one, both)),
                    confirmed(new.routing, after, new.within(other, both)),
                )
        for gone in without(old.free(one), new.domain):
            yield Move(gone, confirmed(old.routing, before, old.within(one, gone)), None)
    for other, free, after in outcomes:
        for more in without(free, old.domain):
            yield Move(more, None, confirmed(new.routing, after, new.within(other, more)))
