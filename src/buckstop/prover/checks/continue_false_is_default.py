"""Explicit `continue: false`, which often stands where somebody wanted "at once"."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.document import Scalar
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import CONTINUE_FALSE_IS_DEFAULT
from buckstop.prover.placement import placed


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a route, at its `continue`, with the wait that really holds.

    A running server writes it out at every route, whatever its file says.
    """
    if subject.config is None or subject.config.is_shown:
        return
    for node in placed(subject.config.route):
        entry = node.route.node.entry("continue")
        if entry is None or node.route.continues or not isinstance(entry.value, Scalar):
            continue
        origin = "Alertmanager's default"
        waits = None if node.waits_at is None else node.waits_at.node.entry("group_wait")
        if waits is not None:
            origin = f"of line {waits.key.span.line}"
        yield Diagnostic(
            CONTINUE_FALSE_IS_DEFAULT,
            f"`continue: false` is the default and makes nothing quicker: the first page waits "
            f"group_wait, {node.group_wait} ({origin})",
            entry.value.span,
            hint="remove it; to notify at once, set `group_wait: 0s` on this route",
        )
