"""Rules for a latency quantile that is taken from a model server's histogram."""

from __future__ import annotations

from typing import Final

from buckstop.charter.model import Model, Objective, Serving, Slo
from buckstop.compiler import shown
from buckstop.compiler.guards import min_samples
from buckstop.compiler.notation import Pace, number, over, parts, rising, selector
from buckstop.compiler.objectives import Worst, breach
from buckstop.compiler.rule import (
    LATENCY_HIGH,
    SLI_MISSING,
    VALUE,
    Alert,
    Case,
    Group,
    Recording,
    Series,
    objective_labels,
)
from buckstop.compiler.serving import (
    bucket_rate,
    counts_requests_apart,
    model_labels,
    observations,
    requests,
)
from buckstop.prometheus import format_duration

QUANTILES: Final = {"p95": 0.95}
"""The latency SLIs and their quantiles."""

P95: Final = "buckstop:latency_seconds:p95"
P100: Final = "buckstop:latency_seconds:p100"
"""Where the slowest answer lies; the highest finite bucket if any answer lies beyond it."""
OBSERVED: Final = "buckstop:latency_requests:increase"

_SLOW: Final = (90, 1.2, 1.1)
"""A test's breach: how many of 100 answers are in time; the others take at most 1.2 times the
objective; the quantile is then 1.1 times the objective by linear interpolation."""
_IN_TIME: Final = 96
"""A test without a breach: the quantile lies in the bucket that ends at the objective."""
_BEYOND: Final = "the highest bucket"


def latency_group(model: Model, serving: Serving, slo: Slo, pace: Pace) -> Group:
    """Record the quantile and how many requests it rests on; alert on too slow and on unknown."""
    assert slo.sli is not None
    labels = objective_labels(model, slo)
    window = slo.rate_window_seconds
    rates = bucket_rate(serving, window)
    recordings = (
        Recording(P95, f"histogram_quantile({QUANTILES[slo.sli]}, {rates})", labels),
        Recording(P100, f"histogram_quantile(1, {rates})", labels),
        Recording(OBSERVED, f"sum(increase({over(window, observations(serving))}))", labels),
    )
    return Group(
        f"{model.id}:{slo.name}",
        recordings,
        (_slow(model, serving, slo, pace), _missing(model, serving, slo, pace)),
    )


def _slow(model: Model, serving: Serving, slo: Slo, pace: Pace) -> Alert:
    labels = objective_labels(model, slo)
    recorded = selector(P95, labels)
    late = breach(Worst(recorded, recorded), slo.objective)
    beyond = _beyond_the_buckets(recorded, selector(P100, labels))
    expr = parts(late, f"or {beyond}")
    needed = min_samples(slo)
    if needed > 0:
        too_few = f"unless {selector(OBSERVED, labels)} < {needed}"
        expr = parts(f"({late}", f"or {beyond})", too_few)
    at_seconds = pace.evaluated_after(slo.rate_window_seconds + slo.for_seconds)
    # Twice what the guard asks for, in a window that is full.
    per_scrape = max(1.0, 2 * needed * pace.scrape_seconds / slo.rate_window_seconds)
    in_time, _, quantile = _SLOW
    bound = slo.objective.value
    fires = shown.DURATION.show(quantile * bound)
    count = pace.scrapes(at_seconds)

    def case(name: str, rate: float, share: int, shown_value: str | None) -> Case:
        inputs = _histogram(serving, bound, rate, share, count)
        return Case(name, inputs, at_seconds, shown_value)

    def ends_at_objective(name: str, share: int, shown_value: str | None) -> Case:
        inputs = _histogram(serving, bound, per_scrape, share, count, ends_at_objective=True)
        return Case(f"no bucket above the objective, {name}", inputs, at_seconds, shown_value)

    clipped = f"more than {shown.DURATION.show(bound)} ({_BEYOND})"
    cases = [
        case("one answer in ten is too slow", per_scrape, in_time, fires),
        case("few enough are slow", per_scrape, _IN_TIME, None),
        ends_at_objective("one answer in ten is too slow", in_time, clipped),
        ends_at_objective("few enough are slow", _IN_TIME, None),
    ]
    if needed > 0:
        trickle = 0.5 * needed * pace.scrape_seconds / slo.rate_window_seconds
        cases.append(case("slow, but too few requests to judge", trickle, in_time, None))
    return Alert(
        name=LATENCY_HIGH,
        expr=expr,
        for_seconds=slo.for_seconds,
        severity=slo.severity,
        fault=slo.fault,
        model=model,
        slo=slo.name,
        feature=None,
        summary=f"{model.id}: {slo.sli} latency is {VALUE}, objective {slo.objective.text}",
        description=f"The {slo.sli} of {serving.latency} of model {model.id} is {VALUE} over "
        f"the last {format_duration(slo.rate_window_seconds)}; "
        f"the charter promises {slo.objective.text}.",
        value_format=_value_format(slo.objective),
        runbook=slo.runbook or model.runbook,
        cases=tuple(cases),
    )


def _beyond_the_buckets(quantile: str, slowest: str) -> str:
    """PromQL that has a result while so many answers lie beyond all buckets that nobody can say how
    slow they are.

    ``histogram_quantile`` gives the highest finite bucket for every rank beyond it, so the quantile
    and the slowest answer then are one number, and they are in no other case: within a bucket it
    interpolates. Only a lowest bucket that ends at 0 is taken whole. No text of a ``le`` is read,
    and buckets that pods spell differently (``0.5``, ``0.50``) count as one.
    """
    return f"{quantile} == {slowest} > 0"


def _value_format(objective: Objective) -> str:
    """The quantile; where it is cut off at the highest bucket, that it is more than that."""
    kept = "le" if objective.operator == "<=" else "lt"
    duration = shown.DURATION.template
    # With its fraction: a template does not compare the value with a whole number.
    return (
        f"{{{{ if {kept} $value {float(objective.value)!r} }}}}more than {duration} ({_BEYOND})"
        f"{{{{ else }}}}{duration}{{{{ end }}}}"
    )


def _missing(model: Model, serving: Serving, slo: Slo, pace: Pace) -> Alert:
    """The histogram is gone, has no buckets, or stands still while requests are counted."""
    window = slo.rate_window_seconds
    labels = objective_labels(model, slo)
    count_selector = observations(serving)
    needed = max(1, min_samples(slo))
    unjudged = f"{selector(OBSERVED, labels)} >= {needed} unless {selector(P95, labels)} >= 0"
    expr = parts(f"absent(sum({count_selector}))", f"or sum({unjudged})")
    for_seconds = max(slo.for_seconds, pace.shortest_window_seconds)
    at_seconds = pace.evaluated_after(window + for_seconds)
    count = pace.scrapes(at_seconds)
    # Ten requests a scrape, so that half a window of them is more than any guard's minimum.
    rate = max(10.0, 2 * min_samples(slo) * pace.scrape_seconds / window)
    alive = _histogram(serving, slo.objective.value, rate, _IN_TIME, count)
    counted = tuple(one for one in alive if "_bucket{" not in one.selector)
    cases = [
        Case("no histogram", (), at_seconds, ""),
        Case("answers are counted, in no buckets", counted, at_seconds, ""),
        Case("answers are observed", alive, at_seconds, None),
    ]
    if counts_requests_apart(serving):
        arriving = f"sum(increase({over(window, requests(serving))}))"
        observed = f"sum(increase({over(window, count_selector)}))"
        expr = parts(expr, f"or ({arriving} > {needed} unless {observed} > 0)")
        counter = Series(requests(serving), rising(rate, count))
        still = tuple(Series(one.selector, f"0+0x{count}") for one in alive)
        cases[-1:] = [
            Case("requests, none observed", (counter, *still), at_seconds, ""),
            Case("requests, all observed", (counter, *alive), at_seconds, None),
        ]
    return Alert(
        name=SLI_MISSING,
        expr=expr,
        for_seconds=for_seconds,
        severity=slo.severity,
        fault=slo.fault,
        model=model,
        slo=slo.name,
        feature=None,
        summary=f"{model.id}: {slo.sli} latency is missing",
        description=f"The histogram {serving.latency} of model {model.id} is gone, has no "
        "buckets, or observes nothing while requests arrive: "
        f"a breach of {slo.objective.text} would go unseen.",
        value_format="",
        runbook=slo.runbook or model.runbook,
        cases=tuple(cases),
        fires_on_absence=True,
    )


def _histogram(
    serving: Serving,
    objective: float,
    per_scrape: float,
    in_time: int,
    count: int,
    *,
    ends_at_objective: bool = False,
) -> tuple[Series, ...]:
    """A histogram of which `in_time` of 100 answers keep the objective, the rest nearly do.

    Two pods export half of it each: an alert is about the model, not about a pod.
    """
    _, slowest, _ = _SLOW
    half = per_scrape / 2
    bounds = [(number(objective), half * in_time / 100), ("+Inf", half)]
    if not ends_at_objective:
        bounds.insert(1, (number(slowest * objective), half))
    found: list[Series] = []
    for pod in ("a", "b"):
        labels = (*model_labels(serving), ("pod", pod))
        found += [
            Series(
                selector(f"{serving.latency}_bucket", (*labels, ("le", bound))), rising(rate, count)
            )
            for bound, rate in bounds
        ]
        found.append(Series(selector(f"{serving.latency}_count", labels), rising(half, count)))
    return tuple(found)
