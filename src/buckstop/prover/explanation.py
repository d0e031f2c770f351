"""Why a rule's alerts reach whom they reach: the routes taken, the authority, the time it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.model import AlertmanagerConfig, Matcher, Route
from buckstop.prometheus import PrometheusConfig
from buckstop.prometheus.model import AlertingRule, RuleFile
from buckstop.prover.model import RuleAnswer
from buckstop.prover.ownership import nodes_on
from buckstop.prover.timing import (
    EVALUATION_INTERVAL_SECONDS,
    SCRAPE_INTERVAL_SECONDS,
    Noticing,
    noticing,
)

if TYPE_CHECKING:
    from buckstop.compiler.manifest import Authority, Manifest


@dataclass(frozen=True, slots=True)
class Step:
    """One route on the way: where it stands, what it asks for, whom it would tell."""

    depth: int
    file: str
    line: int
    matchers: tuple[Matcher, ...]
    continues: bool
    receiver: str
    notifies: bool


@dataclass(frozen=True, slots=True)
class Intervals:
    """Scrape and evaluation intervals in seconds, and where they come from, for people."""

    scrape_seconds: float
    evaluation_seconds: float
    source: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that ``who`` says of one rule.

    Attributes:
        steps: the routes taken, depth first, each once.
        matches: the routes that notify, in order.
        team_label: the label that names the team.
        authority: the charter's line by which the team answers, or None.
        noticing: None where no route is decided.
        not_carried: labels asked about that no alert of the rule has; the answer leaves them out.
    """

    rule: AlertingRule
    answer: RuleAnswer
    steps: tuple[Step, ...]
    matches: tuple[RouteMatch, ...]
    team_label: str
    authority: Authority | None
    intervals: Intervals
    noticing: Noticing | None
    not_carried: tuple[tuple[str, str], ...]


def explain(
    rule: AlertingRule,
    answer: RuleAnswer,
    matches: tuple[RouteMatch, ...],
    config: AlertmanagerConfig | None,
    *,
    team_label: str,
    intervals: Intervals,
    authority: Authority | None,
    not_carried: tuple[tuple[str, str], ...] = (),
) -> Explanation:
    """Put together why `answer` is so; `matches` are the routes that alerts of `rule` take."""
    return Explanation(
        rule=rule,
        answer=answer,
        steps=() if config is None else tuple(_steps(config.route, matches)),
        matches=matches,
        team_label=team_label,
        authority=authority,
        intervals=intervals,
        noticing=_noticing(rule, answer, matches, intervals),
        not_carried=not_carried,
    )


def _noticing(
    rule: AlertingRule,
    answer: RuleAnswer,
    matches: tuple[RouteMatch, ...],
    intervals: Intervals,
) -> Noticing | None:
    """Of the route that tells whoever answers; informed receivers do not count."""
    telling = [match for match in matches if match.receiver not in answer.informed] or matches
    if not telling:
        return None
    return noticing(
        scrape_interval_seconds=intervals.scrape_seconds,
        evaluation_interval_seconds=intervals.evaluation_seconds,
        for_seconds=rule.for_seconds,
        group_wait_seconds=max(match.options.group_wait_seconds for match in telling),
        group_interval_seconds=max(match.options.group_interval_seconds for match in telling),
    )


def _steps(root: Route, matches: tuple[RouteMatch, ...]) -> Iterable[Step]:
    seen: set[tuple[int, ...]] = set()
    notifying = {match.path for match in matches}
    for match in matches:
        receiver = ""
        for depth, node in enumerate(nodes_on(root, match.path)):
            receiver = node.receiver or receiver
            path = match.path[:depth]
            if path not in seen:
                seen.add(path)
                yield Step(
                    depth=depth,
                    file=node.span.file,
                    line=node.span.line,
                    matchers=node.matchers,
                    continues=node.continues,
                    receiver=receiver,
                    notifies=path in notifying,
                )


def intervals_of(
    rule: AlertingRule, rule_files: Iterable[RuleFile], prometheus: PrometheusConfig | None
) -> Intervals:
    """The intervals that hold for a rule in a file."""
    scrape, evaluation = SCRAPE_INTERVAL_SECONDS, EVALUATION_INTERVAL_SECONDS
    source = "Prometheus's defaults"
    if prometheus is not None:
        scrape = prometheus.scrape_interval_seconds
        evaluation = prometheus.evaluation_interval_seconds
        source = prometheus.file
    for rule_file in rule_files:
        for group in rule_file.groups:
            # Of one stream, several objects may have groups of the same name.
            own = any(one is rule for one in group.rules)
            if own and group.interval_seconds is not None:
                evaluation = group.interval_seconds
                source = f"{source}, group {group.name}"
    return Intervals(scrape, evaluation, source)


def authority_for(rule: AlertingRule, manifest: Manifest | None) -> Authority | None:
    """The line of the charter that `manifest` cites for alerts of `rule`, or None.

    A generated alert is known by its labels; any other by the first ``alerts:`` entry that its
    static labels satisfy.
    """
    if manifest is None:
        return None
    labels = rule.static_labels
    for alert in manifest.alerts:
        if {**dict(alert.labels), "alertname": alert.alert} == labels:
            return alert.authority
    for entry in manifest.existing:
        if all(labels.get(name) == value for name, value in entry.match):
            return entry.authority
    return None
