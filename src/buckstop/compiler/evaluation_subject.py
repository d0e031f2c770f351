"""An objective on an evaluated number: where the number is, what it is called, how it is tested."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from buckstop.charter import series
from buckstop.charter.model import Model, Slo
from buckstop.compiler.guards import MISSED_EVALUATIONS, Companions, companions, sli_labels
from buckstop.compiler.notation import Pace, rising, selector, steady
from buckstop.compiler.objectives import Worst
from buckstop.compiler.rule import SLI_MISSING, Alert, Case, Series, objective_labels

TITLES: Final = {
    "auc": "AUC",
    "rmse": "RMSE",
    "ks": "KS distance",
    "p95": "p95 latency",
    "success_ratio": "share of requests that succeed",
}
"""By SLI, as short as a page's first line must be."""

OWN_VALUE_MIN: Final = "buckstop:own_sli:min"
OWN_VALUE_MAX: Final = "buckstop:own_sli:max"
"""The worst values of a user's own expression, recorded: alerts need not repeat it."""

PLENTY: Final = 1_000_000_000
"""Rows of a test's samples and reference: no objective worth having lies below their noise."""
TEST_INTERVAL_SECONDS: Final = 3600.0
"""How often the evaluation of a test says it runs."""

# An expression with one of these has a value even when every series is gone.
_ALWAYS_A_VALUE: Final = re.compile(r"\b(?:vector|absent|absent_over_time)\s*\(")


def always_has_value(slo: Slo) -> bool:
    """Whether an expression has a value even when every series is gone, as ``… or vector(0)``.

    It can never be missing; and no test can put a value in its place.
    """
    return slo.expr is not None and _ALWAYS_A_VALUE.search(slo.expr) is not None


def recorded(slo: Slo) -> tuple[tuple[str, str], ...]:
    """Which aggregates of an expression its objective needs: record and function."""
    match slo.objective.operator:
        case ">=" | ">":
            return ((OWN_VALUE_MIN, "min"),)
        case "<=" | "<":
            return ((OWN_VALUE_MAX, "max"),)
        case "in":
            return ((OWN_VALUE_MIN, "min"), (OWN_VALUE_MAX, "max"))


def subject_of(model: Model, slo: Slo, pace: Pace) -> Subject:
    """The subject that `slo` of `model` is."""
    return Subject(model, slo, pace, _values(model, slo), companions(model, slo))


def _values(model: Model, slo: Slo) -> tuple[str, ...]:
    if slo.expr is not None:
        labels = objective_labels(model, slo)
        return tuple(selector(record, labels) for record, _ in recorded(slo))
    if slo.metric is None:
        return (selector(series.SLI_VALUE, sli_labels(model, slo)),)
    chosen = [(series.MODEL, model.id)]
    if slo.feature is not None:
        chosen.append((series.FEATURE, slo.feature))
    return (selector(slo.metric, chosen),)


@dataclass(frozen=True, slots=True)
class Subject:
    """An objective, and the words and series by which rules, pages and tests speak of it.

    Attributes:
        values: the series that hold the value: one, or for an expression the recorded worst ones.
        of: the series that say how far it can be trusted.
    """

    model: Model
    slo: Slo
    pace: Pace
    values: tuple[str, ...]
    of: Companions

    @property
    def worst(self) -> Worst:
        """The value that counts where several exporters export one."""
        return Worst(low=f"min({self.values[0]})", high=f"max({self.values[-1]})")

    @property
    def title(self) -> str:
        """What is measured, for people."""
        name = self.slo.name if self.slo.sli is None else TITLES[self.slo.sli]
        return name if self.slo.feature is None else f"{name} of feature {self.slo.feature}"

    @property
    def absence_for_seconds(self) -> float:
        """How long a series must be gone: at least the four scrapes that a restart may take."""
        return max(self.slo.for_seconds, self.pace.shortest_window_seconds)

    def alert(
        self,
        name: str,
        expr: str,
        cases: tuple[Case, ...],
        *,
        summary: str,
        description: str,
        for_seconds: float | None = None,
        value_format: str = "",
    ) -> Alert:
        """An alert with this objective's labels; `for_seconds` None is the objective's own."""
        return Alert(
            name=name,
            expr=expr,
            for_seconds=self.slo.for_seconds if for_seconds is None else for_seconds,
            severity=self.slo.severity,
            fault=self.slo.fault,
            model=self.model,
            slo=self.slo.name,
            feature=self.slo.feature,
            summary=f"{self.model.id}: {summary}",
            description=description,
            value_format=value_format,
            runbook=self.slo.runbook or self.model.runbook,
            cases=cases,
            fires_on_absence=name == SLI_MISSING,
            own_expr=self.slo.expr,
        )

    def case(
        self,
        name: str,
        *,
        for_seconds: float,
        shown_value: str | None,
        value: float | None,
        samples: float = PLENTY,
        age_seconds: float | None = None,
    ) -> Case:
        """A test in which the evaluation exports `value` (None: nothing) and what goes with it.

        `age_seconds` is the age of the last success at time 0; None keeps it fresh throughout.
        """
        at_seconds = self.pace.evaluated_after(for_seconds)
        count = self.pace.scrapes(at_seconds)
        success = (
            rising(self.pace.scrape_seconds, count)
            if age_seconds is None
            else steady(-age_seconds, count)
        )
        inputs = (
            []
            if value is None or always_has_value(self.slo)
            else [Series(one, steady(value, count)) for one in self.values]
        )
        inputs += [
            Series(self.of.samples, steady(samples, count)),
            Series(self.of.last_success, success),
            Series(self.of.interval, steady(TEST_INTERVAL_SECONDS, count)),
        ]
        if self.slo.sli == "ks":
            inputs.append(Series(self.of.reference, steady(PLENTY, count)))
        return Case(name, tuple(inputs), at_seconds, shown_value)

    @property
    def stale_age_seconds(self) -> float:
        """An age at time 0 that is too old, whichever limit applies."""
        limit = self.slo.max_age_seconds
        return 1 + (MISSED_EVALUATIONS * TEST_INTERVAL_SECONDS if limit is None else limit)
