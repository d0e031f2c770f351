"""Time intervals of an ``AlertmanagerConfig`` as the operator writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.document import Fields, Mapping, Node, Scalar, Sequence
from buckstop.document.codes import KEY_MISSING
from buckstop.kubernetes.nodes import entry, key_span, mapping, text

_COPIES: Final = {"weekdays": "weekdays", "months": "months", "years": "years"}


def write_time_interval(
    node: Node, qualify: Callable[[str], str], findings: list[Diagnostic]
) -> Mapping | None:
    """The named time interval at `node`; `qualify` makes its name that of ``alertmanager.yml``."""
    fields = Fields.of(node, "a time interval", findings)
    if fields is None:
        return None
    name = fields.scalar("name")
    periods = fields.sequence("timeIntervals", "ranges of time")
    fields.finish()
    if name is None or name.text == "":
        findings.append(Diagnostic(KEY_MISSING, "a time interval needs 'name'", node.span))
        return None
    written = tuple(period for item in periods if (period := _period(item, findings)) is not None)
    return mapping(
        (
            entry("name", text(qualify(name.text), name.span)),
            entry("time_intervals", Sequence(written, node.span)),
        ),
        fields.node.span,
    )


def _period(node: Node, findings: list[Diagnostic]) -> Mapping | None:
    fields = Fields.of(node, "a range of time", findings)
    if fields is None:
        return None
    entries = [
        entry(to, value, key_span(fields, key))
        for key, to in _COPIES.items()
        if (value := fields.node_at(key)) is not None
    ]
    times: list[Node] = []
    for item in fields.sequence("times", "times of day"):
        inner = Fields.of(item, "a time of day", findings)
        if inner is None:
            continue
        start, end = inner.scalar("startTime"), inner.scalar("endTime")
        inner.finish()
        bounds = (("start_time", start), ("end_time", end))
        times.append(
            mapping(
                (entry(to, text(at.text, at.span)) for to, at in bounds if at is not None),
                item.span,
            )
        )
    if times:
        entries.append(entry("times", Sequence(tuple(times), node.span), key_span(fields, "times")))
    days = [
        day
        for item in fields.sequence("daysOfMonth", "days of the month")
        if (day := _days(item, findings)) is not None
    ]
    if days:
        listed = Sequence(tuple(days), node.span)
        entries.append(entry("days_of_month", listed, key_span(fields, "daysOfMonth")))
    fields.finish()
    return mapping(entries, fields.node.span)


def _days(node: Node, findings: list[Diagnostic]) -> Scalar | None:
    fields = Fields.of(node, "days of the month", findings)
    if fields is None:
        return None
    start, end = fields.integer("start"), fields.integer("end")
    fields.finish()
    if start is None or end is None:
        lacking = "start" if start is None else "end"
        findings.append(Diagnostic(KEY_MISSING, f"days of the month need '{lacking}'", node.span))
        return None
    return text(f"{start}:{end}", node.span)
