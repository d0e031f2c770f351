"""Error budgets: multiwindow, multi-burn-rate alerts.

After the Site Reliability Workbook, chapter 5, "Alerting on SLOs", approach 6: an alert fires while
the error ratio over a long window *and* over a short one, a twelfth of it, burns the budget faster
than a factor. The long window says that it matters, the short one that it has not stopped.
"""

from __future__ import annotations

from buckstop.charter.model import Model, Serving, Slo
from buckstop.compiler import shown
from buckstop.compiler.budget_cases import burn_cases
from buckstop.compiler.budget_subject import (
    FAILURES,
    RATIO,
    REQUESTS,
    BudgetSubject,
    Burn,
    burns,
)
from buckstop.compiler.guards import min_samples
from buckstop.compiler.notation import Pace, number, over, parts, rising
from buckstop.compiler.rule import (
    BUDGET_BURN,
    SLI_MISSING,
    VALUE,
    Alert,
    Case,
    Group,
    Recording,
    Series,
    objective_labels,
)
from buckstop.compiler.serving import failed_requests, requests
from buckstop.prometheus import format_duration


def budget_group(
    model: Model, serving: Serving, slo: Slo, severities: tuple[str, ...], pace: Pace
) -> Group:
    """Record error ratios over all windows; alert on fast and slow burn and on unknown."""
    pairs = burns(slo, pace)
    slower = less_grave(slo.severity, severities)
    fast = tuple(pair for pair in pairs if not pair.slow)
    slow = tuple(pair for pair in pairs if pair.slow)
    subject = BudgetSubject(model, serving, slo, pace, pairs)
    alerts = (
        [_burn(subject, pairs, slo.severity, ())]
        if slower == slo.severity
        else [
            _burn(subject, fast, slo.severity, tuple((slower, pair.ratio) for pair in slow)),
            _burn(subject, slow, slower, tuple((slo.severity, pair.ratio) for pair in fast)),
        ]
    )
    return Group(f"{model.id}:{slo.name}", _recordings(subject), (*alerts, _missing(subject)))


def less_grave(severity: str, severities: tuple[str, ...]) -> str:
    """The next severity after `severity` from the gravest down; the last one has no next."""
    at = severities.index(severity)
    return severities[min(at + 1, len(severities) - 1)]


def _recordings(subject: BudgetSubject) -> tuple[Recording, ...]:
    """The rates once, from the server's series; every window's ratio from those.

    Sums of rates weigh every request the same; an average of ratios would not. And a window of
    three days then reads one recorded series instead of three days of every pod's.
    """
    labels = objective_labels(subject.model, subject.slo)
    base = subject.base_seconds
    total = f"sum(rate({over(base, requests(subject.serving))}))"
    failed = f"sum(rate({over(base, failed_requests(subject.serving))}))"
    windows = sorted({s for pair in subject.pairs for s in (pair.short_seconds, pair.long_seconds)})
    return (
        Recording(REQUESTS, total, labels),
        # Before the first failure there is no series of failures, and that is a ratio of 0.
        Recording(FAILURES, f"{failed} or 0 * {total}", labels),
        *(
            Recording(
                RATIO + format_duration(window),
                f"sum_over_time({over(window, subject.recorded(FAILURES))}) / "
                f"sum_over_time({over(window, subject.recorded(REQUESTS))})",
                labels,
            )
            for window in windows
        ),
    )


def _burn(
    subject: BudgetSubject,
    pairs: tuple[Burn, ...],
    severity: str,
    others: tuple[tuple[str, float], ...],
) -> Alert:
    """The alert for `pairs`; `others` are the severities and ratios of the other pairs."""
    model, slo = subject.model, subject.slo
    lines = [_both_windows(subject, pair) for pair in pairs]
    return Alert(
        name=BUDGET_BURN,
        expr=lines[0] if len(lines) == 1 else "\nor\n".join(f"({line})" for line in lines),
        for_seconds=slo.for_seconds,
        severity=severity,
        fault=slo.fault,
        model=model,
        slo=slo.name,
        feature=None,
        summary=f"{model.id}: {VALUE} of requests fail, objective {slo.objective.text}",
        description=f"{VALUE} of the requests to model {model.id} fail: that spends its error "
        f"budget for {_period(slo)} too fast to keep {slo.objective.text}.",
        value_format=shown.PERCENTAGE.template,
        runbook=slo.runbook or model.runbook,
        cases=burn_cases(subject, pairs, others),
    )


def _both_windows(subject: BudgetSubject, pair: Burn) -> str:
    bound = number(pair.ratio)
    lines = [
        f"{subject.ratio(pair.long_seconds)} > {bound}",
        f"and {subject.ratio(pair.short_seconds)} > {bound}",
    ]
    needed = min_samples(subject.slo)
    if needed > 0:
        lines.append(f"unless {subject.count(pair.long_seconds)} < {needed}")
    return parts(*lines)


def _missing(subject: BudgetSubject) -> Alert:
    model, serving, slo, pace = subject.model, subject.serving, subject.slo, subject.pace
    for_seconds = max(slo.for_seconds, pace.shortest_window_seconds)
    at_seconds = pace.evaluated_after(for_seconds)
    counted = Series(requests(serving), rising(10.0, pace.scrapes(at_seconds)))
    return Alert(
        name=SLI_MISSING,
        expr=f"absent(sum({requests(serving)}))",
        for_seconds=for_seconds,
        severity=slo.severity,
        fault=slo.fault,
        model=model,
        slo=slo.name,
        feature=None,
        summary=f"{model.id}: its requests are not counted",
        description=f"The counter {serving.requests} of model {model.id} is gone: a breach of "
        f"{slo.objective.text} would go unseen.",
        value_format="",
        runbook=slo.runbook or model.runbook,
        cases=(
            Case("no counter", (), at_seconds, ""),
            Case("requests are counted", (counted,), at_seconds, None),
        ),
        fires_on_absence=True,
    )


def _period(slo: Slo) -> str:
    assert slo.window_seconds is not None
    return format_duration(slo.window_seconds)
