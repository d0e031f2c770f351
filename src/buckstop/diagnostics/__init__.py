"""Findings about a user's input, and how they are shown."""

from buckstop.diagnostics.model import Code, Diagnostic, Level, Related, Span

__all__ = ["Code", "Diagnostic", "Level", "Related", "Span"]
