"""What is wrong with a charter once it is compiled, beyond what its own reader can see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from buckstop.charter.model import Charter, Model, Slo
from buckstop.compiler.budget_subject import SLOWEST_SHARE
from buckstop.compiler.codes import (
    ENTRY_TAKES_GENERATED,
    ERRORS_INVALID,
    NAME_CLASH,
    OBJECTIVE_UNTESTED,
    WINDOW_TOO_SHORT,
)
from buckstop.compiler.evaluation_subject import always_has_value
from buckstop.compiler.manifest import ManifestAlert
from buckstop.compiler.notation import Pace
from buckstop.compiler.own_rules import OWN_NAME
from buckstop.compiler.rule import TEAM_LABEL
from buckstop.compiler.rules import is_served
from buckstop.compiler.serving import errors_problem, outcome_inputs
from buckstop.compiler.targets import Targets
from buckstop.diagnostics import Diagnostic, Related
from buckstop.prometheus import format_duration
from buckstop.prometheus.expression_versions import feature_faults
from buckstop.prometheus.versions import parse_version


def windows_too_short(charter: Charter, pace: Pace) -> Iterator[Diagnostic]:
    """Rates and budgets over less than the scrapes that they need."""
    for model in charter.models:
        for slo in model.slos:
            if is_served(slo):
                yield from _window_too_short(model, slo, pace)


def _window_too_short(model: Model, slo: Slo, pace: Pace) -> Iterator[Diagnostic]:
    least = pace.shortest_window_seconds
    scrape = format_duration(pace.scrape_seconds)
    if slo.rate_window_seconds < least:
        yield Diagnostic(
            WINDOW_TOO_SHORT,
            f"`{slo.name}` of `{model.id}` takes rates over "
            f"{format_duration(slo.rate_window_seconds)}, and Prometheus scrapes every {scrape}",
            slo.span,
            hint=f"set `rate_window: {format_duration(least)}` or more: four scrapes, so that one "
            "may be lost",
        )
    if slo.window_seconds is not None and slo.window_seconds * SLOWEST_SHARE < least:
        yield Diagnostic(
            WINDOW_TOO_SHORT,
            f"the error budget `{slo.name}` of `{model.id}` is for "
            f"{format_duration(slo.window_seconds)}; its slowest burn is watched over a tenth of "
            f"that, and Prometheus scrapes every {scrape}",
            slo.span,
            hint=f"set `window: {format_duration(least / SLOWEST_SHARE)}` or more",
        )


def names_clash(charter: Charter) -> Iterator[Diagnostic]:
    """Models whose rule file would be Buckstop's own."""
    for model in charter.models:
        if model.id == OWN_NAME and charter.ledger is not None:
            yield Diagnostic(
                NAME_CLASH,
                f"the rules of the model `{model.id}` would overwrite those that watch the ledger",
                model.span,
                hint="rename the model; where its server calls it so, say "
                f"`serving: {{model: {model.id}}}`",
            )


def entries_take_generated(
    charter: Charter, alerts: Iterable[ManifestAlert]
) -> Iterator[Diagnostic]:
    """Entries of ``alerts:`` that match a generated alert: they stand before its team's route."""
    names = {"alertname", TEAM_LABEL, "severity", "fault", "model", "slo", "feature"}
    entries = [entry for entry in charter.alerts if {name for name, _ in entry.match} <= names]
    if not entries:
        return
    taken: dict[int, ManifestAlert] = {}
    for one in alerts:
        labels = set(one.labels)
        for index, entry in enumerate(entries):
            if index not in taken and labels.issuperset(entry.match):
                taken[index] = one
    for index, one in sorted(taken.items()):
        model = dict(one.labels).get("model")
        yield Diagnostic(
            ENTRY_TAKES_GENERATED,
            f"this entry also matches the generated alert {one.alert}"
            + (f" of `{model}`" if model else "")
            + f", for which {one.team} is accountable ({one.authority.file}:{one.authority.line})",
            entries[index].span,
            hint="match by a label that only your own rules have, such as their `alertname`",
        )


def errors_wrong(charter: Charter) -> Iterator[Diagnostic]:
    """Matchers of failed requests that Prometheus refuses, or that no test could be found for."""
    for model in charter.models:
        budget = next((slo for slo in model.slos if slo.sli == "success_ratio"), None)
        serving = model.serving
        if budget is None or serving is None:
            continue
        related = (Related(budget.span, "the objective"),)
        wrong = errors_problem(serving)
        if wrong is not None:
            yield Diagnostic(
                ERRORS_INVALID,
                f"`{serving.errors}` of `{model.id}` does not say which requests failed: {wrong}",
                serving.errors_span,
                hint='write matchers such as `code=~"5.."` or `outcome="error"`',
                related=related,
            )
        elif outcome_inputs(serving) is None:
            yield Diagnostic(
                OBJECTIVE_UNTESTED,
                f"no label value was found that `{serving.errors}` matches, so the error budget "
                f"of `{model.id}` has no test",
                serving.errors_span,
                hint='simpler matchers, such as `code=~"5.."` or `outcome="error"`, get one',
                related=related,
            )


def expressions_untested(charter: Charter) -> Iterator[Diagnostic]:
    """Expressions that have a value whatever is measured."""
    for model in charter.models:
        for slo in model.slos:
            if always_has_value(slo):
                yield Diagnostic(
                    OBJECTIVE_UNTESTED,
                    f"`{slo.name}` of `{model.id}` has a value even when nothing is measured, so "
                    "its breach has no test, and nobody would be told that it is missing",
                    slo.span,
                    hint="leave out the `vector(…)` or `absent(…)`: a number that is missing has "
                    "an alert of its own",
                )


def expressions_refused(charter: Charter, targets: Targets) -> Iterator[Diagnostic]:
    """Expressions of the charter's own that the target's Prometheus refuses, or may refuse."""
    version = parse_version(targets.prometheus)
    for model in charter.models:
        for slo in model.slos:
            if slo.expr is not None:
                yield from feature_faults(slo.expr, version, slo.span)
