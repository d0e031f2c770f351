"""Findings as SARIF 2.1.0, which code scanning services and editors read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from buckstop.diagnostics.fingerprint import fingerprints
from buckstop.diagnostics.model import Code, Diagnostic, Level, Span
from buckstop.diagnostics.pages import page_text
from buckstop.diagnostics.report import explain, in_file_order, page

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT: Final = "buckstop/v1"
"""The name and version of the fingerprint; a change of what goes into it changes the version."""

_LEVELS: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
_IN_PATHS: Final = "/()@+,;=!$&'*"


def to_sarif(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, str],
    version: str,
    documentation: str | None = None,
    pages: Callable[[str], str] = page_text,
    *,
    suppressed: Mapping[Diagnostic, str] = MappingProxyType({}),
    known: Collection[Diagnostic] | None = None,
) -> dict[str, Any]:
    """A log of one run, in file order.

    Args:
        sources: the text of each file by the name that spans use. The line that a finding stands
            in goes into its fingerprint, so that it keeps it when other lines come and go.
        version: of this program.
        documentation: the address under which the docs pages stand; without one, a rule has no
            link.
        pages: the page of a kind of finding by its name, in Markdown; it is the rule's help.
        suppressed: those that somebody decided in the source not to let count, and why.
        known: those that a baseline has; None where there is no baseline.
    """
    found = in_file_order(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in found}, key=lambda code: code.name)
    index = {code: position for position, code in enumerate(codes)}
    results = []
    for diagnostic, fingerprint in zip(found, fingerprints(found, sources), strict=True):
        result = _result(diagnostic, index[diagnostic.code], fingerprint)
        if suppressed:
            # A log that says it of one result says it of all.
            result["suppressions"] = _suppressions(suppressed.get(diagnostic))
        if known is not None:
            result["baselineState"] = "unchanged" if diagnostic in known else "new"
        results.append(result)
    driver = {
        "name": "buckstop",
        "semanticVersion": version,
        "rules": [_rule(code, documentation, pages(code.name)) for code in codes],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code, documentation: str | None, text: str) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": code.name,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.why},
        "help": {
            "text": f"{code.why}\nThe mend, with an example: {explain(code)}",
            "markdown": text,
        },
        "defaultConfiguration": {"level": _LEVELS[code.level]},
    }
    if documentation is not None:
        rule["helpUri"] = f"{documentation.rstrip('/')}/{page(code)}"
    return rule


def _result(diagnostic: Diagnostic, rule_index: int, fingerprint: str) -> dict[str, Any]:
    hint = "" if diagnostic.hint is None else f"\nhelp: {diagnostic.hint}"
    result: dict[str, Any] = {
        "ruleId": diagnostic.code.name,
        "ruleIndex": rule_index,
        "level": _LEVELS[diagnostic.level],
        "message": {"text": f"{_sound(diagnostic.message)}{_sound(hint)}"},
        "locations": [] if diagnostic.span is None else [_location(diagnostic.span)],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, **_location(one.span), "message": {"text": _sound(one.message)}}
            for number, one in enumerate(diagnostic.related, 1)
        ]
    return result


def _suppressions(justification: str | None) -> list[dict[str, str]]:
    if justification is None:
        return []
    return [{"kind": "inSource", "justification": _sound(justification)}]


def _location(span: Span) -> dict[str, Any]:
    """Both count from 1 and end before the last column, so only the names differ."""
    path = quote(_sound(span.file), safe=_IN_PATHS)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": f"file://{path}" if path.startswith("/") else path},
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        }
    }


def _sound(text: str) -> str:
    """`text` without halves of characters, which no UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
