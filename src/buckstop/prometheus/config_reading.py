"""``prometheus.yml`` in, as far as it says what happens to alerts and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document import Fields, Mapping, Node, Scalar, parse_one
from buckstop.prometheus.codes import RULE_DURATION_INVALID
from buckstop.prometheus.config_tables import TOP
from buckstop.prometheus.durations import parse_duration
from buckstop.prometheus.versions import parse_version

_DEFAULT_INTERVAL_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class PrometheusConfig:
    """The part of a ``prometheus.yml`` that decides about alerts.

    Attributes:
        scrape_interval_seconds, evaluation_interval_seconds: of the ``global`` section; the
            server's own minute where the file is silent.
        external_labels: they fill what an alert lacks.
        rule_files: globs, relative to the file's folder.
        has_alertmanagers: whether alerts are sent anywhere at all.
        relabelled: where ``alert_relabel_configs`` stand, or None; they may change any label.
    """

    file: str
    node: Mapping
    scrape_interval_seconds: float
    evaluation_interval_seconds: float
    external_labels: tuple[tuple[str, str], ...]
    rule_files: tuple[str, ...]
    has_alertmanagers: bool
    relabelled: Span | None


def read_config(
    text: str | bytes, file: str, version: str | None = None
) -> tuple[PrometheusConfig | None, tuple[Diagnostic, ...]]:
    """The configuration that `text` holds; parts that say nothing of alerts are not judged.

    None where it is no mapping, which a diagnostic says.

    Args:
        version: Prometheus's, such as ``3.5``; None takes what any supported version takes.

    Raises:
        ValueError: if `version` is none.
    """
    parse_version(version)
    node, diagnostics = parse_one(text, file)
    if node is None:
        return None, diagnostics
    config, findings = read_config_node(node, file, version)
    return config, (*diagnostics, *findings)


def read_config_node(
    node: Node, file: str, version: str | None = None
) -> tuple[PrometheusConfig | None, tuple[Diagnostic, ...]]:
    """As `read_config`, of a tree that stands at `node`."""
    aimed = parse_version(version)
    findings: list[Diagnostic] = []
    root = Fields.of(node, "a Prometheus configuration", findings)
    if root is None:
        return None, tuple(findings)
    settings = root.fields("global", "the global section")
    scrape = evaluation = _DEFAULT_INTERVAL_SECONDS
    external: tuple[tuple[str, str], ...] = ()
    if settings is not None:
        scrape = _interval(settings, "scrape_interval")
        evaluation = _interval(settings, "evaluation_interval")
        external = tuple(
            (name.text, value.text)
            for name, value in settings.pairs("external_labels", "label names and values")
        )
    rule_files = root.scalars("rule_files", "globs of rule files") or ()
    has_alertmanagers, relabelled = _alerting(root)
    TOP.finish(root, aimed)
    config = PrometheusConfig(
        file=file,
        node=root.node,
        scrape_interval_seconds=scrape,
        evaluation_interval_seconds=evaluation,
        external_labels=external,
        rule_files=tuple(path.text for path in rule_files),
        has_alertmanagers=has_alertmanagers,
        relabelled=relabelled,
    )
    return config, tuple(findings)


def looks_like_prometheus(root: Node | None) -> bool:
    """Whether a document is meant as a ``prometheus.yml``, by a section that only it has."""
    return (
        isinstance(root, Mapping)
        and any(key in root for key in ("scrape_configs", "rule_files", "alerting"))
        and all(entry.key.text in TOP.names for entry in root.entries)
    )


def _interval(settings: Fields, key: str) -> float:
    value = settings.scalar(key, "a duration such as 15s")
    if value is None:
        return _DEFAULT_INTERVAL_SECONDS
    try:
        # Zero counts as not given, as in the server.
        return parse_duration(value.text) or _DEFAULT_INTERVAL_SECONDS
    except ValueError as error:
        settings.findings.append(Diagnostic(RULE_DURATION_INVALID, str(error), value.span))
        return _DEFAULT_INTERVAL_SECONDS


def _alerting(root: Fields) -> tuple[bool, Span | None]:
    alerting = root.fields("alerting", "the alerting section")
    if alerting is None:
        return False, None
    places = [alerting.node_at("alert_relabel_configs")]
    targets = alerting.sequence("alertmanagers", "Alertmanagers")
    places += [
        target.get("alert_relabel_configs") for target in targets if isinstance(target, Mapping)
    ]
    relabelled = next(
        (place.span for place in places if place is not None and _says_something(place)), None
    )
    return bool(targets), relabelled


def _says_something(node: Node) -> bool:
    return not (isinstance(node, Scalar) and node.is_null)
