"""What is known of the labels of a rule's alerts before any of them fires."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from buckstop.prometheus import PrometheusConfig
from buckstop.prometheus.model import AlertingRule, RecordingRule
from buckstop.promql.lexing import tokens

FILLED_BY_RULE: Final = "the rule fills it when it fires"
SUPPLIED_BY_EXPRESSION: Final = "the expression may supply it"
FILLED_BY_ENVIRONMENT: Final = (
    "its external label holds `$`, which Prometheus fills from its environment"
)
"""Since 3.0 in every case, before that where a feature flag asks for it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the labels of a rule's alerts.

    Attributes:
        labels: name to the value that every alert of the rule has.
        absent: names that no alert of the rule has.
        team: the value of the team label; None where it is absent or open.
        team_open: why the team label's value is known only when the alert fires; None where it
            is known, or known to be absent.
    """

    labels: Mapping[str, str]
    absent: frozenset[str]
    team: str | None
    team_open: str | None


def known_labels(
    rule: AlertingRule,
    team_label: str,
    prometheus: PrometheusConfig | None,
    *,
    carriers: Collection[str] = (),
    carried: Mapping[str, str] | None = None,
) -> Known:
    """The labels of `rule`'s alerts under A1, and under A2 where `prometheus` is None.

    Args:
        carriers: names of recorded series that may have the team label.
        carried: labels of one alert at hand, for those that the rule leaves to the series.
    """
    labels = {**(carried or {}), **rule.static_labels}
    external = {} if prometheus is None else dict(prometheus.external_labels)
    # A label that the rule sets to nothing is dropped, whatever the series say.
    absent = {name for name, value in rule.labels if value.text == "" and not external.get(name)}
    labels = {name: value for name, value in labels.items() if name not in absent}
    team_open = None
    if team_label not in labels:
        team_open = _open(rule, team_label, external.get(team_label, ""), carriers)
        if team_open is None and external.get(team_label):
            labels[team_label] = external[team_label]
        elif team_open is None:
            absent.add(team_label)
    return Known(labels, frozenset(absent), labels.get(team_label), team_open)


def _open(
    rule: AlertingRule, team_label: str, external: str, carriers: Collection[str]
) -> str | None:
    """Why the team label's value is not known, though the rule gives it no fixed one."""
    written = rule.label(team_label)
    if team_label in rule.templated_labels:
        return FILLED_BY_RULE
    # One that the rule sets to nothing is dropped, whatever the expression supplies.
    if written is None and mentions(rule.expr, {team_label, *carriers}):
        return SUPPLIED_BY_EXPRESSION
    return FILLED_BY_ENVIRONMENT if "$" in external else None


def carriers_of(rules: Iterable[RecordingRule], team_label: str) -> frozenset[str]:
    """The recorded series that may have the label `team_label`: by a label, or from other series.

    A1 speaks of the series that are scraped; what the files themselves record is read.
    """
    rules = tuple(rules)
    reached = [
        rule.record
        for rule in rules
        if any(name == team_label and value.text for name, value in rule.labels)
        or mentions(rule.expr, {team_label})
    ]
    if not reached:
        return frozenset()
    recorded_from: dict[str, list[str]] = {}
    for rule in rules:
        for name in _names(rule.expr):
            recorded_from.setdefault(name, []).append(rule.record)
    found: set[str] = set()
    while reached:
        record = reached.pop()
        if record not in found:
            found.add(record)
            reached += recorded_from.get(record, ())
    return frozenset(found)


def mentions(expr: str, names: Collection[str]) -> bool:
    """Whether one of `names` stands in `expr`, as a word or as a whole string."""
    return any(name in expr for name in names) and not _names(expr).isdisjoint(names)


def _names(expr: str) -> frozenset[str]:
    return frozenset(
        token.text if token.kind == "word" else token.text[1:-1]
        for token in tokens(expr)
        if token.kind in {"word", "string"}
    )
