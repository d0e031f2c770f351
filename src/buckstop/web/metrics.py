"""The ledger's own numbers, for Prometheus."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from buckstop import __version__
from buckstop.ledger.domain.observe import Outcome
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.outbox.driver import Report

INTAKE_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
LAG_BUCKETS = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800)


class Metrics:
    """What is counted while the ledger works, in a registry of its own."""

    def __init__(self, ledger: Ledger, turned_away: Mapping[str, int]) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "buckstop_ledger_intake_seconds",
            "From a request's arrival to its durable commit.",
            ["kind"],
            buckets=INTAKE_BUCKETS,
            registry=self.registry,
        )
        self._lag = Histogram(
            "buckstop_ledger_opening_lag_seconds",
            "From an alert's start, by its source's clock, to its owner on record.",
            ["kind"],
            buckets=LAG_BUCKETS,
            registry=self.registry,
        )
        self._requests = Counter(
            "buckstop_ledger_intake_requests",
            "Requests to the intakes by their answer.",
            ["kind", "source", "status"],
            registry=self.registry,
        )
        self._alerts = Counter(
            "buckstop_ledger_alerts",
            "Alerts taken in by what they came to.",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self._heard = Gauge(
            "buckstop_ledger_last_heard_timestamp_seconds",
            "When a source last posted alerts that were recorded.",
            ["kind", "source"],
            registry=self.registry,
        )
        self._signed = Gauge(
            "buckstop_ledger_signed_timestamp_seconds",
            "When all of the record was last seen to be signed; 0 where nothing signs it.",
            registry=self.registry,
        )
        self._pending = Gauge(
            "buckstop_ledger_outbox_pending",
            "Alerts that are not led to their team yet, and what is due on Alertmanagers.",
            registry=self.registry,
        )
        self._age = Gauge(
            "buckstop_ledger_outbox_age_seconds",
            "How long the oldest alert that is not led yet has been its team's; 0 where none is.",
            registry=self.registry,
        )
        self._failures = Gauge(
            "buckstop_ledger_outbox_failures",
            "What Alertmanagers did not take from the ledger since it started.",
            registry=self.registry,
        )
        shadow = Gauge(
            "buckstop_ledger_shadow",
            "1 where the ledger only observes who would answer, else 0.",
            registry=self.registry,
        )
        shadow.set(float(ledger.is_shadow))
        build = Gauge("buckstop_build_info", "Always 1.", ["version"], registry=self.registry)
        build.labels(__version__).set(1)
        self.registry.register(_State(ledger, turned_away))

    def recorded(
        self, kind: str, source: str, seconds: float, at: float, outcomes: Mapping[Outcome, int]
    ) -> None:
        """A request's alerts are durable, `seconds` after it arrived."""
        self._seconds.labels(kind).observe(seconds)
        self._heard.labels(kind, source).set(at)
        for outcome, count in outcomes.items():
            self._alerts.labels(kind, outcome).inc(count)

    def opened(self, kind: str, lag_seconds: float) -> None:
        """An alert that had started `lag_seconds` ago got an owner."""
        self._lag.labels(kind).observe(max(0.0, lag_seconds))

    def signed(self, at: float) -> None:
        """All of the record that there was is signed."""
        self._signed.set(at)

    def led(self, report: Report) -> None:
        """The outbox has looked."""
        self._pending.set(report.pending)
        self._age.set(report.age_seconds)
        self._failures.set(report.failures)

    def answered(self, kind: str, source: str, status: int) -> None:
        """An intake's request was answered with `status`."""
        self._requests.labels(kind, source, str(status)).inc()


class _State(Collector):
    """What is read from the ledger at each scrape."""

    def __init__(self, ledger: Ledger, turned_away: Mapping[str, int]) -> None:
        self._ledger = ledger
        self._turned_away = turned_away

    def collect(self) -> Iterable[Metric]:
        incidents = GaugeMetricFamily(
            "buckstop_ledger_open_incidents",
            "Open incidents by accountable team and severity.",
            labels=["team", "severity", "acknowledged"],
        )
        counts: Count[tuple[str, str, str]] = Count()
        severities = self._ledger.accountability.manifest.severities
        for incident in self._ledger.book.incidents.values():
            if incident.owner is None:
                continue
            rank = min(member.severity_rank for member in incident.members.values())
            severity = severities[rank] if rank < len(severities) else "other"
            acknowledged = str(incident.acknowledged is not None).lower()
            counts[incident.owner.team, severity, acknowledged] += 1
        for labels, count in sorted(counts.items()):
            incidents.add_metric(list(labels), count)
        yield incidents
        yield self._heartbeats()
        errors = CounterMetricFamily(
            "buckstop_ledger_store_errors", "Commits that the store failed to make."
        )
        errors.add_metric([], self._ledger.store_errors)
        yield errors
        turned_away = CounterMetricFamily(
            "buckstop_ledger_turned_away",
            "Requests that were turned away at the door.",
            labels=["why"],
        )
        for why, count in sorted(self._turned_away.items()):
            turned_away.add_metric([why], count)
        yield turned_away
        up = GaugeMetricFamily(
            "buckstop_ledger_store_up", "1 while the last commit succeeded, else 0."
        )
        up.add_metric([], float(self._ledger.store_error is None))
        yield up

    def _heartbeats(self) -> Metric:
        """By source, the alerts that always fire: where they cease, the source is not heard."""
        live: Count[tuple[str, str]] = Count()
        for incident in list(self._ledger.book.incidents.values()):
            if incident.not_accountable is None:
                continue
            for member in incident.members.values():
                for stream, source in member.sources.items():
                    if source.state == "live":
                        live[stream.kind, stream.source] += 1
        found = GaugeMetricFamily(
            "buckstop_ledger_heartbeats",
            "Alerts that fire and that nobody needs to answer for, such as a dead man's switch.",
            labels=["kind", "source"],
        )
        for labels, count in sorted(live.items()):
            found.add_metric(list(labels), count)
        return found
