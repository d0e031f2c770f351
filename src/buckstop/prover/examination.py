"""Rules and routes in; answers, findings and the assumptions they rest on out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from buckstop.diagnostics import Diagnostic
from buckstop.prometheus.model import AlertingRule, RuleFile
from buckstop.prover.alert_kinds import alert_kinds
from buckstop.prover.answers import Answers
from buckstop.prover.carriers import ALERT_SERIES
from buckstop.prover.checks import Answered, Subject, TeamTimes, run_checks
from buckstop.prover.given import Given
from buckstop.prover.grounds import Grounds, grounds_of, hindered_files
from buckstop.prover.model import (
    A2,
    A3,
    Assumption,
    Judgement,
    Property,
    RuleAnswer,
    a1,
    label_values,
    same_templates,
)
from buckstop.prover.model_rules import faults_watched
from buckstop.prover.ownership import Ownership
from buckstop.prover.promised_groups import unless_buried
from buckstop.prover.promised_notice import unless_silenced
from buckstop.prover.promised_time import unless_late
from buckstop.prover.rule_loading import unless_hindered, unless_refused
from buckstop.prover.team_label import TeamLabel
from buckstop.prover.team_times import team_times


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found.

    Attributes:
        rules: every alerting rule with its answer, in the order of the files.
        diagnostics: of the checks; what reading found is not repeated.
        assumptions: under which the verdicts hold.
        grounds: what all rules were answered on, for the next examination.
        times: when teams are told, of those with intervals on a route that tells them.
    """

    rules: tuple[Answered, ...]
    diagnostics: tuple[Diagnostic, ...]
    assumptions: tuple[Assumption, ...]
    grounds: Grounds
    times: tuple[TeamTimes, ...] = ()

    @property
    def team_label(self) -> TeamLabel:
        """The label that names the team."""
        return self.grounds.team_label

    @property
    def ownership(self) -> Ownership:
        """Whose the receivers are."""
        return self.grounds.answers.ownership

    def named(self, alert: str) -> tuple[Answered, ...]:
        """The rules called `alert`."""
        return tuple(one for one in self.rules if one.rule.alert == alert)

    @property
    def verdicts(self) -> tuple[RuleAnswer, ...]:
        """The answers alone."""
        return tuple(one.answer for one in self.rules)


def examine(given: Given, before: Examination | None = None) -> Examination:
    """Answer every rule of `given` and run every check.

    Args:
        before: an earlier examination. What it found of the routes and of rules that have not
            changed is not looked for again; the result is the same without it.
    """
    grounds = grounds_of(given, None if before is None else before.grounds)
    answers, routes = grounds.answers, grounds.routes
    rules = tuple(
        Answered(rule, *answers.answer_and_parts(rule)) for rule in _rules(given.rule_files)
    )
    times = team_times(given.config, rules, given.since)
    subject = Subject(
        config=routes.config,
        ownership=routes.ownership,
        team_label=routes.team_label,
        templates=routes.templates,
        tree=routes.tree,
        router=routes.router,
        rules=rules,
        times=times,
        environment=given.environment,
        watching=tuple((one, faults) for one in rules if (faults := faults_watched(one.rule))),
        kinds=alert_kinds(given.config, rules, answers.domain_of),
    )
    is_prometheus_given = given.prometheus is not None or given.prometheus_refusal is not None
    judged = _judged_beside(given, rules, hindered_files(given))
    if Property.NOT_SILENCED in given.promises:
        judged = unless_silenced(judged, given.config, answers.asked, answers.domain_of)
    if Property.NOT_BURIED in given.promises:
        judged = unless_buried(judged, answers.asked, answers.domain_of)
    return Examination(
        rules=judged,
        diagnostics=run_checks(subject, grounds.found),
        assumptions=(
            a1(grounds.team_label.name, beside=_alert_series(answers)),
            *(() if is_prometheus_given else (A2,)),
            *((A3,) if answers.follows_recordings else ()),
            *((label_values(given.environment_source),) if given.environment else ()),
            *((same_templates(given.templates_source),) if given.templates_source else ()),
        ),
        grounds=grounds,
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


def _alert_series(answers: Answers) -> tuple[str, ...]:
    """The series of alerts, where rules of the files give them the team label.

    A rule that reads one of them is not decided then, so A1 need not hold for them.
    """
    return tuple(name for name in ALERT_SERIES if name in answers.carriers)


def _rules(rule_files: Iterable[RuleFile]) -> Iterable[AlertingRule]:
    for rule_file in rule_files:
        yield from rule_file.alerts
