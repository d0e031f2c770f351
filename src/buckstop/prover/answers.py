"""Who answers for each rule, as far as the labels that the rule itself sets decide it.

The walk is concrete with holes (`Router.explore`): the rule's own static labels are known, the
team label is known to be absent where the rule does not set it (assumption A1), anything else may
be anything. Where one of those holes would decide, the answer is "not decided", with the label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from buckstop.alertmanager import Decided, Explored, RouteMatch, Router, Undecided, walk_routes
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.prometheus import PrometheusConfig
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.judgements import Reached, judge
from buckstop.prover.known import Known, known_labels
from buckstop.prover.model import (
    ALWAYS_JUDGED,
    Cause,
    Judgement,
    Property,
    RuleAnswer,
    Verdict,
)
from buckstop.prover.ownership import Ownership, claim

if TYPE_CHECKING:
    # It brings the charter's libraries, which hand-written files do not need.
    from buckstop.prover.decided_cases import DecidedCases


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is so of all rules that take the same walk with the same team."""

    team: str | None
    receivers: tuple[str, ...]
    informed: tuple[str, ...]
    properties: tuple[tuple[Property, Judgement], ...]
    deciding: Judgement


@dataclass(slots=True)
class Answers:
    """Answers rules on one configuration; rules that the tree cannot tell apart share a walk.

    Attributes:
        config: the routes; None where none were given.
        delivers: receiver to whether it can deliver.
        prometheus: the configuration of the server that runs the rules, or None.
        carriers: names of series made by the files that may have the team label.
        without_routes: why nothing is decided where there is no `config`.
        cases: the cases that a charter at hand decides, or None.
    """

    config: AlertmanagerConfig | None
    router: Router | None
    ownership: Ownership
    team_label: str
    delivers: Mapping[str, Judgement]
    prometheus: PrometheusConfig | None
    without_routes: str
    carriers: frozenset[str] = frozenset()
    cases: DecidedCases | None = None
    _judged: dict[tuple[int, str | None, str | None, bool], _Judged] = field(
        default_factory=dict, init=False
    )
    _walks: dict[tuple[frozenset[tuple[str, str]], frozenset[str]], Explored] = field(
        default_factory=dict, init=False
    )
    _mentioned: frozenset[str] = field(default=frozenset(), init=False)

    def __post_init__(self) -> None:
        if self.config is not None:
            self._mentioned = frozenset(
                matcher.name
                for route in walk_routes(self.config.route)
                for matcher in route.matchers
            )

    def answer(self, rule: AlertingRule, carried: Mapping[str, str] | None = None) -> RuleAnswer:
        """Who answers for `rule`; for one alert of it, where the labels it `carried` are given."""
        known = self._known(rule, carried)
        if self.config is None or self.router is None:
            return _open(rule, known, self.without_routes, "no routes")
        if self.prometheus is not None and self.prometheus.relabelled is not None:
            where = self.prometheus.relabelled
            return _open(
                rule,
                known,
                f"not decided: alert_relabel_configs ({where.file}:{where.line}) "
                "may change any label",
                "undecided",
            )
        explored = self._explore(known)
        if isinstance(explored, Undecided):
            span = explored.matcher.span
            why = known.team_open if explored.label == self.team_label else None
            return _open(
                rule,
                known,
                f"not decided: label {explored.label} (asked for at {span.file}:{span.line}; "
                f"{why or 'the rule does not set it'})",
                "undecided",
                open_label=explored.label,
            )
        return self._by_the_table(self._decided(rule, known, self.config, explored), known)

    def routes(
        self, rule: AlertingRule, carried: Mapping[str, str] | None = None
    ) -> tuple[RouteMatch, ...]:
        """The routes that alerts of `rule` take; none where that is not decided."""
        if self.router is None:
            return ()
        explored = self._explore(self._known(rule, carried))
        return explored.matches if isinstance(explored, Decided) else ()

    def _known(self, rule: AlertingRule, carried: Mapping[str, str] | None) -> Known:
        return known_labels(
            rule, self.team_label, self.prometheus, carriers=self.carriers, carried=carried
        )

    def _explore(self, known: Known) -> Explored:
        assert self.router is not None
        labels = {name: value for name, value in known.labels.items() if name in self._mentioned}
        key = (frozenset(labels.items()), known.absent)
        if key not in self._walks:
            self._walks[key] = self.router.explore(known=labels, absent=known.absent)
        return self._walks[key]

    def _decided(
        self, rule: AlertingRule, known: Known, config: AlertmanagerConfig, explored: Decided
    ) -> RuleAnswer:
        # A walk is kept as long as the answers are, so it is known by its identity.
        key = (id(explored), known.team, known.team_open, known.is_team_external)
        if key not in self._judged:
            self._judged[key] = self._judge(known, config, explored)
        judged = self._judged[key]
        deciding = judged.deciding
        if deciding.verdict is Verdict.REFUTED:
            assert self.router is not None
            told = tuple(match.receiver for match in self.router.route(known.labels))
            assert told == judged.receivers, (
                "the walk with holes and the concrete walk must agree on the witness"
            )
        return RuleAnswer(
            alert=rule.alert,
            span=rule.span,
            severity=known.labels.get("severity"),
            model=known.labels.get("model"),
            team_value=known.team,
            team=judged.team,
            receivers=judged.receivers,
            informed=judged.informed,
            properties=judged.properties,
            verdict=deciding.verdict,
            reason=deciding.reason,
            cause=deciding.cause,
            witness=(
                tuple(sorted(known.labels.items())) if deciding.verdict is Verdict.REFUTED else None
            ),
            open_label=self.team_label if deciding.cause == "undecided" else None,
        )

    def _by_the_table(self, answer: RuleAnswer, known: Known) -> RuleAnswer:
        """`answer`, refuted where the charter's table gives the rule's case to another team."""
        if self.cases is None or answer.team is None or answer.verdict is Verdict.REFUTED:
            return answer
        wrong = self.cases.disagreement(known, answer.team)
        if wrong is None:
            return answer
        return replace(
            answer,
            properties=tuple(
                (of, wrong if of is Property.AGREES else judged) for of, judged in answer.properties
            ),
            verdict=wrong.verdict,
            reason=wrong.reason,
            cause=wrong.cause,
            witness=tuple(sorted(known.labels.items())),
            open_label=None,
        )

    def _judge(self, known: Known, config: AlertmanagerConfig, explored: Decided) -> _Judged:
        reached = Reached(
            tuple(
                claim(self.ownership, config, match, self.team_label, known.team)
                for match in explored.matches
            ),
            known,
            self.ownership,
            self.team_label,
        )
        properties, deciding = judge(reached, config, self.delivers)
        teams = reached.teams
        return _Judged(
            team=teams[0] if len(teams) == 1 else None,
            receivers=tuple(match.receiver for match in explored.matches),
            informed=tuple(
                found.receiver
                for found in reached.claims
                if found.kind == "informed" or (found.kind == "in passing" and teams)
            ),
            properties=tuple(properties.items()),
            deciding=deciding,
        )


def _open(
    rule: AlertingRule,
    known: Known,
    reason: str,
    cause: Cause,
    *,
    open_label: str | None = None,
) -> RuleAnswer:
    judgement = Judgement(Verdict.UNKNOWN, reason, cause)
    return RuleAnswer(
        alert=rule.alert,
        span=rule.span,
        severity=known.labels.get("severity"),
        model=known.labels.get("model"),
        team_value=known.team,
        team=None,
        receivers=(),
        informed=(),
        properties=tuple((of, judgement) for of in ALWAYS_JUDGED),
        verdict=Verdict.UNKNOWN,
        reason=reason,
        cause=cause,
        witness=None,
        open_label=open_label,
    )
