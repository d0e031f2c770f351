"""Prometheus rule files as frozen values that know where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.diagnostics import Span
from buckstop.document import Scalar
from buckstop.prometheus.rule_templates import fixed_text


@dataclass(frozen=True, slots=True)
class AlertingRule:
    """One ``alert:``.

    Attributes:
        group: the name of its group.
        expr: the PromQL text; `expr_span` is where it stands.
        for_seconds: how long the expression must hold before the alert fires.
        labels: rule labels over group labels, name to scalar; a value may be a template.
        annotations: name to scalar.
    """

    alert: str
    group: str
    span: Span
    expr: str
    expr_span: Span
    for_seconds: float
    labels: tuple[tuple[str, Scalar], ...]
    annotations: tuple[tuple[str, Scalar], ...]

    def label(self, name: str) -> Scalar | None:
        """The scalar that the rule gives the label `name`, or None."""
        return next((value for key, value in self.labels if key == name), None)

    @property
    def static_labels(self) -> dict[str, str]:
        """The labels that every alert of this rule carries with a known value.

        ``alertname`` is among them; a templated label is, where its template gives the same text
        for every alert. An empty value is no label.
        """
        fixed = ((name, fixed_text(value.text)) for name, value in self.labels)
        known = {name: text for name, text in fixed if text}
        known["alertname"] = self.alert
        return known

    @property
    def templated_labels(self) -> tuple[str, ...]:
        """Names of the labels whose value is known only when the alert fires."""
        return tuple(
            name for name, value in self.labels if value.text and not fixed_text(value.text)
        )


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """One ``record:``."""

    record: str
    group: str
    span: Span
    expr: str
    expr_span: Span
    labels: tuple[tuple[str, Scalar], ...]


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """A named group; `interval_seconds` is None where the server's own interval applies."""

    name: str
    span: Span
    interval_seconds: float | None
    rules: tuple[AlertingRule | RecordingRule, ...]

    @property
    def alerts(self) -> tuple[AlertingRule, ...]:
        """Its alerting rules, in the order of the file."""
        return tuple(rule for rule in self.rules if isinstance(rule, AlertingRule))


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One rule file."""

    file: str
    groups: tuple[RuleGroup, ...]

    @property
    def alerts(self) -> tuple[AlertingRule, ...]:
        """All alerting rules, in the order of the file."""
        return tuple(rule for group in self.groups for rule in group.alerts)
