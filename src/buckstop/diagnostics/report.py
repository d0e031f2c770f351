"""Findings put in order, counted, and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from buckstop.diagnostics.model import Code, Diagnostic, Level, Span


def page(code: Code) -> str:
    """The docs page of a kind of finding, from the root of the project."""
    return f"docs/diagnostics/{code.name}.md"


def explain(code: Code) -> str:
    """The command that shows the page of a kind of finding, wherever the program is installed."""
    return f"buckstop explain {code.name}"


def in_file_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Findings without a place first, then file by file, each from its top to its end.

    Files keep the order in which they are first spoken of.
    """
    found = list(diagnostics)
    files: dict[str, int] = {}
    for diagnostic in found:
        if diagnostic.span is not None:
            files.setdefault(diagnostic.span.file, len(files))

    def place(diagnostic: Diagnostic) -> tuple[int, int, int]:
        span = diagnostic.span
        return (-1, 0, 0) if span is None else (files[span.file], span.line, span.column)

    return sorted(found, key=place)


def by_kind(diagnostics: Iterable[Diagnostic]) -> list[list[Diagnostic]]:
    """Findings as people read them: errors first, of one level kind by kind, each in file order.

    So what is most pressing stands first, and one cause is read in one place.
    """
    levels = list(Level)
    kinds: dict[tuple[int, Code], list[Diagnostic]] = {}
    for found in in_file_order(diagnostics):
        kinds.setdefault((levels.index(found.level), found.code), []).append(found)
    return [same for _, same in sorted(kinds.items(), key=lambda kind: kind[0][0])]


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them makes a command exit with 1."""
    return any(diagnostic.level is Level.ERROR for diagnostic in diagnostics)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many of each level, for example ``3 errors, 1 warning``; ``no findings`` for none."""
    counts = Counter(diagnostic.level for diagnostic in diagnostics)
    names = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
    parts = [
        f"{counts[level]:,} {name}{'' if counts[level] == 1 else 's'}"
        for level, name in names.items()
        if counts[level]
    ]
    return ", ".join(parts) or "no findings"


def to_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """One finding as ``check --format json`` shows it; places are null where it has none."""
    return {
        "code": diagnostic.code.name,
        "level": diagnostic.level.value,
        **_place(diagnostic.span),
        "message": diagnostic.message,
        "why": diagnostic.code.why,
        "hint": diagnostic.hint,
        "url": page(diagnostic.code),
        "explain": explain(diagnostic.code),
        "related": [
            {**_place(related.span), "message": related.message} for related in diagnostic.related
        ],
    }


def _place(span: Span | None) -> dict[str, str | int | None]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
