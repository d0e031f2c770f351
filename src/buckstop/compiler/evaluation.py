"""Rules for numbers that an evaluation job exports: AUC, RMSE, KS, and a user's own metric."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from buckstop.charter import series
from buckstop.charter.model import Model, Slo
from buckstop.compiler import shown
from buckstop.compiler.guards import (
    MISSED_EVALUATIONS,
    Companions,
    companions,
    is_conventional,
    min_samples,
    noise_floor,
    sli_labels,
    stale,
    too_few,
)
from buckstop.compiler.notation import Pace, parts, rising, selector, steady
from buckstop.compiler.objectives import Worst, breach, broken_values, kept_values
from buckstop.compiler.rule import (
    AUC_LOW,
    DRIFT_HIGH,
    LATENCY_HIGH,
    OBJECTIVE_BREACHED,
    RMSE_HIGH,
    SLI_MISSING,
    SLI_STALE,
    SLI_TOO_FEW_SAMPLES,
    VALUE,
    Alert,
    Case,
    Group,
    Recording,
    Series,
    objective_labels,
)

BREACH_NAMES: Final = {
    "auc": AUC_LOW,
    "rmse": RMSE_HIGH,
    "ks": DRIFT_HIGH,
    "p95": LATENCY_HIGH,
}
"""By SLI; what has no name of its own here is an objective of the user's own."""

TITLES: Final = {
    "auc": "AUC",
    "rmse": "RMSE",
    "ks": "KS distance",
    "p95": "p95 latency",
    "success_ratio": "share of requests that succeed",
}
"""By SLI, as short as a page's first line must be."""

FORMATS: Final = {"p95": shown.DURATION, "success_ratio": shown.PERCENTAGE}
"""By SLI; all others are plain numbers."""

OWN_VALUE_MIN: Final = "buckstop:own_sli:min"
OWN_VALUE_MAX: Final = "buckstop:own_sli:max"
"""The worst values of a user's own expression, recorded: alerts need not repeat it."""

PLENTY: Final = 1_000_000_000
"""Rows of a test's samples and reference: no objective worth having lies below their noise."""
TEST_INTERVAL_SECONDS: Final = 3600.0
"""How often the evaluation of a test says it runs."""

# An expression with one of these has a value even when every series is gone.
_ALWAYS_A_VALUE: Final = re.compile(r"\b(?:vector|absent|absent_over_time)\s*\(")


def evaluation_group(model: Model, slo: Slo, pace: Pace) -> Group:
    """The rules of an objective whose value is exported by some evaluation, or is an expression.

    Conventional series, a user's own metric and a user's own expression differ only in where the
    value comes from; the guards are the same.
    """
    subject = _Subject(model, slo, pace)
    alerts = [_breach(subject), _stale(subject)]
    if not always_has_value(slo):
        alerts.append(_missing(subject))
    if min_samples(slo) > 0:
        alerts.append(_too_few(subject))
    return Group(f"{model.id}:{slo.name}", _recordings(subject), tuple(alerts))


def always_has_value(slo: Slo) -> bool:
    """Whether an expression has a value even when every series is gone, as ``… or vector(0)``.

    It can never be missing; and no test can put a value in its place.
    """
    return slo.expr is not None and _ALWAYS_A_VALUE.search(slo.expr) is not None


@dataclass(frozen=True, slots=True)
class _Subject:
    """An objective, and the words and series by which rules, pages and tests speak of it."""

    model: Model
    slo: Slo
    pace: Pace

    @property
    def values(self) -> tuple[str, ...]:
        """The series that hold the value: one, or for an expression the recorded worst ones."""
        slo = self.slo
        if slo.expr is not None:
            labels = objective_labels(self.model, slo)
            return tuple(selector(record, labels) for record, _ in self.recorded)
        if slo.metric is None:
            return (selector(series.SLI_VALUE, sli_labels(self.model, slo)),)
        chosen = [(series.MODEL, self.model.id)]
        if slo.feature is not None:
            chosen.append((series.FEATURE, slo.feature))
        return (selector(slo.metric, chosen),)

    @property
    def recorded(self) -> tuple[tuple[str, str], ...]:
        """Which aggregates of an expression its objective needs: name and function."""
        match self.slo.objective.operator:
            case ">=" | ">":
                return ((OWN_VALUE_MIN, "min"),)
            case "<=" | "<":
                return ((OWN_VALUE_MAX, "max"),)
            case "in":
                return ((OWN_VALUE_MIN, "min"), (OWN_VALUE_MAX, "max"))

    @property
    def worst(self) -> Worst:
        return Worst(low=f"min({self.values[0]})", high=f"max({self.values[-1]})")

    @property
    def of(self) -> Companions:
        return companions(self.model, self.slo)

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


def _recordings(subject: _Subject) -> tuple[Recording, ...]:
    slo = subject.slo
    if slo.expr is None:
        return ()
    labels = objective_labels(subject.model, slo)
    return tuple(
        Recording(record, f"{function}({slo.expr})", labels)
        for record, function in subject.recorded
    )


def _breach(subject: _Subject) -> Alert:
    slo, of = subject.slo, subject.of
    guards = [f"unless {_operand(stale(slo, of))}"]
    if min_samples(slo) > 0:
        guards.insert(0, f"unless min({of.samples}) < {min_samples(slo)}")
    if slo.sli == "ks":
        guards.insert(1, f"unless {subject.worst.high} <= {noise_floor(of)}")
    form = FORMATS.get(slo.sli or "", shown.NUMBER)
    broken, kept = broken_values(slo.objective), kept_values(slo.objective)
    cases = [
        subject.case(
            "objective broken",
            for_seconds=slo.for_seconds,
            shown_value=form.show(value),
            value=value,
        )
        for value in broken
    ]
    silent: list[tuple[str, float, int, float | None]] = [
        ("objective kept", value, PLENTY, None) for value in kept
    ]
    if min_samples(slo) > 0:
        silent.append(("too few samples to judge", broken[0], min_samples(slo) - 1, None))
    silent.append(("too old to judge", broken[0], PLENTY, subject.stale_age_seconds))
    cases += [
        subject.case(
            name,
            for_seconds=slo.for_seconds,
            shown_value=None,
            value=value,
            samples=samples,
            age_seconds=age,
        )
        for name, value, samples, age in silent
    ]
    return subject.alert(
        BREACH_NAMES.get(slo.sli or "", OBJECTIVE_BREACHED),
        parts(breach(subject.worst, slo.objective), *guards),
        () if always_has_value(slo) else tuple(cases),
        summary=f"{subject.title} is {VALUE}, objective {slo.objective.text}",
        description=f"The {subject.title} of model {subject.model.id} is {VALUE}; "
        f"the charter promises {slo.objective.text}.",
        value_format=form.template,
    )


def _missing(subject: _Subject) -> Alert:
    slo, of = subject.slo, subject.of
    value = subject.worst.against(slo.objective)
    gone = [f"absent({value})", f"or {value} != {value}"]
    exported = "The number is not exported, or is NaN"
    if is_conventional(slo):
        gone += [f"or absent(min({of.samples}))", f"or absent(min({of.last_success}))"]
        exported += ", or comes without its number of samples or its time of evaluation"
    expr = parts(*gone)
    if min_samples(slo) > 0:
        # Too few samples is why there is no number: that alert says more than this one.
        expr = parts("(", expr, ")", f"unless min({of.samples}) < {min_samples(slo)}")
    for_seconds = subject.absence_for_seconds
    good = kept_values(slo.objective)[0]
    cases = [
        subject.case("no value", for_seconds=for_seconds, shown_value="", value=None),
        subject.case("value exported", for_seconds=for_seconds, shown_value=None, value=good),
    ]
    if min_samples(slo) > 0:
        cases.append(
            subject.case(
                "no value, for want of samples",
                for_seconds=for_seconds,
                shown_value=None,
                value=None,
                samples=min_samples(slo) - 1,
            )
        )
    return subject.alert(
        SLI_MISSING,
        expr,
        tuple(cases),
        summary=f"{subject.title} is missing",
        description=f"{exported}: while that lasts, a breach of {slo.objective.text} would go "
        "unseen.",
        for_seconds=for_seconds,
    )


def _stale(subject: _Subject) -> Alert:
    slo, age = subject.slo, subject.stale_age_seconds
    good = kept_values(slo.objective)[0]
    fires = subject.case(
        "last evaluated too long ago",
        for_seconds=slo.for_seconds,
        shown_value="",
        value=good,
        age_seconds=age,
    )
    silent = subject.case(
        "evaluated just now", for_seconds=slo.for_seconds, shown_value=None, value=good
    )
    return subject.alert(
        SLI_STALE,
        stale(slo, subject.of),
        (replace(fires, shown=shown.DURATION.show(fires.at_seconds + age)), silent),
        summary=f"{subject.title} was last evaluated {VALUE} ago",
        description=f"The last successful evaluation is {VALUE} old: too old to judge "
        f"{slo.objective.text} by, so a breach would go unseen.",
        value_format=shown.DURATION.template,
    )


def _too_few(subject: _Subject) -> Alert:
    slo, needed = subject.slo, min_samples(subject.slo)
    good = kept_values(slo.objective)[0]
    noise = ", and enough to tell the objective from chance" if slo.sli == "ks" else ""
    cases = tuple(
        subject.case(
            name,
            for_seconds=slo.for_seconds,
            shown_value=shown_value,
            value=good,
            samples=samples,
        )
        for name, samples, shown_value in (
            ("one sample short", needed - 1, shown.COUNT.show(needed - 1)),
            ("samples in plenty", PLENTY, None),
        )
    )
    return subject.alert(
        SLI_TOO_FEW_SAMPLES,
        too_few(slo, subject.of),
        cases,
        summary=f"{subject.title} rests on {VALUE} samples only",
        description=f"The evaluation has {VALUE} usable samples; at least {needed} are needed"
        f"{noise}. The objective {slo.objective.text} is not judged until there are more.",
        value_format=shown.COUNT.template,
    )


def _operand(expr: str) -> str:
    """`expr`, in parentheses where a set operator in it would otherwise come apart."""
    return f"({expr})" if "\n" in expr else expr
