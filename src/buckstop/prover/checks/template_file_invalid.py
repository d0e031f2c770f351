"""Template files that Alertmanager cannot parse."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import TEMPLATE_FILE_INVALID


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a file, at the key that names it."""
    if subject.config is None:
        return
    entry = subject.config.node.entry("templates")
    for broken in subject.templates.broken:
        yield Diagnostic(
            TEMPLATE_FILE_INVALID,
            f"file {broken.number} of those that `templates` names, in order, cannot be parsed: "
            f"line {broken.fault.line}: {broken.fault.message}",
            None if entry is None else entry.key.span,
            hint="Alertmanager's own functions and Go's can be used; every block needs its `end`",
        )
