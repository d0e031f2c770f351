"""Rules for numbers that an evaluation job exports: AUC, RMSE, KS, and a user's own metric."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from buckstop.charter.model import Model, Slo
from buckstop.compiler import shown
from buckstop.compiler.evaluation_subject import (
    PLENTY,
    Subject,
    always_has_value,
    recorded,
    subject_of,
)
from buckstop.compiler.guards import is_conventional, min_samples, noise_floor, stale, too_few
from buckstop.compiler.notation import Pace, parts
from buckstop.compiler.objectives import breach, broken_values, kept_values
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
    Group,
    Recording,
    objective_labels,
)

BREACH_NAMES: Final = {
    "auc": AUC_LOW,
    "rmse": RMSE_HIGH,
    "ks": DRIFT_HIGH,
    "p95": LATENCY_HIGH,
}
"""By SLI; what has no name of its own here is an objective of the user's own."""

FORMATS: Final = {"p95": shown.DURATION, "success_ratio": shown.PERCENTAGE}
"""By SLI; all others are plain numbers."""


def evaluation_group(model: Model, slo: Slo, pace: Pace) -> Group:
    """The rules of an objective whose value is exported by some evaluation, or is an expression.

    Conventional series, a user's own metric and a user's own expression differ only in where the
    value comes from; the guards are the same.
    """
    subject = subject_of(model, slo, pace)
    alerts = [_breach(subject), _stale(subject)]
    if not always_has_value(slo):
        alerts.append(_missing(subject))
    if min_samples(slo) > 0:
        alerts.append(_too_few(subject))
    return Group(f"{model.id}:{slo.name}", _recordings(subject), tuple(alerts))


def _recordings(subject: Subject) -> tuple[Recording, ...]:
    slo = subject.slo
    if slo.expr is None:
        return ()
    labels = objective_labels(subject.model, slo)
    return tuple(
        Recording(record, f"{function}({slo.expr})", labels) for record, function in recorded(slo)
    )


def _breach(subject: Subject) -> Alert:
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


def _missing(subject: Subject) -> Alert:
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


def _stale(subject: Subject) -> Alert:
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


def _too_few(subject: Subject) -> Alert:
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
