"""Findings as workflow commands of GitHub Actions, which shows them beside the lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from buckstop.diagnostics.model import Diagnostic, Level
from buckstop.diagnostics.report import explain, in_file_order

_COMMANDS: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}


def github_annotations(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """One line a finding: errors first, because GitHub shows only the first few of a step."""
    found = in_file_order(diagnostics)
    for level, command in _COMMANDS.items():
        for diagnostic in found:
            if diagnostic.level is level:
                yield _annotation(command, diagnostic)


def _annotation(command: str, diagnostic: Diagnostic) -> str:
    properties: dict[str, str | int] = {}
    span = diagnostic.span
    if span is not None:
        properties = {"file": span.file, "line": span.line, "endLine": span.end_line}
        if span.line == span.end_line:
            # GitHub takes columns only where both are on one line.
            properties |= {"col": span.column, "endColumn": span.end_column}
    properties["title"] = diagnostic.code.name
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    said = [diagnostic.message, diagnostic.code.why]
    if diagnostic.hint is not None:
        said.append(f"help: {diagnostic.hint}")
    said += [f"{one.span}: {one.message}" for one in diagnostic.related]
    said.append(explain(diagnostic.code))
    return f"::{command} {shown}::{_data(chr(10).join(said))}"


def _data(text: str) -> str:
    """A message: line breaks would end the command."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property's value: colons and commas would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
