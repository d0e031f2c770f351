"""The indicators that the charter knows by name, as data.

What is said here is what is true of the indicator itself, whoever exports it. How it becomes
PromQL is the compiler's; what the series are called is in `buckstop.charter.series`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from buckstop.charter.model import Operator
from buckstop.charter.units import Unit

STANDARD_FAULTS: Final = ("quality", "drift", "latency", "availability", "traffic")
"""The kinds of fault that every charter knows; ``faults:`` adds an organisation's own."""

Origin = Literal["evaluation", "serving"]
"""Who exports the numbers: a job that evaluates predictions, or the model server itself."""


@dataclass(frozen=True, slots=True)
class SliDefinition:
    """An indicator.

    Attributes:
        name: the word in the charter, and the value of the label ``sli``.
        title: for people.
        fault: the kind of fault that a breach is, where the objective does not say.
        unit: of its value.
        operators: which comparisons make sense of it; the first is what a bare number means.
        why_operators: why the others do not, for the message.
        low, high: the values it can take; None is unbounded.
        origin: where its numbers come from.
        per_feature: whether it is of one feature rather than of the whole model.
        budget: whether it is an error budget over a ``window`` rather than a threshold.
        min_samples: how many samples a verdict needs, unless the objective says otherwise:
            labelled rows for quality, rows for drift, requests for the serving SLIs.
        max_age_seconds: how old an evaluation may be; None for what is measured all the time.
        for_seconds: how long a breach must hold, unless the charter says otherwise.
        rate_window_seconds: over which rates and quantiles are taken.
    """

    name: str
    title: str
    fault: str
    unit: Unit
    operators: tuple[Operator, ...]
    why_operators: str
    low: float | None
    high: float | None
    origin: Origin
    per_feature: bool
    budget: bool
    min_samples: int
    max_age_seconds: float | None
    for_seconds: float
    rate_window_seconds: float


_DAY: Final = 86400.0
_MINUTE: Final = 60.0

# min_samples: with 500 labelled rows the standard error of an AUC is about 0.013 when all are of
# the rarer class's order; a KS statistic has a 95 % noise floor of about 0.1 at 200 rows; a p95 of
# 100 requests rests on five of them. Below these the number says more about chance than the model.
SLIS: Final = {
    definition.name: definition
    for definition in (
        SliDefinition(
            name="auc",
            title="area under the ROC curve",
            fault="quality",
            unit="ratio",
            operators=(">=", ">", "in"),
            why_operators="a model is better the higher its AUC, so the objective is a lower bound",
            low=0.0,
            high=1.0,
            origin="evaluation",
            per_feature=False,
            budget=False,
            min_samples=500,
            max_age_seconds=_DAY,
            for_seconds=15 * _MINUTE,
            rate_window_seconds=5 * _MINUTE,
        ),
        SliDefinition(
            name="rmse",
            title="root mean squared error",
            fault="quality",
            unit="number",
            operators=("<=", "<", "in"),
            why_operators="a model is better the lower its RMSE, so the objective is an upper "
            "bound",
            low=0.0,
            high=None,
            origin="evaluation",
            per_feature=False,
            budget=False,
            min_samples=500,
            max_age_seconds=_DAY,
            for_seconds=15 * _MINUTE,
            rate_window_seconds=5 * _MINUTE,
        ),
        SliDefinition(
            name="ks",
            title="Kolmogorov-Smirnov distance to the reference",
            fault="drift",
            unit="ratio",
            operators=("<=", "<"),
            why_operators="0 means no drift and 1 means none in common, so the objective is an "
            "upper bound",
            low=0.0,
            high=1.0,
            origin="evaluation",
            per_feature=True,
            budget=False,
            min_samples=200,
            max_age_seconds=_DAY,
            for_seconds=10 * _MINUTE,
            rate_window_seconds=5 * _MINUTE,
        ),
        SliDefinition(
            name="p95",
            title="95th percentile of latency",
            fault="latency",
            unit="seconds",
            operators=("<=", "<"),
            why_operators="answers are better the sooner they come, so the objective is an upper "
            "bound",
            low=0.0,
            high=None,
            origin="serving",
            per_feature=False,
            budget=False,
            min_samples=100,
            max_age_seconds=None,
            for_seconds=5 * _MINUTE,
            rate_window_seconds=5 * _MINUTE,
        ),
        SliDefinition(
            name="success_ratio",
            title="share of requests that succeed",
            fault="availability",
            unit="ratio",
            operators=(">=", ">"),
            why_operators="it counts successes, so the objective is a lower bound",
            low=0.0,
            high=1.0,
            origin="serving",
            per_feature=False,
            budget=True,
            min_samples=100,
            max_age_seconds=None,
            for_seconds=0.0,
            rate_window_seconds=5 * _MINUTE,
        ),
    )
}
"""By name, in the order in which they are listed to users."""

DEFAULT_BUDGET_WINDOW_SECONDS: Final = 30 * _DAY
"""The period of an error budget where the objective names none."""
OWN_SLI_FOR_SECONDS: Final = 5 * _MINUTE
"""``for`` of an objective on the user's own expression."""
OWN_SLI_RATE_WINDOW_SECONDS: Final = 5 * _MINUTE
"""Rate window of an objective on the user's own expression."""
