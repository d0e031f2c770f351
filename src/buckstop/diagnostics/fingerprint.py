"""By what a finding is known again when lines come and go above it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from buckstop.diagnostics.model import Diagnostic
from buckstop.diagnostics.source import source_lines


def fingerprints(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], context: Iterable[str] = ()
) -> Iterator[str]:
    """The fingerprint of each of `diagnostics`, in their order; those of one run differ.

    Args:
        sources: the text of each file by the name that spans use; the line that a finding stands
            in goes into its fingerprint, and not its number.
        context: for each finding what it belongs to, where that is to go into it too.
    """
    lines: dict[str, list[str]] = {}
    seen: Counter[str] = Counter()
    contexts = iter(context)
    for diagnostic in diagnostics:
        span = diagnostic.span
        if span is not None and span.file not in lines:
            lines[span.file] = source_lines(sources.get(span.file, ""))
        identity = digest(*_parts(diagnostic, lines), *filter(None, (next(contexts, ""),)))
        seen[identity] += 1
        yield f"{identity}:{seen[identity]}"


def digest(*parts: str) -> str:
    """A short hash of `parts`; halves of characters, which no UTF-8 can hold, are replaced."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _parts(diagnostic: Diagnostic, lines: Mapping[str, list[str]]) -> tuple[str, ...]:
    span = diagnostic.span
    if span is None:
        return diagnostic.code.name, diagnostic.message
    in_file = lines[span.file]
    line = in_file[span.line - 1] if span.line <= len(in_file) else ""
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    return diagnostic.code.name, span.file, line.strip(), line[span.column - 1 : end]
