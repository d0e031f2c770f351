"""In time: whether the team is told, at worst, within the time that is promised."""

from __future__ import annotations

from buckstop.prometheus import PrometheusConfig, format_duration
from buckstop.prometheus.model import RuleGroup
from buckstop.prover.checks.subject import Answered
from buckstop.prover.model import (
    NOT_APPLICABLE,
    PROVEN,
    Judgement,
    Property,
    RuleAnswer,
    Verdict,
    with_promise,
)
from buckstop.prover.ownership import Claim
from buckstop.prover.timing import (
    EVALUATION_INTERVAL_SECONDS,
    SCRAPE_INTERVAL_SECONDS,
    Noticing,
    noticing,
)


def unless_late(
    one: Answered, group: RuleGroup, config: PrometheusConfig | None, within_seconds: float
) -> RuleAnswer:
    """The answer of `one` with the property *in time*: refuted where the promise may be missed.

    Args:
        group: the one that the rule stands in.
        config: of the server that runs it; None: Prometheus's own intervals.
    """
    judged = _in_time(one, group, config, within_seconds)
    return with_promise(one.answer, Property.IN_TIME, judged, {"alertname": one.answer.alert})


def _in_time(
    one: Answered, group: RuleGroup, config: PrometheusConfig | None, within_seconds: float
) -> Judgement:
    scrape, evaluation = SCRAPE_INTERVAL_SECONDS, EVALUATION_INTERVAL_SECONDS
    if config is not None:
        scrape, evaluation = config.scrape_interval_seconds, config.evaluation_interval_seconds
    if group.interval_seconds is not None:
        evaluation = group.interval_seconds

    def worst(claim: Claim) -> Noticing:
        return noticing(
            scrape_interval_seconds=scrape,
            evaluation_interval_seconds=evaluation,
            for_seconds=one.rule.for_seconds,
            group_wait_seconds=claim.match.options.group_wait_seconds,
            group_interval_seconds=claim.match.options.group_interval_seconds,
        )

    # Of the receivers of one team the first that tells it counts; of the parts, the slowest.
    slowest: Noticing | None = None
    for part in one.parts:
        told = [worst(claim) for claim in part.claims if claim.kind == "accountable"]
        first = min(told, key=lambda one: one.open_group, default=None)
        if first is not None and (slowest is None or first.open_group > slowest.open_group):
            slowest = first
    if slowest is None:
        return NOT_APPLICABLE
    if slowest.open_group <= within_seconds:
        return PROVEN
    waits = max(slowest.group_wait, slowest.group_interval)
    return Judgement(
        Verdict.REFUTED,
        f"told at worst {format_duration(slowest.open_group)} after the breach, promised is "
        f"{format_duration(within_seconds)}: scrape {format_duration(slowest.scrape)}, evaluation "
        f"{format_duration(slowest.evaluation)}, for {format_duration(slowest.holding)}, "
        f"group_interval {format_duration(waits)}",
        "too late",
    )
