"""What the answers to rules rest on: the routes, whose receivers are, and what rules record.

Most changes of a rule leave it as it is; what was made of it before is used again then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from buckstop.alertmanager import Router
from buckstop.diagnostics import has_errors
from buckstop.document.versions import Version
from buckstop.prometheus.model import AlertingRule, RecordingRule, RuleFile
from buckstop.prometheus.versions import parse_version
from buckstop.promql.domains import Recording
from buckstop.prover.answers import Answers
from buckstop.prover.arrivals import arrivals
from buckstop.prover.carriers import carriers_of
from buckstop.prover.checks import RouteFindings, RouteSubject, route_findings
from buckstop.prover.delivery import deliveries
from buckstop.prover.given import Given
from buckstop.prover.model import Judgement, Verdict
from buckstop.prover.owners import ownership_of, team_label_of
from buckstop.prover.receiver_templates import ReceiverTemplates, receiver_templates
from buckstop.prover.rule_loading import hindrances
from buckstop.prover.team_label import TeamLabel

NO_ROUTES: Final = "no alertmanager.yml was given; it decides"
UNREAD_ROUTES: Final = "the routes could not be read; they decide"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What all rules of one `Given` are answered and checked on.

    Attributes:
        made_of: all that it was made of, to be compared.
        found: of the routes, whatever rules there are.
    """

    made_of: tuple[object, ...]
    answers: Answers
    team_label: TeamLabel
    routes: RouteSubject
    found: RouteFindings


def grounds_of(given: Given, before: Grounds | None) -> Grounds:
    """The grounds of `given`; those of `before` where nothing of them has changed."""
    said = _said_by_rules(given)
    made_of = _made_of(given, said)
    if before is not None and before.made_of == made_of:
        before.answers.begin_anew()
        return Grounds(made_of, before.answers, said.team_label, before.routes, before.found)
    templates = _templates(given)
    answers = _answers(given, said, templates)
    routes = RouteSubject(
        config=given.config,
        ownership=answers.ownership,
        team_label=said.team_label.name,
        templates=templates,
        tree=None if answers.router is None else arrivals(answers.router.root),
        router=answers.router,
    )
    return Grounds(made_of, answers, said.team_label, routes, route_findings(routes))


def answers_on(given: Given, beside: frozenset[str] = frozenset()) -> tuple[Answers, TeamLabel]:
    """What answers rules on the routes of `given`, and the label that names the team there.

    `beside` names labels that matter though no route there asks for them.
    """
    said = _said_by_rules(given)
    return _answers(given, said, _templates(given), beside), said.team_label


def hindered_files(given: Given) -> Mapping[str, Judgement]:
    """Rule file to what keeps its rules from being proven, or refutes them, whatever the routes."""
    files = [rule_file.file for rule_file in given.rule_files]
    found = {
        file: Judgement(Verdict.UNKNOWN, doubt, "not loaded")
        for file, doubt in given.doubts.items()
    }
    if given.declared is not None and not given.declared.is_whole:
        reason = (
            f"not decided: {given.declared.source} says whose the receivers are, and has errors"
        )
        found |= dict.fromkeys(files, Judgement(Verdict.UNKNOWN, reason, "owner not known"))
    return found | hindrances(files, given.refusals, given.prometheus, given.prometheus_refusal)


class _SaidByRules(NamedTuple):
    """What all rules together say of each."""

    team_label: TeamLabel
    carriers: frozenset[str]
    recordings: tuple[Recording, ...]


def _said_by_rules(given: Given) -> _SaidByRules:
    team_label = team_label_of(given)
    return _SaidByRules(
        team_label,
        carriers_of(_every_rule(given.rule_files), team_label.name),
        tuple(_recordings(given.rule_files)),
    )


def _made_of(given: Given, said: _SaidByRules) -> tuple[object, ...]:
    return (
        given.config,
        given.load_diagnostics,
        said.team_label.name,
        given.manifest,
        given.manifest_source,
        given.declared,
        given.prometheus,
        given.alertmanager,
        given.prometheus_version,
        given.environment,
        given.cases,
        given.since,
        said.carriers,
        said.recordings,
    )


def _answers(
    given: Given,
    said: _SaidByRules,
    templates: ReceiverTemplates,
    beside: frozenset[str] = frozenset(),
) -> Answers:
    unread = given.config is None and has_errors(given.load_diagnostics)
    return Answers(
        config=given.config,
        router=None if given.config is None else Router(given.config),
        ownership=ownership_of(given, said.team_label.name),
        team_label=said.team_label.name,
        delivers=(
            {}
            if given.config is None
            else deliveries(given.config, given.load_diagnostics, templates)
        ),
        prometheus=given.prometheus,
        without_routes=UNREAD_ROUTES if unread else NO_ROUTES,
        version=_version(given.prometheus_version),
        carriers=said.carriers,
        environment=given.environment,
        recordings=said.recordings,
        cases=given.cases,
        since=given.since,
        beside=beside,
    )


def _templates(given: Given) -> ReceiverTemplates:
    if given.config is None:
        return ReceiverTemplates()
    return receiver_templates(given.config, given.alertmanager)


def _every_rule(rule_files: Iterable[RuleFile]) -> Iterable[RecordingRule | AlertingRule]:
    for rule_file in rule_files:
        for group in rule_file.groups:
            yield from group.rules


def _version(text: str | None) -> Version | None:
    return None if text is None else parse_version(text)


def _recordings(rule_files: Iterable[RuleFile]) -> Iterable[Recording]:
    for rule in _every_rule(rule_files):
        if isinstance(rule, RecordingRule):
            labels = tuple((name, value.text) for name, value in rule.labels)
            yield Recording(rule.record, rule.expr, labels)
