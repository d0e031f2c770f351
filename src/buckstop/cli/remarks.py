"""What a command says beside its answer: on standard error, so that the answer can be piped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buckstop.diagnostics import Diagnostic, render_terminal


def remark_findings(findings: Sequence[Diagnostic], sources: Mapping[str, str]) -> None:
    """Show `findings`, with the places in `sources` that they are about."""
    if findings:
        from rich.console import Console

        render_terminal(findings, sources, Console(stderr=True, highlight=False))
