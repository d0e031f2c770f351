"""Error budgets: multiwindow, multi-burn-rate alerts.

After the Site Reliability Workbook, chapter 5, "Alerting on SLOs", approach 6: an alert fires while
the error ratio over a long window *and* over a short one, a twelfth of it, burns the budget faster
than a factor. The long window says that it matters, the short one that it has not stopped.

The workbook's windows are for a budget of 30 days. They scale with the objective's own ``window``,
so that a budget of a week, or of ten minutes in a demonstration, is watched in the same
proportions; no window is shorter than four scrapes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from buckstop.charter.model import Model, Serving, Slo
from buckstop.compiler import shown
from buckstop.compiler.guards import min_samples
from buckstop.compiler.notation import (
    Pace,
    number,
    over,
    parts,
    rising,
    rising_then_still,
    selector,
)
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
from buckstop.compiler.serving import failed_requests, outcome_inputs, requests
from buckstop.prometheus import format_duration

REQUESTS: Final = "buckstop:requests:rate"
FAILURES: Final = "buckstop:failed_requests:rate"
RATIO: Final = "buckstop:error_ratio:rate"
"""With the window appended: the window must not be a label, or the two would never join."""

SHORT_OF_LONG: Final = 12
"""The workbook's short window is 1/12 of the long one."""
HIGHEST_RATIO: Final = 0.8
"""No alert asks for a higher error ratio than this: with a large budget (below 94.5 %) the
workbook's 14.4 times the budget would be more than all requests, and could never fire."""
LONGEST_TEST_EVALUATIONS: Final = 100
"""A generated test does not run longer than this; a test of a day's calm would take minutes."""


@dataclass(frozen=True, slots=True)
class Burn:
    """One pair of windows, in seconds, and the error ratio above which both must be."""

    long_seconds: float
    short_seconds: float
    ratio: float
    slow: bool


# The workbook's table 5-8 for 30 days: factor, long window as a share of the period. The first two
# page; the third, which takes the whole period to spend the budget, is a ticket.
SLOWEST_SHARE: Final = 1 / 10
_FACTORS: Final = ((14.4, 1 / 720, False), (6.0, 1 / 120, False), (1.0, SLOWEST_SHARE, True))


def burns(slo: Slo, pace: Pace) -> tuple[Burn, ...]:
    """The workbook's pairs of windows, scaled to the objective's period."""
    assert slo.window_seconds is not None
    budget = round(1 - slo.objective.value, 12)
    shortest = pace.shortest_window_seconds

    def at_least(seconds: float) -> float:
        return max(shortest, round(seconds, 3))

    return tuple(
        Burn(
            long_seconds=at_least(slo.window_seconds * share),
            short_seconds=at_least(slo.window_seconds * share / SHORT_OF_LONG),
            ratio=round(min(factor * budget, HIGHEST_RATIO), 12),
            slow=slow,
        )
        for factor, share, slow in _FACTORS
    )


def budget_group(
    model: Model, serving: Serving, slo: Slo, severities: tuple[str, ...], pace: Pace
) -> Group:
    """Record error ratios over all windows; alert on fast and slow burn and on unknown."""
    pairs = burns(slo, pace)
    slower = less_grave(slo.severity, severities)
    fast = tuple(pair for pair in pairs if not pair.slow)
    slow = tuple(pair for pair in pairs if pair.slow)
    subject = _Subject(model, serving, slo, pace, pairs)
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


@dataclass(frozen=True, slots=True)
class _Subject:
    model: Model
    serving: Serving
    slo: Slo
    pace: Pace
    pairs: tuple[Burn, ...]

    @property
    def base_seconds(self) -> float:
        """The shortest window: the only one that is read from the server's own series."""
        return min(pair.short_seconds for pair in self.pairs)

    def recorded(self, record: str) -> str:
        return selector(record, objective_labels(self.model, self.slo))

    def ratio(self, seconds: float) -> str:
        return self.recorded(RATIO + format_duration(seconds))

    def count(self, seconds: float) -> str:
        """PromQL for the requests in a window: recorded rates times the time between them.

        An average times the window would count, in a young series, requests that never were.
        """
        rates = over(seconds, self.recorded(REQUESTS))
        return f"sum_over_time({rates}) * {number(self.pace.evaluation_seconds)}"


def _recordings(subject: _Subject) -> tuple[Recording, ...]:
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
    subject: _Subject,
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
        cases=_burn_cases(subject, pairs, others),
    )


def _both_windows(subject: _Subject, pair: Burn) -> str:
    bound = number(pair.ratio)
    lines = [
        f"{subject.ratio(pair.long_seconds)} > {bound}",
        f"and {subject.ratio(pair.short_seconds)} > {bound}",
    ]
    needed = min_samples(subject.slo)
    if needed > 0:
        lines.append(f"unless {subject.count(pair.long_seconds)} < {needed}")
    return parts(*lines)


def _burn_cases(
    subject: _Subject, pairs: tuple[Burn, ...], others: tuple[tuple[str, float], ...]
) -> tuple[Case, ...]:
    """Each pair fires on its own; together they are silent below, without traffic, and after."""
    outcomes = outcome_inputs(subject.serving)
    if outcomes is None:
        return ()
    succeeded, failed = outcomes
    slo, pace = subject.slo, subject.pace
    longest_short = max(pair.short_seconds for pair in pairs)
    at_seconds = pace.evaluated_after(subject.base_seconds + slo.for_seconds)
    count = pace.scrapes(at_seconds)
    # More than the guard asks for, although a test is shorter than the window, evaluates more
    # seldom (so that recorded rates count for less), and has its first base window half empty.
    seldom = pace.test_evaluation_seconds / pace.evaluation_seconds
    plenty = max(100.0, 4.0 * min_samples(slo)) * seldom

    def steady_ratio(name: str, ratio: float, per_scrape: float, *, fires: bool) -> Case:
        inputs = (
            Series(succeeded, rising(round(per_scrape * (1 - ratio), 9), count)),
            Series(failed, rising(round(per_scrape * ratio, 9), count)),
        )
        shown_value = shown.PERCENTAGE.show(ratio) if fires else None
        along = tuple(dict.fromkeys(one for one, above in others if fires and ratio > above))
        return Case(name, inputs, at_seconds, shown_value, along)

    cases = [
        steady_ratio(
            f"burning over {format_duration(pair.long_seconds)}",
            1.1 * pair.ratio,
            plenty,
            fires=True,
        )
        for pair in pairs
    ]
    cases += _alone_cases(subject, pairs, [above for _, above in others], outcomes, plenty)
    lowest = min(pair.ratio for pair in pairs)
    cases.append(steady_ratio("failing less than it may", 0.9 * lowest, plenty, fires=False))
    only_succeeded = (Series(succeeded, rising(plenty, count)),)
    cases.append(Case("nothing has ever failed", only_succeeded, at_seconds, None))
    if min_samples(slo) > 0:
        trickle = 0.5 * min_samples(slo) / count
        cases.append(steady_ratio("failing, but too few requests", 1.0, trickle, fires=False))
    over_seconds = at_seconds + pace.evaluated_after(longest_short + subject.base_seconds)
    if over_seconds / pace.test_evaluation_seconds <= LONGEST_TEST_EVALUATIONS:
        calm = pace.scrapes(over_seconds - at_seconds)
        inputs = (
            Series(succeeded, rising(plenty, count + calm)),
            Series(failed, rising_then_still(plenty, count, calm)),
        )
        cases.append(Case("failed, but no longer", inputs, over_seconds, None))
    return tuple(cases)


def _alone_cases(
    subject: _Subject,
    pairs: tuple[Burn, ...],
    others: list[float],
    outcomes: tuple[str, str],
    plenty: float,
) -> Iterator[Case]:
    """A pair fires while those with longer windows, which ask for less, are silent.

    So much succeeded before the pair's long window that the failures are lost in the longer ones.
    """
    succeeded, failed = outcomes
    slo, pace = subject.slo, subject.pace
    for pair, slower in itertools.pairwise(pairs):
        before = pace.scrapes(subject.base_seconds)
        since_seconds = pair.long_seconds + subject.base_seconds + slo.for_seconds
        at_seconds = pace.evaluated_after(before * pace.scrape_seconds + since_seconds)
        if at_seconds / pace.test_evaluation_seconds > LONGEST_TEST_EVALUATIONS:
            continue
        since = pace.scrapes(at_seconds) - before
        ratio = 1.1 * pair.ratio
        # Half of what the most sensitive of the others needs to fire.
        much = round(2 * plenty * since * ratio / min([slower.ratio, *others]) / before)
        little = number(round(plenty * (1 - ratio), 9))
        yield Case(
            f"burning over {format_duration(pair.long_seconds)} alone",
            (
                Series(succeeded, f"0+{much}x{before} {much * before}+{little}x{since}"),
                Series(failed, f"0+0x{before} 0+{number(round(plenty * ratio, 9))}x{since}"),
            ),
            at_seconds,
            shown.PERCENTAGE.show(ratio),
        )


def _missing(subject: _Subject) -> Alert:
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
