"""The part of ``prometheus.yml`` that decides about alerts, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.diagnostics import Span
from buckstop.document import Mapping
from buckstop.prometheus.relabelling import Relabelling


@dataclass(frozen=True, slots=True)
class AlertmanagerGroup:
    """One item of ``alerting.alertmanagers``: servers that are sent the same.

    Attributes:
        targets: ``host:port`` of those named in ``static_configs``; others may be discovered.
        is_reached: whether there may be a server at all: a named one that ``relabel_configs`` do
            not drop, or a discovered one.
        alert_relabel_configs: applied to what is sent to these alone, after the global steps.
    """

    span: Span
    node: Mapping
    scheme: str
    path_prefix: str
    targets: tuple[str, ...]
    is_reached: bool
    alert_relabel_configs: tuple[Relabelling, ...]


@dataclass(frozen=True, slots=True)
class RuleGlob:
    """An entry of ``rule_files``: relative to the configuration's folder, `*` in its last part."""

    pattern: str
    span: Span


@dataclass(frozen=True, slots=True)
class PrometheusConfig:
    """The part of a ``prometheus.yml`` that decides about alerts.

    Attributes:
        scrape_interval_seconds, evaluation_interval_seconds: of the ``global`` section; the
            server's own minute where the file is silent.
        rule_query_offset_seconds: how far back rules are evaluated; 0 where the file is silent.
        external_labels: they fill what an alert lacks, before `alert_relabel_configs`.
        relabelled: where the first ``alert_relabel_configs`` stand, those that cannot be read
            included, or None; they may change any label.
    """

    file: str
    node: Mapping
    scrape_interval_seconds: float
    evaluation_interval_seconds: float
    rule_query_offset_seconds: float
    external_labels: tuple[tuple[str, str], ...]
    rule_globs: tuple[RuleGlob, ...]
    alert_relabel_configs: tuple[Relabelling, ...]
    alertmanagers: tuple[AlertmanagerGroup, ...]
    relabelled: Span | None

    @property
    def rule_files(self) -> tuple[str, ...]:
        """The globs as text."""
        return tuple(glob.pattern for glob in self.rule_globs)

    @property
    def has_alertmanagers(self) -> bool:
        """Whether alerts are sent anywhere at all."""
        return any(group.is_reached for group in self.alertmanagers)
