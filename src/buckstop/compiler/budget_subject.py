"""An error budget as its rules and their tests see it: pairs of windows, and the recorded series.

The pairs are those of the Site Reliability Workbook, chapter 5, "Alerting on SLOs", approach 6. The
workbook's windows are for a budget of 30 days. They scale with the objective's own ``window``, so
that a budget of a week, or of ten minutes in a demonstration, is watched in the same proportions;
no window is shorter than four scrapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.charter.model import Model, Serving, Slo
from buckstop.compiler.notation import Pace, number, over, selector
from buckstop.compiler.rule import objective_labels
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


@dataclass(frozen=True, slots=True)
class BudgetSubject:
    """One error budget of one model, watched over `pairs`."""

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
        """Selector of what is recorded under `record`."""
        return selector(record, objective_labels(self.model, self.slo))

    def ratio(self, seconds: float) -> str:
        """Selector of the error ratio over `seconds`."""
        return self.recorded(RATIO + format_duration(seconds))

    def count(self, seconds: float) -> str:
        """PromQL for the requests in a window: recorded rates times the time between them.

        An average times the window would count, in a young series, requests that never were.
        """
        rates = over(seconds, self.recorded(REQUESTS))
        return f"sum_over_time({rates}) * {number(self.pace.evaluation_seconds)}"
