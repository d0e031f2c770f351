"""Findings for people: the line, the place in it, what is wrong, why it matters, the mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from buckstop.diagnostics.model import Diagnostic, Level, Related, Span
from buckstop.diagnostics.report import by_kind, explain
from buckstop.diagnostics.source import excerpt, source_lines, visible

MAX_PLACES = 10
"""Of identical findings so many further places are listed; the rest are counted."""
MAX_RELATED = 5
"""So many related places are shown with their line; the rest are counted."""

_COLOURS = {Level.ERROR: "bold red", Level.WARNING: "bold yellow", Level.INFO: "bold cyan"}
_FRAME = "bold blue"


def render_terminal(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], console: Console
) -> None:
    """Print findings as a good compiler does, in the order of `by_kind`.

    Findings that say the same of several places are printed once, with the places. Why a kind of
    finding matters, and its docs page, are printed with the first one of the kind.

    Args:
        diagnostics: in any order.
        sources: the text of each file by the name that spans use; a file that is not there is
            reported without its line.
        console: where to; it decides about colours.
    """
    lines: dict[str, list[str]] = {}
    for same in by_kind(diagnostics):
        for index, group in enumerate(_groups(same)):
            for span in _spans(group[0]):
                if span.file not in lines and span.file in sources:
                    lines[span.file] = source_lines(sources[span.file])
            block = _block(group, lines, is_explained=index > 0)
            console.print(block, soft_wrap=True, highlight=False)


def _groups(diagnostics: Sequence[Diagnostic]) -> list[list[Diagnostic]]:
    """Findings of one kind with the same words together, in the order of their first place."""
    groups: dict[tuple[str, str | None, tuple[Related, ...]], list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        words = (diagnostic.message, diagnostic.hint, diagnostic.related)
        groups.setdefault(words, []).append(diagnostic)
    return list(groups.values())


def _spans(diagnostic: Diagnostic) -> list[Span]:
    own = [] if diagnostic.span is None else [diagnostic.span]
    return own + [related.span for related in diagnostic.related[:MAX_RELATED]]


def _block(group: list[Diagnostic], lines: Mapping[str, list[str]], *, is_explained: bool) -> Text:
    first = group[0]
    colour = _COLOURS[first.level]
    gutter = max((len(str(span.line)) for span in _spans(first)), default=1)
    text = Text()
    text.append(f"{first.level.value}[{first.code.name}]", colour)
    text.append(f": {visible(first.message)}", "bold")
    text.append(f"  (×{len(group)})\n" if len(group) > 1 else "\n")
    if first.span is not None:
        text.append(f"{' ' * gutter}--> ", _FRAME)
        text.append(f"{visible(str(first.span))}\n")
        text.append_text(_source(first.span, lines, gutter, _Marks("^", colour)) or Text())
    for related in first.related[:MAX_RELATED]:
        text.append(f"{' ' * gutter}::: ", _FRAME)
        text.append(f"{visible(str(related.span))}\n")
        label = visible(related.message)
        source = _source(related.span, lines, gutter, _Marks("-", _FRAME, label))
        if source is None:
            _append_note(text, gutter, "note", related.message)
        else:
            text.append_text(source)
    if len(first.related) > MAX_RELATED:
        _append_note(text, gutter, "note", f"and {len(first.related) - MAX_RELATED} places more")
    if len(group) > 1:
        _append_note(text, gutter, "also", _places(group[1:]))
    if not is_explained:
        _append_note(text, gutter, "why", first.code.why)
    if first.hint is not None:
        _append_note(text, gutter, "help", first.hint)
    if not is_explained:
        _append_note(text, gutter, "docs", explain(first.code))
    return text


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands below a source line."""

    character: str
    style: str
    label: str = ""


def _source(span: Span, lines: Mapping[str, list[str]], gutter: int, marks: _Marks) -> Text | None:
    """The line of `span` with marks below; None where there is no such line."""
    of_file = lines.get(span.file)
    if of_file is None or not 1 <= span.line <= len(of_file):
        return None
    line = of_file[span.line - 1]
    end_column = span.end_column if span.end_line == span.line else len(line) + 1
    shown = excerpt(line, min(span.column, len(line) + 1), end_column)
    margin = f"{' ' * gutter} |"
    label = f" {marks.label}" if marks.label else ""
    return Text.assemble(
        (f"{margin}\n", _FRAME),
        (f"{span.line:>{gutter}} |", _FRAME),
        f" {shown.text}\n",
        (margin, _FRAME),
        f" {' ' * shown.offset}",
        (f"{marks.character * shown.length}{label}\n", marks.style),
    )


def _append_note(text: Text, gutter: int, word: str, said: str) -> None:
    text.append(f"{' ' * gutter} = ", _FRAME)
    text.append(f"{word}: ", "bold")
    text.append(f"{visible(said)}\n")


def _places(others: list[Diagnostic]) -> str:
    places = [str(other.span) for other in others if other.span is not None]
    listed = ", ".join(places[:MAX_PLACES])
    more = len(places) - MAX_PLACES
    return listed if more <= 0 else f"{listed} and {more} more"
