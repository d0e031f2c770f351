"""Rules and routes in; answers, findings and the assumptions they rest on out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from buckstop.alertmanager import Router
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.diagnostics import Diagnostic, has_errors
from buckstop.document.versions import Version
from buckstop.prometheus import PrometheusConfig
from buckstop.prometheus.model import AlertingRule, RecordingRule, RuleFile
from buckstop.prometheus.versions import parse_version
from buckstop.promql.domains import Recording
from buckstop.prover.alert_kinds import alert_kinds
from buckstop.prover.answers import Answers
from buckstop.prover.arrivals import arrivals
from buckstop.prover.carriers import ALERT_SERIES, carriers_of
from buckstop.prover.checks import Answered, Subject, TeamTimes, run_checks
from buckstop.prover.delivery import deliveries
from buckstop.prover.label_environment import LabelEnvironment
from buckstop.prover.model import (
    A2,
    A3,
    Assumption,
    Judgement,
    RuleAnswer,
    Verdict,
    a1,
    label_values,
)
from buckstop.prover.model_rules import faults_watched
from buckstop.prover.ownership import Holder, Ownership, declare, infer, of_manifest
from buckstop.prover.promised_time import unless_late
from buckstop.prover.receiver_templates import ReceiverTemplates, receiver_templates
from buckstop.prover.rule_loading import hindrances, unless_hindered, unless_refused
from buckstop.prover.team_label import TeamLabel, guess_team_label
from buckstop.prover.team_times import team_times
from buckstop.prover.told_times import NO_CLOCK

if TYPE_CHECKING:
    from buckstop.compiler.manifest import Manifest
    from buckstop.prover.decided_cases import DecidedCases


@dataclass(frozen=True, slots=True)
class Declared:
    """Who is whose by a file.

    Attributes:
        source: the file's name.
        holders: receiver to role and team.
        is_whole: False where parts of the file could not be read; nothing is proven then, since
            it may say otherwise.
    """

    source: str
    holders: Mapping[str, Holder]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Given:
    """What there is to examine.

    Attributes:
        load_diagnostics: what reading `config` found; its errors keep Alertmanager from loading.
        team_label: as asked for, or None to find out.
        manifest: of the build that the files come from, or None.
        manifest_source: the manifest's name for people.
        declared: a teams file, or None.
        prometheus: the configuration of the server that runs the rules, or None.
        prometheus_refusal: why Prometheus does not load that configuration, or None.
        refusals: rule file to why Prometheus does not load it, where it does not.
        doubts: rule file to why it is not known that its alerts get to the routes at hand.
        alertmanager: the version of Alertmanager that is aimed at; None: any.
        prometheus_version: that of Prometheus; None: any.
        environment: label to the values that series may have, where a file says so.
        environment_source: that file's name for people.
        cases: the cases that the charter's table decides, or None without a charter.
        since: the day of UTC from which on teams must be told.
        within_seconds: how soon after a breach a team must be told at worst; None: nothing is
            promised.
    """

    rule_files: tuple[RuleFile, ...]
    config: AlertmanagerConfig | None
    load_diagnostics: tuple[Diagnostic, ...] = ()
    team_label: str | None = None
    manifest: Manifest | None = None
    manifest_source: str = "accountability.json"
    declared: Declared | None = None
    prometheus: PrometheusConfig | None = None
    prometheus_refusal: str | None = None
    refusals: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)
    alertmanager: str | None = None
    prometheus_version: str | None = None
    environment: LabelEnvironment = field(default_factory=dict)
    environment_source: str = "labels.yaml"
    cases: DecidedCases | None = None
    since: date = NO_CLOCK
    within_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found.

    Attributes:
        rules: every alerting rule with its answer, in the order of the files.
        diagnostics: of the checks; what reading found is not repeated.
        assumptions: under which the verdicts hold.
        times: when teams are told, of those with intervals on a route that tells them.
    """

    rules: tuple[Answered, ...]
    diagnostics: tuple[Diagnostic, ...]
    assumptions: tuple[Assumption, ...]
    team_label: TeamLabel
    ownership: Ownership
    times: tuple[TeamTimes, ...] = ()

    def named(self, alert: str) -> tuple[Answered, ...]:
        """The rules called `alert`."""
        return tuple(one for one in self.rules if one.rule.alert == alert)

    @property
    def verdicts(self) -> tuple[RuleAnswer, ...]:
        """The answers alone."""
        return tuple(one.answer for one in self.rules)


NO_ROUTES: Final = "no alertmanager.yml was given; it decides"
UNREAD_ROUTES: Final = "the routes could not be read; they decide"


def answers_on(given: Given, beside: frozenset[str] = frozenset()) -> tuple[Answers, TeamLabel]:
    """What answers rules on the routes of `given`, and the label that names the team there.

    `beside` names labels that matter though no route there asks for them.
    """
    return _answers_with(given, _templates(given), beside)


def _answers_with(
    given: Given, templates: ReceiverTemplates, beside: frozenset[str] = frozenset()
) -> tuple[Answers, TeamLabel]:
    team_label = _team_label(given)
    unread = given.config is None and has_errors(given.load_diagnostics)
    answers = Answers(
        config=given.config,
        router=None if given.config is None else Router(given.config),
        ownership=_ownership(given, team_label.name),
        team_label=team_label.name,
        delivers=(
            {}
            if given.config is None
            else deliveries(given.config, given.load_diagnostics, templates)
        ),
        prometheus=given.prometheus,
        without_routes=UNREAD_ROUTES if unread else NO_ROUTES,
        version=_version(given.prometheus_version),
        carriers=carriers_of(_every_rule(given.rule_files), team_label.name),
        environment=given.environment,
        recordings=tuple(_recordings(given.rule_files)),
        cases=given.cases,
        since=given.since,
        beside=beside,
    )
    return answers, team_label


def examine(given: Given) -> Examination:
    """Answer every rule of `given` and run every check."""
    templates = _templates(given)
    answers, team_label = _answers_with(given, templates)
    rules = tuple(
        Answered(rule, *answers.answer_and_parts(rule)) for rule in _rules(given.rule_files)
    )
    times = team_times(given.config, rules, given.since)
    subject = Subject(
        config=given.config,
        rules=rules,
        ownership=answers.ownership,
        team_label=team_label.name,
        templates=templates,
        times=times,
        environment=given.environment,
        tree=None if answers.router is None else arrivals(answers.router.root),
        router=answers.router,
        watching=tuple((one, faults) for one in rules if (faults := faults_watched(one.rule))),
        kinds=alert_kinds(given.config, rules, answers.domain_of),
    )
    is_prometheus_given = given.prometheus is not None or given.prometheus_refusal is not None
    return Examination(
        rules=_judged_beside(given, rules, hindered_files(given)),
        diagnostics=run_checks(subject),
        assumptions=(
            a1(team_label.name, beside=_alert_series(answers)),
            *(() if is_prometheus_given else (A2,)),
            *((A3,) if answers.follows_recordings else ()),
            *((label_values(given.environment_source),) if given.environment else ()),
        ),
        team_label=team_label,
        ownership=answers.ownership,
        times=times,
    )


def _judged_beside(
    given: Given, rules: Iterable[Answered], hindered: Mapping[str, Judgement]
) -> tuple[Answered, ...]:
    """`rules` with what is judged beside their routes: loading, names, promised time."""
    groups = [group for file in given.rule_files for group in file.groups for _ in group.alerts]
    judged: list[Answered] = []
    for one, group in zip(rules, groups, strict=True):
        answer = unless_refused(unless_hindered(one.answer, hindered), one.rule, given.alertmanager)
        if given.within_seconds is not None:
            answer = unless_late(
                replace(one, answer=answer), group, given.prometheus, given.within_seconds
            )
        judged.append(one if answer is one.answer else replace(one, answer=answer))
    return tuple(judged)


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


def _alert_series(answers: Answers) -> tuple[str, ...]:
    """The series of alerts, where rules of the files give them the team label.

    A rule that reads one of them is not decided then, so A1 need not hold for them.
    """
    return tuple(name for name in ALERT_SERIES if name in answers.carriers)


def _templates(given: Given) -> ReceiverTemplates:
    if given.config is None:
        return ReceiverTemplates()
    return receiver_templates(given.config, given.alertmanager)


def _rules(rule_files: Iterable[RuleFile]) -> Iterable[AlertingRule]:
    for rule_file in rule_files:
        yield from rule_file.alerts


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


def _team_label(given: Given) -> TeamLabel:
    if given.team_label is not None:
        return TeamLabel(given.team_label, "given")
    if given.manifest is not None:
        return TeamLabel(given.manifest.team_label, "manifest")
    return guess_team_label(given.rule_files, () if given.config is None else (given.config,))


def _ownership(given: Given, team_label: str) -> Ownership:
    if given.manifest is not None:
        found = of_manifest(given.manifest, given.manifest_source)
    elif given.config is not None:
        found = infer(given.config, team_label)
    else:
        found = Ownership(source=None, declared={}, led_to={}, teams=())
    if given.declared is not None:
        found = declare(found, given.declared.source, given.declared.holders)
    return found
