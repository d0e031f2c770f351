"""promtool tests of error budgets: each pair of windows burns, alone and with others, and rests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from buckstop.compiler import shown
from buckstop.compiler.budget_subject import BudgetSubject, Burn
from buckstop.compiler.guards import min_samples
from buckstop.compiler.notation import number, rising, rising_then_still
from buckstop.compiler.rule import Case, Series
from buckstop.compiler.serving import outcome_inputs
from buckstop.prometheus import format_duration

LONGEST_TEST_EVALUATIONS: Final = 100
"""A generated test does not run longer than this; a test of a day's calm would take minutes."""


def burn_cases(
    subject: BudgetSubject, pairs: tuple[Burn, ...], others: tuple[tuple[str, float], ...]
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
    subject: BudgetSubject,
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
