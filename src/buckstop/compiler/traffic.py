"""Rules for a model server that nobody can reach, or whom nobody asks any more."""

from __future__ import annotations

from typing import Final

from buckstop.charter.model import Model, Serving, Slo
from buckstop.compiler.notation import (
    Pace,
    number,
    over,
    parts,
    rising,
    rising_then_still,
    selector,
    steady,
)
from buckstop.compiler.rule import (
    DOWN,
    TRAFFIC_VANISHED,
    Alert,
    Case,
    Group,
    Recording,
    Series,
)
from buckstop.compiler.serving import counts_requests_apart, observations, requests
from buckstop.prometheus import format_duration

ARRIVING: Final = "buckstop:traffic:rate"
USUAL: Final = "buckstop:traffic_usual:rate"

USUAL_OVER_SECONDS: Final = 86400.0
"""What is usual is learnt from the last day, so that nights belong to it."""
USUAL_QUANTILE: Final = 0.1
"""The rate that was exceeded nine tenths of the day: a model that rests at night has none."""
REMEMBERED_SECONDS: Final = 3600.0
"""How long Prometheus itself may be down without forgetting what was usual."""
EXPECTED_REQUESTS: Final = 20
"""Silence counts when at least this many requests were to be expected: by chance alone, with
independent arrivals, none comes with a probability of e^-20."""
_TEST_RATE: Final = 100.0
"""Requests a scrape in tests that need traffic."""

DOWN_SLO: Final = "up"
TRAFFIC_SLO: Final = "traffic"
"""The `slo` label of these two: nobody has to write these objectives."""


def traffic_group(
    model: Model, serving: Serving, lead: Slo, pace: Pace, *, watch_traffic: bool
) -> Group | None:
    """What practice adds to every served model; None where there is nothing to watch.

    `lead` is the objective whose severity, ``for`` and window they borrow: the gravest one.
    """
    recordings: tuple[Recording, ...] = ()
    alerts: list[Alert] = []
    if watch_traffic:
        recordings = _recordings(model, serving, lead)
        alerts.append(_vanished(model, serving, lead, pace))
    if serving.job is not None:
        alerts.append(_down(model, serving.job, lead, pace))
    return Group(f"{model.id}:serving", recordings, tuple(alerts)) if alerts else None


def _recordings(model: Model, serving: Serving, lead: Slo) -> tuple[Recording, ...]:
    labels = (("model", model.id),)
    window = lead.rate_window_seconds
    arriving = selector(ARRIVING, labels)
    usual = selector(USUAL, labels)
    rate = f"sum(rate({over(window, _arrivals(serving))}))"
    learnt = f"quantile_over_time({USUAL_QUANTILE}, {over(USUAL_OVER_SECONDS, arriving)})"
    return (
        Recording(ARRIVING, rate, labels),
        # Learnt only while requests arrive, and held for as long as none do: what is compared
        # with the traffic of an hour ago resolves itself an hour into the outage.
        Recording(
            USUAL,
            parts(
                f"({learnt} and {arriving} > 0)",
                f"or last_over_time({over(REMEMBERED_SECONDS, usual)})",
            ),
            labels,
        ),
    )


def _arrivals(serving: Serving) -> str:
    return requests(serving) if counts_requests_apart(serving) else observations(serving)


def _vanished(model: Model, serving: Serving, lead: Slo, pace: Pace) -> Alert:
    window = lead.rate_window_seconds
    labels = (("model", model.id),)
    least_rate = EXPECTED_REQUESTS / window
    # Three windows of traffic, so that most of what was learnt is full windows.
    flowing = pace.scrapes(3 * window)
    still_seconds = window + lead.for_seconds
    at_seconds = pace.evaluated_after(flowing * pace.scrape_seconds + still_seconds)
    still = pace.scrapes(at_seconds) - flowing
    arrivals = _arrivals(serving)
    a_lot = max(_TEST_RATE, 4 * EXPECTED_REQUESTS)
    a_little = 0.5 * EXPECTED_REQUESTS * pace.scrape_seconds / window
    every = format_duration(window)
    return Alert(
        name=TRAFFIC_VANISHED,
        expr=parts(
            f"{selector(USUAL, labels)} >= {number(least_rate)}",
            f"unless {selector(ARRIVING, labels)} > 0",
        ),
        for_seconds=lead.for_seconds,
        severity=lead.severity,
        fault="traffic",
        model=model,
        slo=TRAFFIC_SLO,
        feature=None,
        summary=f"{model.id}: requests have stopped",
        description=f"Not one request reached model {model.id} in the last {every}, where at "
        f"least {EXPECTED_REQUESTS} were to be expected.",
        value_format="",
        runbook=model.runbook,
        cases=(
            Case(
                "traffic stops",
                (Series(arrivals, rising_then_still(a_lot, flowing, still)),),
                at_seconds,
                "",
            ),
            Case(
                "traffic goes on",
                (Series(arrivals, rising(a_lot, flowing + still)),),
                at_seconds,
                None,
            ),
            Case(
                "too little traffic for its end to mean anything",
                (Series(arrivals, rising_then_still(a_little, flowing, still)),),
                at_seconds,
                None,
            ),
        ),
    )


def _down(model: Model, job: str, lead: Slo, pace: Pace) -> Alert:
    up = selector("up", (("job", job),))
    at_seconds = pace.evaluated_after(lead.for_seconds)
    count = pace.scrapes(at_seconds)

    def targets(*values: float) -> tuple[Series, ...]:
        return tuple(
            Series(
                selector("up", (("job", job), ("instance", f"{chr(ord('a') + index)}:80"))),
                steady(value, count),
            )
            for index, value in enumerate(values)
        )

    return Alert(
        name=DOWN,
        expr=parts(f"max({up}) == 0", f"or absent(sum({up}))"),
        for_seconds=lead.for_seconds,
        severity=lead.severity,
        fault="availability",
        model=model,
        slo=DOWN_SLO,
        feature=None,
        summary=f"{model.id}: its server is down",
        description=f"No target of job {job}, which serves model {model.id}, answers Prometheus.",
        value_format="",
        runbook=model.runbook,
        cases=(
            Case("every target down", targets(0, 0), at_seconds, ""),
            Case("no target at all", (), at_seconds, ""),
            Case("one target of two is up", targets(0, 1), at_seconds, None),
        ),
    )
