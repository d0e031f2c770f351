"""What is known of the labels of a rule's alerts before any of them fires."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from buckstop.prometheus import PrometheusConfig
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.carriers import supplies

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
        is_team_external: whether the server's external labels give that value, not the rule.
    """

    labels: Mapping[str, str]
    absent: frozenset[str]
    team: str | None
    team_open: str | None
    is_team_external: bool = False


def known_labels(
    rule: AlertingRule,
    team_label: str,
    prometheus: PrometheusConfig | None,
    *,
    carriers: AbstractSet[str] = frozenset(),
    carried: Mapping[str, str] | None = None,
) -> Known:
    """The labels of `rule`'s alerts under A1, and under A2 where `prometheus` is None.

    Args:
        carriers: names of series made by the files that may have the team label.
        carried: labels of one alert at hand, for those that the rule leaves to the series.
    """
    labels = {**(carried or {}), **rule.static_labels}
    external = {} if prometheus is None else dict(prometheus.external_labels)
    # A label that the rule sets to nothing is dropped, whatever the series say.
    absent = {name for name, value in rule.labels if value.text == "" and not external.get(name)}
    labels = {name: value for name, value in labels.items() if name not in absent}
    team_open = None
    is_team_external = False
    if team_label not in labels:
        team_open = _open(rule, team_label, external.get(team_label, ""), carriers)
        if team_open is None and external.get(team_label):
            labels[team_label] = external[team_label]
            is_team_external = True
        elif team_open is None:
            absent.add(team_label)
    return Known(labels, frozenset(absent), labels.get(team_label), team_open, is_team_external)


def _open(
    rule: AlertingRule, team_label: str, external: str, carriers: AbstractSet[str]
) -> str | None:
    """Why the team label's value is not known, though the rule gives it no fixed one."""
    written = rule.label(team_label)
    if team_label in rule.templated_labels:
        return FILLED_BY_RULE
    # One that the rule sets to nothing is dropped, whatever the expression supplies.
    if written is None and supplies(rule.expr, team_label, carriers):
        return SUPPLIED_BY_EXPRESSION
    return FILLED_BY_ENVIRONMENT if "$" in external else None
