"""Who answers for each rule: for every label set that its alerts can have, by the routes.

What a rule can send is a domain, a few regions of label sets (`Domains`). The route tree splits
each into parts that are judged alike (`Judge`), and what holds of the parts is put together to the
rule's verdict (`settling`). Rules that the tree cannot tell apart share all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from buckstop.alertmanager import RouteMatch, Router, walk_routes
from buckstop.alertmanager.model import AlertmanagerConfig, Matcher
from buckstop.document.versions import Version
from buckstop.language import Region
from buckstop.language.domains import Domain
from buckstop.language.sets import Finite
from buckstop.prometheus import PrometheusConfig
from buckstop.prometheus.model import AlertingRule
from buckstop.promql.domains import Recording
from buckstop.prover.conclusions import Conclusion, dropped, together, undecided, unsent
from buckstop.prover.domains import Domains, Sent
from buckstop.prover.label_environment import LabelEnvironment
from buckstop.prover.model import (
    Judgement,
    RuleAnswer,
    Verdict,
)
from buckstop.prover.ownership import Ownership
from buckstop.prover.parts import Judge, Part
from buckstop.prover.settling import settled
from buckstop.prover.told_times import NO_CLOCK
from buckstop.prover.walk import Unwalked

if TYPE_CHECKING:
    # It brings the charter's libraries, which hand-written files do not need.
    from buckstop.prover.decided_cases import DecidedCases

FAULT: Final = "fault"


@dataclass(slots=True)
class Answers:
    """Answers rules on one configuration; rules that the tree cannot tell apart share a walk.

    Attributes:
        config: the routes; None where none were given.
        delivers: receiver to whether it can deliver.
        prometheus: the configuration of the server that runs the rules, or None.
        version: of that server; None: any that is supported.
        carriers: names of series made by the files that may have the team label.
        environment: label to the values that series may have, where a file says so.
        recordings: the rules that record series, which expressions are followed to.
        without_routes: why nothing is decided where there is no `config`.
        cases: the cases that a charter at hand decides, or None.
        since: the day of UTC from which on teams must be told.
        beside: labels that matter beside those for which the routes ask.
    """

    config: AlertmanagerConfig | None
    router: Router | None
    ownership: Ownership
    team_label: str
    delivers: Mapping[str, Judgement]
    prometheus: PrometheusConfig | None
    without_routes: str
    version: Version | None = None
    carriers: frozenset[str] = frozenset()
    environment: LabelEnvironment = field(default_factory=dict)
    recordings: tuple[Recording, ...] = ()
    cases: DecidedCases | None = None
    since: date = NO_CLOCK
    beside: frozenset[str] = frozenset()
    _answers: dict[tuple[object, ...], Conclusion] = field(default_factory=dict, init=False)
    _asking: dict[str, Matcher] = field(default_factory=dict, init=False)
    _domains: Domains = field(init=False)
    _judge: Judge | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.config is not None and self.router is not None:
            for route in walk_routes(self.config.route):
                for matcher in route.matchers:
                    self._asking.setdefault(matcher.name, matcher)
            self._judge = Judge(
                self.config,
                self.router,
                self.ownership,
                self.team_label,
                self.delivers,
                self.cases,
                self.since,
            )
        self._domains = Domains(
            team_label=self.team_label,
            asked=frozenset(
                (
                    *self._asking,
                    self.team_label,
                    *(() if self.cases is None else self.cases.labels),
                    *self.beside,
                )
            ),
            config=self.prometheus,
            version=self.version,
            carriers=self.carriers,
            environment=self.environment,
            recordings=self.recordings,
        )

    @property
    def asked(self) -> frozenset[str]:
        """The labels that matter."""
        return self._domains.asked

    @property
    def follows_recordings(self) -> bool:
        """Whether some answer rests on A3."""
        return self._domains.follows_recordings

    def begin_anew(self) -> None:
        """Answer other rules from now on; whether an answer rests on A3 hangs on these alone."""
        self._domains.follows_recordings = False

    def answer(self, rule: AlertingRule, carried: Mapping[str, str] | None = None) -> RuleAnswer:
        """Who answers for `rule`; for one alert of it, where the labels it `carried` are given."""
        return self.answer_and_parts(rule, carried)[0]

    def answer_and_parts(
        self, rule: AlertingRule, carried: Mapping[str, str] | None = None
    ) -> tuple[RuleAnswer, tuple[Part, ...]]:
        """As `answer`, and the parts of what `rule` can send; none where the walk is undecided."""
        given = carried or {}
        if self._judge is None:
            found = undecided(self.without_routes, "no routes")
        else:
            found = self._answered(rule, given, self._judge)
        return self._made(rule, given, found), found.parts

    def sent(self, rule: AlertingRule) -> Domain:
        """The label sets of the alerts that are sent of `rule`, as far as any route asks."""
        return self._domains.sent(rule, {}).domain

    def not_carried(self, rule: AlertingRule, carried: Mapping[str, str]) -> tuple[str, ...]:
        """The labels of `carried` that have a value which no alert of `rule` has."""
        return self._domains.not_carried(rule, carried)

    def whole(self, rule: AlertingRule) -> Domain:
        """The label sets of the alerts that are sent of `rule`, with all that is known of them."""
        return self._domains.whole(rule)

    def routes(
        self, rule: AlertingRule, carried: Mapping[str, str] | None = None
    ) -> tuple[RouteMatch, ...]:
        """The routes that all alerts of `rule` take; none where they take different ones."""
        taken = {part.way.matches for part in self.answer_and_parts(rule, carried)[1]}
        return taken.pop() if len(taken) == 1 else ()

    def domain_of(self, rule: AlertingRule, names: frozenset[str]) -> Domain:
        """The label sets that `rule` can send, of the labels `names` alone."""
        return self._domains.sent_of(rule, names)

    def _answered(self, rule: AlertingRule, carried: Mapping[str, str], judge: Judge) -> Conclusion:
        sent = self._domains.sent(rule, carried)
        external_team = self._domains.external_team(rule)
        templated = self._domains.asked.intersection(rule.templated_labels)
        key = (sent, external_team, templated)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._puttogether(rule, sent, external_team, judge)
        return answer

    def _puttogether(
        self, rule: AlertingRule, sent: Sent, external_team: str, judge: Judge
    ) -> Conclusion:
        if not sent.domain:
            return unsent(sent)
        try:
            parts = [judge.parts(one, external_team) for one in sent.domain]
        except Unwalked as unwalked:
            asked = unwalked.matcher
            reason = (
                f"not decided: label {asked.name} (asked for at {asked.span.file}:"
                f"{asked.span.line}; {unwalked.why})"
            )
            return undecided(reason, "undecided", asked.name)

        def why_open(label: str) -> str:
            return self._why_open(rule, label)

        answer = together(sent.domain, settled(sent.domain, parts, why_open))
        if answer.judgement.verdict is not Verdict.PROVEN:
            return answer
        if self._fills_its_case(rule, sent.domain):
            return replace(undecided(why_open(FAULT), "undecided", FAULT), parts=answer.parts)
        if sent.dropped_by is not None:
            return replace(undecided(*dropped(sent.dropped_by)), parts=answer.parts)
        return answer

    def _fills_its_case(self, rule: AlertingRule, domain: Domain) -> bool:
        """Whether `rule` gives a case of the charter's table that is known only when it fires."""
        return (
            self.cases is not None
            and FAULT in rule.templated_labels
            and not all(isinstance(one.language(FAULT), Finite) for one in domain)
        )

    def _why_open(self, rule: AlertingRule, label: str) -> str:
        why = self._domains.why_open(rule, label)
        matcher = self._asking.get(label)
        if matcher is not None:
            why = f"asked for at {matcher.span.file}:{matcher.span.line}; {why}"
        return f"not decided: label {label} ({why})"

    def _made(
        self, rule: AlertingRule, carried: Mapping[str, str], answer: Conclusion
    ) -> RuleAnswer:
        labels = {**carried, **rule.static_labels}
        witness = None
        if answer.judgement.verdict is Verdict.REFUTED and answer.shown_by is not None:
            witness = self._witness(rule, labels, answer.shown_by)
            assert self.router is not None
            told = tuple(match.receiver for match in self.router.route(witness))
            assert told == answer.receivers, (
                "the walk with regions and the concrete walk must agree on the witness"
            )
        return RuleAnswer(
            alert=rule.alert,
            span=rule.span,
            severity=labels.get("severity"),
            model=labels.get("model"),
            team_value=labels.get(self.team_label),
            team=answer.team,
            receivers=answer.receivers,
            informed=answer.informed,
            properties=answer.properties,
            verdict=answer.judgement.verdict,
            reason=answer.judgement.reason,
            cause=answer.judgement.cause,
            witness=None if witness is None else tuple(sorted(witness.items())),
            open_label=answer.open_label,
            parts=answer.part_answers,
        )

    def _witness(
        self, rule: AlertingRule, labels: Mapping[str, str], shown_by: Region
    ) -> dict[str, str]:
        """An alert of `rule` in the part `shown_by`, with the `labels` of the rule where it may."""
        preferred = {name: (value,) for name, value in labels.items()}
        for whole in self._domains.whole(rule):
            both = whole.intersection(shown_by)
            if both is not None:
                return both.witness(preferred)
        # What the alert at hand carries lies outside what the rule was said to send.
        within = {name: it for name, it in labels.items() if it in shown_by.language(name)}
        return {**within, **shown_by.witness(preferred)}
