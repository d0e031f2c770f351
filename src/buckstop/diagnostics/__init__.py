"""Findings about a user's input, and how they are shown."""

from buckstop.diagnostics.github import github_annotations
from buckstop.diagnostics.model import Code, Diagnostic, Level, Related, Span
from buckstop.diagnostics.nearest import did_you_mean, nearest
from buckstop.diagnostics.report import by_kind, has_errors, in_file_order, page, summary, to_json
from buckstop.diagnostics.sarif import to_sarif
from buckstop.diagnostics.source import visible
from buckstop.diagnostics.terminal import render_terminal

__all__ = [
    "Code",
    "Diagnostic",
    "Level",
    "Related",
    "Span",
    "by_kind",
    "did_you_mean",
    "github_annotations",
    "has_errors",
    "in_file_order",
    "nearest",
    "page",
    "render_terminal",
    "summary",
    "to_json",
    "to_sarif",
    "visible",
]
