"""Findings about a user's input, and how they are shown."""

from buckstop.diagnostics.model import Code, Diagnostic, Level, Related, Span
from buckstop.diagnostics.nearest import did_you_mean, nearest

__all__ = ["Code", "Diagnostic", "Level", "Related", "Span", "did_you_mean", "nearest"]
