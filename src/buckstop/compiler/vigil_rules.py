"""Alerts about what the ledger notices of itself and of the servers: its own numbers, judged."""

from __future__ import annotations

from typing import Final

from buckstop.charter.model import Ledger
from buckstop.compiler.notation import Pace, number, over, rising, selector, steady
from buckstop.compiler.ownership import LEDGER_FAULT
from buckstop.compiler.rule import (
    ALERTS_UNTOLD,
    HEARTBEAT_LOST,
    LOADED_DIFFERS,
    PROOF_BROKEN,
    PROOF_STALE,
    RECORD_BROKEN,
    SERVER_SILENT,
    STORE_DOWN,
    Alert,
    Case,
    Series,
)
from buckstop.compiler.wiring import LEDGER_JOB
from buckstop.prometheus import format_duration

SILENT_SECONDS: Final = 300.0
"""So long the ledger may hear nothing from a server that it asks every 30 s."""
STALE_SECONDS: Final = 900.0
"""So old a proof may be; a proof of thousands of rules may take a minute."""
ROLLOUT_SECONDS: Final = 900.0
"""So long what runs may differ from the build while both are brought out."""
UNTOLD_SECONDS: Final = 600.0
REMEMBERED_SECONDS: Final = 86_400.0
"""So long a source whose heartbeats have stopped is missed."""
LOOKBACK_SECONDS: Final = 300.0
"""Prometheus takes a series for there so long after its last sample."""


def vigil_alerts(ledger: Ledger, severity: str, grave: str, pace: Pace) -> tuple[Alert, ...]:
    """One alert for each thing that may go wrong unseen.

    Args:
        grave: the severity where the record itself is at stake.
    """
    making = _Making(ledger, pace)
    return (
        making.gauge(
            STORE_DOWN,
            grave,
            "min(buckstop_ledger_store_up) == 0",
            bad=0,
            good=1,
            summary="The ledger cannot write its record",
            description="alerts are still sent to their teams, but no owner goes on record",
        ),
        making.gauge(
            RECORD_BROKEN,
            grave,
            "max(buckstop_ledger_record_discrepancies) > 0",
            bad=1,
            good=0,
            summary="The record is not what was recorded",
            description="something was changed, taken out or put in; `buckstop record verify` "
            "shows what",
        ),
        making.gauge(
            PROOF_BROKEN,
            severity,
            "min(buckstop_ledger_proof_holds) == 0",
            bad=0,
            good=1,
            summary="What the servers have loaded is no longer proven",
            description="an alert may have no team, or several; the ledger's first page names "
            "one, and `buckstop check --live` all",
        ),
        making.gauge(
            LOADED_DIFFERS,
            severity,
            "max(buckstop_ledger_loaded_differences) > 0",
            bad=1,
            good=0,
            for_seconds=ROLLOUT_SECONDS,
            summary="What the servers have loaded is not the build",
            description="rules or routes were changed elsewhere, or a reload has failed; the "
            "ledger's first page names the parts",
        ),
        making.age(
            PROOF_STALE,
            severity,
            "max",
            "buckstop_ledger_proof_timestamp_seconds",
            STALE_SECONDS,
            summary="What the servers have loaded is not known to be proven",
            description="the ledger could not ask them, or not prove it",
        ),
        making.age(
            SERVER_SILENT,
            severity,
            "min",
            "buckstop_ledger_asked_timestamp_seconds",
            SILENT_SECONDS,
            summary="A server does not tell the ledger which alerts fire",
            description="an alert whose message is lost would not go on record",
        ),
        making.untold(severity),
        making.heartbeat(severity),
    )


class _Making:
    """What the alerts have in common."""

    def __init__(self, ledger: Ledger, pace: Pace) -> None:
        self._where = f" ({ledger.url})."
        self._pace = pace

    def gauge(
        self,
        name: str,
        severity: str,
        expr: str,
        *,
        bad: float,
        good: float,
        summary: str,
        description: str,
        for_seconds: float = 0.0,
    ) -> Alert:
        """A number that has a bad and a good value; `expr` names it without the job."""
        metric = expr.partition("(")[2].partition(")")[0]
        series = selector(metric, (("job", LEDGER_JOB),))
        waits = max(for_seconds, self._pace.shortest_window_seconds)
        at = self._pace.evaluated_after(waits)
        count = self._pace.scrapes(at)
        return self._alert(
            name,
            severity,
            expr.replace(metric, series),
            waits,
            summary,
            description,
            Case("it is bad", (Series(series, steady(bad, count)),), at, ""),
            Case("it is good", (Series(series, steady(good, count)),), at, None),
        )

    def age(
        self,
        name: str,
        severity: str,
        choice: str,
        metric: str,
        limit_seconds: float,
        *,
        summary: str,
        description: str,
    ) -> Alert:
        """A time that may not be longer ago than `limit_seconds`; of several the `choice`."""
        series = selector(metric, (("job", LEDGER_JOB),))
        waits = self._pace.shortest_window_seconds
        at = self._pace.evaluated_after(limit_seconds + waits)
        count = self._pace.scrapes(at)
        return self._alert(
            name,
            severity,
            f"time() - {choice}({series}) > {number(limit_seconds)}",
            waits,
            summary,
            f"{description}, for {format_duration(limit_seconds)}",
            Case("it stands still", (Series(series, steady(0, count)),), at, ""),
            Case(
                "it goes on", (Series(series, rising(self._pace.scrape_seconds, count)),), at, None
            ),
        )

    def untold(self, severity: str) -> Alert:
        """Alerts that nobody told of: a webhook or a feed does not work."""
        series = selector("buckstop_ledger_untold_alerts_total", (("job", LEDGER_JOB),))
        window = max(self._pace.shortest_window_seconds, UNTOLD_SECONDS)
        at = self._pace.evaluated_after(window)
        count = self._pace.scrapes(at)
        return self._alert(
            ALERTS_UNTOLD,
            severity,
            f"sum(increase({over(window, series)})) > 0",
            0.0,
            "Alerts fire that nobody told the ledger of",
            "they are on record because the ledger asked; a feed or a webhook does not work",
            Case("some were found", (Series(series, rising(1, count)),), at, ""),
            Case("none was", (Series(series, steady(3, count)),), at, None),
        )

    def heartbeat(self, severity: str) -> Alert:
        """An alert that always fires, and by which its source is known to be there, has stopped."""
        metric = "buckstop_ledger_heartbeats"
        series = selector(metric, (("job", LEDGER_JOB),))
        source = selector(metric, (("job", LEDGER_JOB), ("kind", "feed"), ("source", "prometheus")))
        waits = self._pace.shortest_window_seconds
        at = self._pace.evaluated_after(LOOKBACK_SECONDS + 2 * waits)
        count = self._pace.scrapes(at)
        by = "max by (kind, source)"
        known = f"{by} (max_over_time({over(REMEMBERED_SECONDS, series)}))"
        return self._alert(
            HEARTBEAT_LOST,
            severity,
            f"count({known} unless {by} ({series})) > 0",
            waits,
            "A dead man's switch no longer reaches the ledger",
            "a Prometheus or an Alertmanager that was heard of within the last day sends nothing, "
            "not even the alert that always fires",
            Case("it has stopped", (Series(source, "1+0x1"),), at, ""),
            Case("it goes on", (Series(source, steady(1, count)),), at, None),
        )

    def _alert(  # noqa: PLR0917 - what is left of an alert
        self,
        name: str,
        severity: str,
        expr: str,
        for_seconds: float,
        summary: str,
        description: str,
        *cases: Case,
    ) -> Alert:
        return Alert(
            name=name,
            expr=expr,
            for_seconds=for_seconds,
            severity=severity,
            fault=LEDGER_FAULT,
            model=None,
            slo=None,
            feature=None,
            summary=summary,
            description=description[:1].upper() + description[1:] + self._where,
            value_format="",
            runbook=None,
            cases=cases,
        )
