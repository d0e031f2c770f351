"""From an objective as written to an objective that can be compiled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from buckstop.charter import codes
from buckstop.charter.drafts import MEASURES, NAMING, Draft, incomplete, misplaced, slug
from buckstop.charter.expressions import expression_wrong
from buckstop.charter.model import Objective, Slo
from buckstop.charter.names import Names, also_hinted, unknown
from buckstop.charter.sli import (
    DEFAULT_BUDGET_WINDOW_SECONDS,
    OWN_SLI_FOR_SECONDS,
    OWN_SLI_RATE_WINDOW_SECONDS,
    SLIS,
    SliDefinition,
)
from buckstop.charter.thresholds import read_baseline, read_threshold
from buckstop.charter.units import (
    UnitError,
    WrittenObjective,
    parse_number,
)
from buckstop.diagnostics import Diagnostic, Level, Related, Span
from buckstop.promql import fill, placeholders, without_comments

_PENDING = Objective("<=", 0.0, None, "")
"""Stands in a `Template` whose threshold needs the model's baseline."""


@dataclass(frozen=True, slots=True)
class Template:
    """An objective complete but for what only the model knows.

    Attributes:
        slo: the objective; `slo.objective` is final unless `written` is given.
        written: an objective relative to a baseline that the entry itself does not give.
        series: the user's own series that stands for a whole SLI, still without the model.
    """

    slo: Slo
    draft: Draft
    written: WrittenObjective | None
    series: str | None

    @property
    def each(self) -> bool:
        """Whether it stands for one objective a feature."""
        return self.draft.get("each") is not None

    def of_feature(self, feature: str) -> Template:
        """One objective of an ``each: feature``, for `feature`."""
        single = self.draft.of_feature(feature)
        name = f"{self.slo.name}-{slug(feature)}"
        slo = replace(self.slo, name=name, feature=feature)
        return replace(self, slo=slo, draft=single)

    def of_model(
        self, model: str, model_span: Span, baselines: dict[str, str], runbook: str | None
    ) -> tuple[Slo | None, tuple[Diagnostic, ...]]:
        """The objective of one model."""
        slo = self.slo
        if self.series is not None:
            labels = f'model="{model}"'
            if slo.feature is not None:
                labels += f", feature={_quoted(slo.feature)}"
            slo = replace(slo, expr=f"{self.series}{{{labels}}}")
        elif slo.expr is not None:
            values = {"model": model}
            if slo.feature is not None:
                values["feature"] = slo.feature
            slo = replace(slo, expr=fill(slo.expr, values))
        if runbook is not None and slo.runbook is None:
            slo = replace(slo, runbook=runbook)
        if self.written is None:
            return slo, ()
        text = baselines.get(slo.sli or slo.name)
        if text is None:
            key = slo.sli or slo.name
            return None, (
                Diagnostic(
                    codes.OBJECTIVE_BASELINE_MISSING,
                    f"`{slo.name}` of `{model}` is relative to a baseline, and there is none",
                    model_span,
                    hint=f"give the model `baselines: {{{key}: NUMBER}}`, or the objective its "
                    "own `baseline`",
                    related=(Related(self.draft.field_span("objective"), "the objective"),),
                ),
            )
        try:
            baseline = parse_number(text)
        except UnitError:
            return None, ()  # said where the model's baselines are read
        objective = self.written.settle(slo.objective.operator, baseline)
        return replace(slo, objective=objective, baseline=float(baseline)), ()


def settle(
    written: Draft, names: Names, default_for_seconds: float | None
) -> tuple[Template | None, tuple[Diagnostic, ...]]:
    """Check an objective and fill in what its indicator says. The template is None on errors."""
    found: list[Diagnostic] = []
    sli_name = written.get("sli")
    definition = SLIS.get(sli_name) if sli_name else None
    if sli_name and definition is None:
        hinted = unknown(codes.SLI_UNKNOWN, "SLI", sli_name, SLIS, written.field_span("sli"))
        own = "A number of your own needs no `sli`: give `metric` or `expr`"
        found.append(also_hinted(hinted, own))
    found += _measure_wrong(written, definition)
    found += _fields_wrong(written, definition)
    fault = written.get("fault") or (definition.fault if definition else None)
    if fault is None and not written.may_have("fault", "sli") and written.may_have(*MEASURES):
        found.append(incomplete(written, "no kind of fault", "add `fault:`, it says who answers"))
    elif fault is not None and fault not in names.faults:
        found += names.fault(fault, written.field_span("fault", "sli"))
    elif fault is not None:
        found += _fault_unusual(written, fault, definition)
    severity = written.get("severity")
    if not written.may_have("severity"):
        found.append(
            incomplete(written, "no severity", f"add `severity:`, {_one_of(names.severities)}")
        )
    elif severity is not None and severity not in names.severities:
        found += names.severity(severity, written.field_span("severity"))
    objective, wrong = read_threshold(written, definition)
    found += wrong
    baseline, wrong = read_baseline(written, objective)
    found += wrong
    if objective is None or written.broken or any(one.level is Level.ERROR for one in found):
        return None, tuple(found)
    assert fault is not None
    assert severity is not None
    assert written.name is not None
    default_operator = definition.operators[0] if definition else "<="
    pending = objective.relative and baseline is None
    settled = (
        replace(_PENDING, operator=objective.operator or default_operator, text=objective.text)
        if pending
        else objective.settle(default_operator, baseline)
    )
    is_series = sli_name is None and written.get("metric") is not None
    slo = Slo(
        name=written.name,
        fault=fault,
        sli=sli_name,
        objective=settled,
        severity=severity,
        for_seconds=_first(
            written.get("for_"),
            None if definition and definition.budget else default_for_seconds,
            definition.for_seconds if definition else OWN_SLI_FOR_SECONDS,
        ),
        window_seconds=_first(written.get("window"), DEFAULT_BUDGET_WINDOW_SECONDS)
        if definition and definition.budget
        else None,
        rate_window_seconds=_first(
            written.get("rate_window"),
            definition.rate_window_seconds if definition else OWN_SLI_RATE_WINDOW_SECONDS,
        ),
        feature=written.get("feature"),
        metric=None if is_series else written.get("metric"),
        expr=without_comments(written.get("expr")) if written.get("expr") else None,
        baseline=None if baseline is None else float(baseline),
        min_samples=written.get("min_samples"),
        max_age_seconds=written.get("max_age"),
        runbook=written.get("runbook"),
        span=written.span,
    )
    series = written.get("metric") if is_series else None
    return Template(slo, written, objective if pending else None, series), tuple(found)


def _measure_wrong(written: Draft, definition: SliDefinition | None) -> Iterator[Diagnostic]:
    """Whether it is clear which number is meant."""
    metric, expr = written.get("metric"), written.get("expr")
    if metric and expr:
        yield misplaced(written, "expr", "`metric` and `expr` both say what the number is", None)
    if not written.may_have("sli", *MEASURES):
        known = ", ".join(SLIS)
        yield incomplete(
            written, "no measure", f"add `sli:` ({known}), or `metric:` or `expr:` of your own"
        )
    elif written.name is None and written.broken.isdisjoint(NAMING):
        yield incomplete(written, "no name", "add `name:`; an alert names its objective")
    if definition and definition.budget and (metric or expr):
        yield misplaced(
            written,
            "metric" if metric else "expr",
            f"an error budget needs counters, which one series cannot give `{definition.name}`",
            "set `serving: {requests: …, errors: …}` of the model, or leave `sli` out",
        )
    if expr:
        yield from expression_wrong(written, expr)


def _fields_wrong(written: Draft, definition: SliDefinition | None) -> Iterator[Diagnostic]:
    """Whether each field belongs to this kind of objective."""
    feature, each = written.get("feature"), written.get("each")
    if feature and each:
        yield misplaced(
            written, "each", "`each: feature` stands for all features, and one is named", None
        )
    if definition and definition.per_feature and not written.may_have("feature", "each"):
        yield incomplete(
            written,
            "no feature",
            f"`{definition.name}` is of one feature: add `feature: NAME`, or `each: feature`",
        )
    if definition and not definition.per_feature and (feature or each):
        yield misplaced(
            written,
            "feature" if feature else "each",
            f"`{definition.name}` is of the whole model, not of a feature",
            None,
        )
    if each and written.get("expr") and "feature" not in placeholders(written.get("expr")):
        yield misplaced(
            written,
            "each",
            "an expression of your own is the same for each feature",
            'select by feature in it, as in `{feature="$feature"}`',
        )
    is_threshold = not definition.budget if definition else not written.may_have("sli")
    if written.get("window") is not None and is_threshold:
        yield misplaced(
            written,
            "window",
            "`window` is the period of an error budget, and this objective is a threshold",
            "for how long a breach must hold, say `for`",
        )


def _fault_unusual(
    written: Draft, fault: str, definition: SliDefinition | None
) -> Iterator[Diagnostic]:
    if definition and fault != definition.fault:
        yield Diagnostic(
            codes.SLO_FAULT_UNUSUAL,
            f"a breach of `{definition.name}` counts as `{fault}` here, and usually as "
            f"`{definition.fault}`",
            written.field_span("fault"),
            hint="leave `fault` out for the usual one",
        )


def _one_of(words: object) -> str:
    assert isinstance(words, tuple)
    return f"one of {', '.join(words)}"


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
