"""What a Prometheus server adds to its rules' alerts, read from its ``prometheus.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document import Fields, Scalar, parse_one
from buckstop.document.codes import VALUE_INVALID
from buckstop.prometheus import parse_duration


@dataclass(frozen=True, slots=True)
class Environment:
    """The part of a ``prometheus.yml`` that decides about labels and time.

    Attributes:
        file: its name.
        external_labels: they fill what an alert lacks.
        relabelled: where ``alert_relabel_configs`` stand, or None; they may change any label.
        scrape_interval_seconds, evaluation_interval_seconds: None where the file is silent.
    """

    file: str
    external_labels: Mapping[str, str]
    relabelled: Span | None
    scrape_interval_seconds: float | None
    evaluation_interval_seconds: float | None


def read_environment(
    text: str | bytes, file: str
) -> tuple[Environment | None, tuple[Diagnostic, ...]]:
    """The environment that the ``prometheus.yml`` `text` makes; what else stands there is not read.

    None where the file is no YAML mapping, which a diagnostic says.
    """
    node, diagnostics = parse_one(text, file)
    findings = list(diagnostics)
    root = None if node is None else Fields.of(node, "a Prometheus configuration", findings)
    if root is None:
        return None, tuple(findings)
    section = root.fields("global", "`global`")
    external: dict[str, str] = {}
    scrape = evaluation = None
    if section is not None:
        external = {
            name.text: value.text
            for name, value in section.pairs("external_labels", "label names and values")
            if value.text
        }
        scrape = _seconds(section.scalar("scrape_interval"), findings)
        evaluation = _seconds(section.scalar("evaluation_interval"), findings)
    environment = Environment(file, external, _relabelled(root), scrape, evaluation)
    return environment, tuple(findings)


def _relabelled(root: Fields) -> Span | None:
    alerting = root.fields("alerting", "`alerting`")
    if alerting is None:
        return None
    places = [alerting.node_at("alert_relabel_configs")]
    for item in alerting.sequence("alertmanagers", "Alertmanagers"):
        target = Fields.of(item, "an Alertmanager", alerting.findings)
        if target is not None:
            places.append(target.node_at("alert_relabel_configs"))
    return next((place.span for place in places if place is not None), None)


def _seconds(value: Scalar | None, findings: list[Diagnostic]) -> float | None:
    if value is None:
        return None
    try:
        return parse_duration(value.text)
    except ValueError as error:
        findings.append(Diagnostic(VALUE_INVALID, str(error), value.span))
        return None
