"""YAML in: the documents of one file as positioned trees, and all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from buckstop.diagnostics import Diagnostic, Span
from buckstop.diagnostics.source import line_starts
from buckstop.document.codes import YAML_EMPTY, YAML_SEVERAL_DOCUMENTS, YAML_SYNTAX
from buckstop.document.collector import collection_paused
from buckstop.document.compose import Composer, MakeSpan, Plain
from buckstop.document.go_refusals import as_go_reads
from buckstop.document.limits import LimitReachedError
from buckstop.document.syntax import explain
from buckstop.document.text import admit, decode, place
from buckstop.document.tree import Node, made

MAX_SYNTAX_ERRORS = 20
"""Documents of one file in which a syntax error is reported before the rest is given up."""

MoveSpan = Callable[[Span], Span]
"""From a place in the text that is read to the place in the file that it stands in."""

_DOCUMENT_START = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_OTHER_BREAK = re.compile("[\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds.

    Attributes:
        roots: one a document; None where a document could not be read, which a diagnostic says.
            An empty file has none.
        diagnostics: in the order of the file.
    """

    roots: tuple[Node | None, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def root(self) -> Node | None:
        """The first document, or None."""
        return self.roots[0] if self.roots else None


def parse(text: str | bytes, file: str, move: MoveSpan | None = None) -> Parsed:
    """Read YAML, whatever it is: what cannot be read becomes diagnostics, never an exception.

    Args:
        text: UTF-8 bytes, with or without a byte order mark, or text.
        file: the name that places are given with.
        move: where the text is part of a file: from its own places to the file's.
    """
    admitted, diagnostics = decode(text, file) if isinstance(text, bytes) else admit(text, file)
    if admitted is None:
        return Parsed((None,), tuple(_moved(found, move) for found in diagnostics))
    with collection_paused():
        parsed = _documents(admitted, file, move)
    if parsed.roots or parsed.diagnostics:
        return parsed
    empty = Diagnostic(YAML_EMPTY, f"{file} is empty", Span(file, 1, 1, 1, 1))
    return Parsed((), (_moved(empty, move),))


def parse_one(
    text: str | bytes, file: str, move: MoveSpan | None = None
) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Read a file that is to hold one document, as all files of Buckstop and the servers do.

    The node is None for an empty file (a warning) and for one that cannot be read (an error).
    `move` is that of `parse`.
    """
    parsed = parse(text, file, move)
    if len(parsed.roots) < 2:
        return parsed.root, parsed.diagnostics
    second = parsed.roots[1]
    where = _start(file, move) if second is None else second.span
    several = Diagnostic(
        YAML_SEVERAL_DOCUMENTS,
        f"{file} holds {len(parsed.roots)} documents; only the first would be read",
        where,
        hint="put each document into a file of its own",
    )
    return parsed.root, (*parsed.diagnostics, several)


def _start(file: str, move: MoveSpan | None) -> Span:
    """The first place of a text."""
    start = Span(file, 1, 1, 1, 1)
    return start if move is None else move(start)


def _moved(found: Diagnostic, move: MoveSpan | None) -> Diagnostic:
    if move is None or found.span is None:
        return found
    return replace(found, span=move(found.span))


def _documents(text: str, file: str, move: MoveSpan | None) -> Parsed:
    """All documents of `text`. After a syntax error, reading goes on at the next ``---``."""
    places = _Places(text, file, move)
    composer = Composer(places.span)
    offset = 0
    for _ in range(MAX_SYNTAX_ERRORS):
        rest = text[offset:]
        places.begin_at(offset)
        composer.make_span = places.span_maker()
        composer.plain = places.plain()
        try:
            composer.take(as_go_reads(events(rest), rest))
            break
        except LimitReachedError as reached:
            composer.give_up()
            composer.diagnostics.append(reached.diagnostic)
            break
        except yaml.MarkedYAMLError as error:
            composer.diagnostics.append(explain(error, rest, places.span))
            composer.give_up(unread=True)
            mark = error.problem_mark
            following = _DOCUMENT_START.search(rest, mark.index) if mark is not None else None
            if following is None:
                break
            offset += following.start()
        except (yaml.YAMLError, ValueError, OverflowError):
            # The parser written in Python lets int() and chr() fail, and then knows no place.
            composer.diagnostics.append(_out_of_range(_start(file, move)))
            composer.give_up(unread=True)
            break
    return Parsed(tuple(composer.roots), tuple(composer.diagnostics))


def _out_of_range(start: Span) -> Diagnostic:
    return Diagnostic(
        YAML_SYNTAX,
        "an escape or a version number is out of range",
        start,
        hint="look for '\\U' followed by a large number in double quotes, or for a '%YAML' line",
    )


def events(text: str) -> Iterator[Any]:
    """The parser's events: of libyaml where PyYAML has it, else of PyYAML itself.

    Raises:
        yaml.YAMLError: `text` is no YAML, said when the events before the slip are taken.
        ValueError, OverflowError: as that, where PyYAML itself lets them pass.
    """
    parser: Any
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined] # absent from the stubs
    except ImportError:
        parser = yaml.Loader(text)
        next_event = parser.get_event
    else:
        next_event = CParser(text).get_event
    return iter(next_event, None)


class _Places:
    """Turns the parser's marks into spans of the file."""

    def __init__(self, text: str, file: str, move: MoveSpan | None) -> None:
        self._file = file
        self._move = move
        self._text = text
        self._starts: list[int] | None = None
        self._has_other_breaks = not text.isascii() and _OTHER_BREAK.search(text) is not None
        self._offset = 0
        self._line = 1

    def begin_at(self, offset: int) -> None:
        """Marks are now relative to `offset`, which is the start of a line."""
        self._offset = offset
        if offset:
            self._line = place(self._lines(), offset)[0]

    def plain(self) -> Plain:
        """For how much of the text the parser's own lines and columns hold: all of it, or none."""
        is_plain = not self._has_other_breaks and self._move is None
        return self._file, self._line, len(self._text) - self._offset if is_plain else 0

    def span_maker(self) -> MakeSpan:
        """The quickest function that is right for this text."""
        file, line, size = self.plain()
        if not size:
            return self.span
        latest = 0

        def span(start: yaml.Mark, end: yaml.Mark) -> Span:
            if end.index >= size:
                # At the end of the file libyaml counts a line more than there is.
                return self.span(start, end)
            # A key, its value and the end of each mostly stand on one line: one number for all.
            nonlocal latest
            first = start.line + line
            if first == latest:
                first = latest
            else:
                latest = first
            last = end.line + line
            if last == first:
                last = first
            return made(Span, (file, first, start.column + 1, last, end.column + 1))

        return span

    def span(self, start: yaml.Mark, end: yaml.Mark) -> Span:
        """By offset, whatever the parser takes for a line, and never outside the text."""
        span = Span(self._file, *self._place(start), *self._place(end))
        return span if self._move is None else self._move(span)

    def _place(self, mark: yaml.Mark) -> tuple[int, int]:
        return place(self._lines(), min(self._offset + mark.index, len(self._text)))

    def _lines(self) -> list[int]:
        if self._starts is None:
            self._starts = line_starts(self._text)
        return self._starts
