"""Who answers for each rule: for every label set that its alerts can have, by the routes.

What a rule can send is a domain, a few regions of label sets (`Domains`). The route tree splits
each into parts that are judged alike (`Judge`), and what holds of the parts is put together to the
rule's verdict (`settling`). Rules that the tree cannot tell apart share all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from buckstop.alertmanager import RouteMatch, Router, walk_routes
from buckstop.alertmanager.model import AlertmanagerConfig, Matcher
from buckstop.document.versions import Version
from buckstop.language import Region
from buckstop.language.domains import Domain
from buckstop.language.sets import Finite
from buckstop.prometheus import PrometheusConfig, Relabelling
from buckstop.prometheus.model import AlertingRule
from buckstop.promql.domains import Recording
from buckstop.prover.domains import Domains, Sent
from buckstop.prover.label_environment import LabelEnvironment
from buckstop.prover.model import (
    ALWAYS_JUDGED,
    NOT_APPLICABLE,
    PROVEN,
    Cause,
    Judgement,
    PartAnswer,
    Property,
    RuleAnswer,
    Verdict,
)
from buckstop.prover.ownership import Ownership
from buckstop.prover.parts import Judge, Part
from buckstop.prover.settling import Settled, deciding, properties_of, settled
from buckstop.prover.walk import Unwalked
from buckstop.prover.wording import values_text

if TYPE_CHECKING:
    # It brings the charter's libraries, which hand-written files do not need.
    from buckstop.prover.decided_cases import DecidedCases

FAULT: Final = "fault"
CASE_LABELS: Final = (FAULT, "severity", "model")
"""The labels by which a charter's table decides."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is so of all rules with one domain, and the region that shows it."""

    team: str | None
    receivers: tuple[str, ...]
    informed: tuple[str, ...]
    properties: tuple[tuple[Property, Judgement], ...]
    judgement: Judgement
    shown_by: Region | None
    open_label: str | None
    parts: tuple[PartAnswer, ...]


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
    _answers: dict[tuple[object, ...], _Answer] = field(default_factory=dict, init=False)
    _asking: dict[str, Matcher] = field(default_factory=dict, init=False)
    _domains: Domains = field(init=False)
    _judge: Judge | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.config is not None and self.router is not None:
            for route in walk_routes(self.config.route):
                for matcher in route.matchers:
                    self._asking.setdefault(matcher.name, matcher)
            self._judge = Judge(
                self.config, self.router, self.ownership, self.team_label, self.delivers, self.cases
            )
        self._domains = Domains(
            team_label=self.team_label,
            asked=frozenset(
                (*self._asking, self.team_label, *(() if self.cases is None else CASE_LABELS))
            ),
            config=self.prometheus,
            version=self.version,
            carriers=self.carriers,
            environment=self.environment,
            recordings=self.recordings,
        )

    @property
    def follows_recordings(self) -> bool:
        """Whether some answer rests on A3."""
        return self._domains.follows_recordings

    def answer(self, rule: AlertingRule, carried: Mapping[str, str] | None = None) -> RuleAnswer:
        """Who answers for `rule`; for one alert of it, where the labels it `carried` are given."""
        if self._judge is None:
            return self._made(rule, carried or {}, _open(self.without_routes, "no routes"))
        return self._made(rule, carried or {}, self._answered(rule, carried or {}, self._judge))

    def parts(
        self, rule: AlertingRule, carried: Mapping[str, str] | None = None
    ) -> tuple[Part, ...]:
        """The parts of what `rule` can send, with the routes that each takes; none if undecided."""
        if self._judge is None:
            return ()
        try:
            return tuple(
                part
                for domain in self._domains.sent(rule, carried or {}).domain
                for part in self._judge.parts(domain, self._domains.external_team(rule))
            )
        except Unwalked:
            return ()

    def routes(
        self, rule: AlertingRule, carried: Mapping[str, str] | None = None
    ) -> tuple[RouteMatch, ...]:
        """The routes that all alerts of `rule` take; none where they take different ones."""
        taken = {part.way.matches for part in self.parts(rule, carried)}
        return taken.pop() if len(taken) == 1 else ()

    def _answered(self, rule: AlertingRule, carried: Mapping[str, str], judge: Judge) -> _Answer:
        sent = self._domains.sent(rule, carried)
        external_team = self._domains.external_team(rule)
        templated = frozenset(name for name in rule.templated_labels if name in self._domains.asked)
        key = (sent, external_team, templated)
        if key not in self._answers:
            self._answers[key] = self._put_together(rule, sent, external_team, judge)
        return self._answers[key]

    def _put_together(
        self, rule: AlertingRule, sent: Sent, external_team: str, judge: Judge
    ) -> _Answer:
        if not sent.domain:
            return _unsent(sent)
        try:
            parts = [judge.parts(one, external_team) for one in sent.domain]
        except Unwalked as unwalked:
            asked = unwalked.matcher
            reason = (
                f"not decided: label {asked.name} (asked for at {asked.span.file}:"
                f"{asked.span.line}; {unwalked.why})"
            )
            return _open(reason, "undecided", asked.name)

        def why_open(label: str) -> str:
            return self._why_open(rule, label)

        found = [
            one
            for region, of_region in zip(sent.domain, parts, strict=True)
            for one in settled(region, of_region, why_open)
        ]
        answer = _together(sent.domain, found)
        if answer.judgement.verdict is not Verdict.PROVEN:
            return answer
        if self._fills_its_case(rule, sent.domain):
            return _open(why_open(FAULT), "undecided", FAULT)
        return answer if sent.dropped_by is None else _open(*_dropped(sent.dropped_by))

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

    def _made(self, rule: AlertingRule, carried: Mapping[str, str], answer: _Answer) -> RuleAnswer:
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
            parts=answer.parts,
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
        return {**labels, **shown_by.witness(preferred)}


def _together(domain: Domain, found: list[Settled]) -> _Answer:
    """The answer of a rule from what its parts say."""
    properties = tuple(properties_of(found).items())
    decides = deciding(found)
    parts = tuple(_part_answers(domain, found))
    if decides is not None:
        part = decides.part
        is_open = decides.open_label is not None
        return _Answer(
            team=None if is_open else part.team,
            receivers=() if is_open else part.receivers,
            informed=() if is_open else part.informed,
            properties=properties,
            judgement=decides.judgement,
            shown_by=part.region,
            open_label=decides.open_label,
            parts=parts,
        )
    every = [one.part for one in found]
    teams = {part.team for part in every}
    causes = {part.deciding.cause for part in every}
    reasons = {part.deciding.reason for part in every}
    return _Answer(
        team=teams.pop() if len(teams) == 1 else None,
        receivers=tuple(dict.fromkeys(name for part in every for name in part.receivers))
        if len({part.receivers for part in every}) > 1
        else every[0].receivers,
        informed=tuple(dict.fromkeys(name for part in every for name in part.informed)),
        properties=properties,
        judgement=every[0].deciding if len(causes) == len(reasons) == 1 else PROVEN,
        shown_by=None,
        open_label=None,
        parts=parts,
    )


def _part_answers(domain: Domain, found: list[Settled]) -> Iterator[PartAnswer]:
    """Each kind of alerts of which something else is true; nothing where all are alike."""
    alike = {(one.part.team, one.part.receivers, one.part.deciding) for one in found}
    if len(alike) <= 1:
        return
    for one in found:
        part = one.part
        told_apart = [
            (name, values_text(language))
            for name, language in part.region.named
            if len(domain) > 1 or language != domain[0].language(name)
        ]
        yield PartAnswer(
            where=tuple(told_apart),
            team=part.team,
            receivers=part.receivers,
            verdict=part.deciding.verdict,
            reason=part.deciding.reason,
            witness=tuple(sorted(part.region.witness().items())),
        )


def _unsent(sent: Sent) -> _Answer:
    """Of a rule of which no alert is sent at all."""
    step = sent.dropped_by
    where = "" if step is None else f" ({step.span.file}:{step.span.line})"
    reason = f"alert_relabel_configs drop every alert of it{where}: nobody is told"
    judgement = Judgement(Verdict.REFUTED, reason, "cannot deliver")
    properties = dict.fromkeys(ALWAYS_JUDGED, NOT_APPLICABLE) | {Property.ANSWERED: judgement}
    return _Answer(
        team=None,
        receivers=(),
        informed=(),
        properties=tuple(properties.items()),
        judgement=judgement,
        shown_by=None,
        open_label=None,
        parts=(),
    )


def _dropped(step: Relabelling) -> tuple[str, Cause, str | None]:
    labels = " and ".join(step.source_labels) or "none"
    reason = (
        f"not decided: label {labels} (alert_relabel_configs at {step.span.file}:"
        f"{step.span.line} may drop alerts by it, and nobody is told of them)"
    )
    return (
        reason,
        "undecided",
        step.source_labels[0] if step.source_labels else None,
    )


def _open(reason: str, cause: Cause, open_label: str | None = None) -> _Answer:
    judgement = Judgement(Verdict.UNKNOWN, reason, cause)
    return _Answer(
        team=None,
        receivers=(),
        informed=(),
        properties=tuple((of, judgement) for of in ALWAYS_JUDGED),
        judgement=judgement,
        shown_by=None,
        open_label=open_label,
        parts=(),
    )
