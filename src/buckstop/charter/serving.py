"""Where a served model's metrics come from: its runtime's names, and its own."""

from __future__ import annotations

from buckstop.charter import codes
from buckstop.charter.model import Serving, Slo
from buckstop.charter.model_schema import ModelEntry, ServingEntry
from buckstop.charter.parts import Piece
from buckstop.charter.runtimes import GENERIC, RUNTIMES, Runtime
from buckstop.charter.sli import SLIS
from buckstop.diagnostics import Diagnostic
from buckstop.document import Entry as Pair


def read_serving(
    pair: Pair, piece: Piece[ModelEntry], slos: tuple[Slo, ...]
) -> tuple[Serving | None, tuple[Diagnostic, ...]]:
    """How the model is served; None where none of `slos` asks, or names are missing."""
    entry = piece.entry.serving
    if entry is None:
        needed = any(
            slo.sli in SLIS
            and SLIS[slo.sli].origin == "serving"
            and slo.metric is None
            and slo.expr is None
            for slo in slos
        )
        if not needed:
            return None, ()
        entry = ServingEntry.model_validate({})
    name = entry.runtime or GENERIC
    runtime = RUNTIMES.get(name, Runtime(name, None, None, None, None))
    latency = entry.latency or runtime.latency
    requests = entry.requests or runtime.requests
    errors = entry.errors or runtime.errors
    has_label = "model_label" in entry.model_fields_set or runtime.model_label is not None
    if latency is None or requests is None or errors is None or not has_label:
        return None, (_names_missing(piece, runtime, entry),)
    model_label = (
        entry.model_label if "model_label" in entry.model_fields_set else runtime.model_label
    )
    span = piece.key_span("serving")
    return Serving(
        runtime=name,
        job=entry.job,
        latency=latency,
        requests=requests,
        errors=errors,
        model_label=model_label,
        model_value=entry.model or pair.key.text,
        span=span,
        errors_span=span if entry.errors is None else piece.span("serving", "errors"),
    ), ()


def _names_missing(piece: Piece[ModelEntry], runtime: Runtime, entry: ServingEntry) -> Diagnostic:
    known = [
        f"{key} `{name}`"
        for key, name in (("latency", runtime.latency), ("model_label", runtime.model_label))
        if name is not None
    ]
    missing = [
        f"`{key}`"
        for key in ("latency", "requests", "errors", "model_label")
        if getattr(runtime, key) is None and key not in entry.model_fields_set
    ]
    if runtime.name in RUNTIMES:
        said = f"`{runtime.name}` exports no metric for all that is watched"
    else:
        said = f"the metric names of the runtime `{runtime.name}` are not known"
    hint = f"set {', '.join(missing)} under `serving`"
    hint += f" (known: {', '.join(known)})" if known else ""
    return Diagnostic(
        codes.SERVING_NAMES_MISSING,
        said,
        piece.span("serving", "runtime"),
        hint=f"{hint}; runtimes that need none of them: "
        + ", ".join(one.name for one in RUNTIMES.values() if one.requests and one.errors),
    )
