"""What the ledger notices of itself and of the servers that it asks, as numbers for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from buckstop.ledger.reconcile.round import Server


@dataclass
class Asked:
    """One server that is asked which alerts fire.

    Attributes:
        at: when it last answered; None for never.
        seconds: how long that took.
        failures: how often it did not.
        unknown: alerts of its last answer of which nothing can be concluded.
    """

    at: datetime | None = None
    seconds: float = 0.0
    failures: int = 0
    unknown: int = 0


@dataclass(eq=False)
class Vigil(Collector):
    """All of it; written in the event loop, read at each scrape.

    Attributes:
        asked: by server.
        found: alerts that were taken in because a server held them and nobody had told of them.
    """

    asked: dict[Server, Asked] = field(default_factory=dict)
    found: int = 0

    def collect(self) -> Iterator[Metric]:
        """The numbers as they are now."""
        labels = ["kind", "source"]
        at = GaugeMetricFamily(
            "buckstop_ledger_asked_timestamp_seconds",
            "When a server last said which alerts fire; 0 for never.",
            labels=labels,
        )
        seconds = GaugeMetricFamily(
            "buckstop_ledger_asked_seconds", "How long its last answer took.", labels=labels
        )
        failures = CounterMetricFamily(
            "buckstop_ledger_asked_failures", "How often it did not say.", labels=labels
        )
        unknown = GaugeMetricFamily(
            "buckstop_ledger_asked_unknown_alerts",
            "Alerts of its last answer whose labels depend on whom they are sent to.",
            labels=labels,
        )
        for server, asked in sorted(self.asked.items(), key=lambda item: item[0].name):
            values = [server.kind, server.name]
            at.add_metric(values, 0.0 if asked.at is None else asked.at.timestamp())
            seconds.add_metric(values, asked.seconds)
            failures.add_metric(values, asked.failures)
            unknown.add_metric(values, asked.unknown)
        found = CounterMetricFamily(
            "buckstop_ledger_untold_alerts",
            "Alerts that were taken in because a server held them and nobody had told of them.",
        )
        found.add_metric([], self.found)
        yield from (at, seconds, failures, unknown, found)
