"""Alerts about what carries the alerts: the ledger, and the way to Alertmanager."""

from __future__ import annotations

from typing import Final

from buckstop.charter.model import Charter, Ledger
from buckstop.compiler.notation import Pace, over, rising, selector, steady
from buckstop.compiler.ownership import LEDGER_FAULT
from buckstop.compiler.rule import ALERTS_NOT_TAKEN, LEDGER_DOWN, Alert, Case, Group, Series
from buckstop.compiler.vigil_rules import vigil_alerts
from buckstop.compiler.wiring import LEDGER_JOB, feed_url
from buckstop.prometheus import format_duration

OWN_NAME: Final = "buckstop"
"""The name of the rule file, its test file and its group."""

ERRORS: Final = "prometheus_notifications_errors_total"
RESEND_SECONDS: Final = 60.0
"""Prometheus sends a firing alert again this often: so often can it fail."""


def own_group(charter: Charter, ledger: Ledger, pace: Pace) -> Group:
    """The alerts of a charter with a ledger; its owner answers for them."""
    # Less grave than an outage: what is accountable is still paged, only the record is in danger.
    severity = charter.severities[min(1, len(charter.severities) - 1)]
    return Group(
        OWN_NAME,
        (),
        (
            _ledger_down(ledger, severity, pace),
            _alerts_not_taken(ledger, severity, pace),
            *vigil_alerts(ledger, severity, charter.severities[0], pace),
        ),
    )


def _ledger_down(ledger: Ledger, severity: str, pace: Pace) -> Alert:
    """The ledger does not answer. Where nobody scrapes it, there is no series and no alert."""
    up = selector("up", (("job", LEDGER_JOB),))
    for_seconds = pace.shortest_window_seconds
    at_seconds = pace.evaluated_after(for_seconds)
    count = pace.scrapes(at_seconds)
    return Alert(
        name=LEDGER_DOWN,
        expr=f"max({up}) == 0",
        for_seconds=for_seconds,
        severity=severity,
        fault=LEDGER_FAULT,
        model=None,
        slo=None,
        feature=None,
        summary="The ledger is down",
        description=f"The ledger at {ledger.url} does not answer Prometheus: alerts are still "
        "sent to their teams, but no owner goes on record.",
        value_format="",
        runbook=None,
        cases=(
            Case("the ledger does not answer", (Series(up, steady(0, count)),), at_seconds, ""),
            Case("the ledger answers", (Series(up, steady(1, count)),), at_seconds, None),
        ),
    )


def _alerts_not_taken(ledger: Ledger, severity: str, pace: Pace) -> Alert:
    """An Alertmanager refuses alerts. The ledger's own feed is left out: while it takes alerts,
    Prometheus counts them as sent, whatever becomes of Alertmanager."""
    feed = feed_url(ledger)
    matcher = f'alertmanager!="{feed}"'
    window = max(pace.shortest_window_seconds, 5 * RESEND_SECONDS)
    at_seconds = pace.evaluated_after(window)
    count = pace.scrapes(at_seconds)

    def errors_at(url: str) -> Series:
        return Series(selector(ERRORS, (("alertmanager", url),)), rising(1, count))

    return Alert(
        name=ALERTS_NOT_TAKEN,
        expr=f"sum(increase({over(window, selector(ERRORS, (), matcher))})) > 0",
        for_seconds=pace.shortest_window_seconds,
        severity=severity,
        fault=LEDGER_FAULT,
        model=None,
        slo=None,
        feature=None,
        summary="An Alertmanager does not take alerts",
        description="Prometheus could not hand alerts to an Alertmanager in the last "
        f"{format_duration(window)}: teams may not be told of what is on record here.",
        value_format="",
        runbook=None,
        cases=(
            Case(
                "Alertmanager refuses, the ledger takes",
                (errors_at("http://alertmanager.example:9093/api/v2/alerts"),),
                at_seconds,
                "",
            ),
            Case("only the ledger refuses", (errors_at(feed),), at_seconds, None),
        ),
    )
