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


@dataclass(frozen=True, slots=True)
class Proven:
    """What is proven of what the servers have loaded.

    Attributes:
        since: since when it has been so.
        differs: the parts in which what runs is not the build.
    """

    holds: bool
    since: datetime
    rules: int
    proven: int
    witness: str
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """The last check of the whole record.

    Attributes:
        discrepancies: how much is wrong with it.
    """

    at: datetime
    seconds: float
    events: int
    discrepancies: int


@dataclass(eq=False)
class Vigil(Collector):
    """All of it; written in the event loop, read at each scrape.

    Attributes:
        asked: by server.
        found: alerts that were taken in because a server held them and nobody had told of them.
        proof: of what the servers have loaded; None before there was one.
        proof_asked_at: when it was last known to be of what they have loaded now.
        record: the last check of the whole record.
    """

    asked: dict[Server, Asked] = field(default_factory=dict)
    found: int = 0
    proof: Proven | None = None
    proof_asked_at: datetime | None = None
    record: RecordCheck | None = None

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
        yield from self._proof()
        yield from self._record()

    def _proof(self) -> Iterator[Metric]:
        holds = GaugeMetricFamily(
            "buckstop_ledger_proof_holds",
            "1 while every rule that the servers have loaded is proven to have one team, else 0.",
        )
        since = GaugeMetricFamily(
            "buckstop_ledger_proof_since_timestamp_seconds", "Since when that has been so."
        )
        differs = GaugeMetricFamily(
            "buckstop_ledger_loaded_differences",
            "Parts in which what the servers have loaded is not the build.",
        )
        asked = GaugeMetricFamily(
            "buckstop_ledger_proof_timestamp_seconds",
            "When the proof was last known to be of what the servers have loaded.",
        )
        if self.proof is not None:
            holds.add_metric([], float(self.proof.holds))
            since.add_metric([], self.proof.since.timestamp())
            differs.add_metric([], len(self.proof.differs))
        if self.proof_asked_at is not None:
            asked.add_metric([], self.proof_asked_at.timestamp())
        yield from (holds, since, differs, asked)

    def _record(self) -> Iterator[Metric]:
        at = GaugeMetricFamily(
            "buckstop_ledger_record_checked_timestamp_seconds",
            "When the whole record was last checked against its hashes.",
        )
        seconds = GaugeMetricFamily("buckstop_ledger_record_check_seconds", "How long that took.")
        wrong = GaugeMetricFamily(
            "buckstop_ledger_record_discrepancies", "How much was wrong with it."
        )
        if self.record is not None:
            at.add_metric([], self.record.at.timestamp())
            seconds.add_metric([], self.record.seconds)
            wrong.add_metric([], self.record.discrepancies)
        yield from (at, seconds, wrong)
