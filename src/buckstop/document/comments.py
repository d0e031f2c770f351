"""Comments of a YAML text that begin with a given word, and the lines that each speaks of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from buckstop.diagnostics import Span
from buckstop.diagnostics.source import line_starts
from buckstop.document.collector import collection_paused
from buckstop.document.text import place

_LINE_END = re.compile(r"[\r\n]|\Z")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment.

    Attributes:
        text: what stands behind the word that it begins with.
        column: of the first character of `text`.
        span: all of it, from the ``#`` to the end of the line.
        lines: those that it speaks of: its own; where it stands on a line of its own, the next
            one that is not such a comment too; and all lines of a value that begins there.
    """

    text: str
    column: int
    span: Span
    lines: range


def comments(text: str, file: str, word: str) -> Iterator[Comment]:
    """The comments of `text` that begin with `word`, in its order.

    Of a text with a slip in it, those before the slip.
    """
    opening = re.compile(rf"(?:^|(?<=[ \t]))#[ \t]*{re.escape(word)}[ \t]*", re.MULTILINE)
    found = [(one.start(), one.end()) for one in opening.finditer(text)]
    if not found:
        return
    starts = line_starts(text)
    values = _values(text)
    for start, end in _outside(found, values):
        line, column = place(starts, start)
        line_end = _end_of_line(text, start)
        spoken_of = line
        if not text[starts[line - 1] : start].strip():
            spoken_of = _next_said(text, starts, line)
        last = values.last_begun(starts[spoken_of - 1], _end_of_line(text, starts[spoken_of - 1]))
        yield Comment(
            text[end:line_end].rstrip(),
            end - starts[line - 1] + 1,
            Span(file, line, column, line, line_end - starts[line - 1] + 1),
            range(spoken_of, max(spoken_of, place(starts, last)[0]) + 1),
        )


@dataclass(frozen=True, slots=True)
class _Value:
    """A scalar: where it begins, where its text does, and its last character."""

    start: int
    text_start: int
    last: int


@dataclass(frozen=True, slots=True)
class _Values:
    """The scalars of a text, and how far it could be read."""

    items: tuple[_Value, ...]
    read_to: int

    def last_begun(self, start: int, end: int) -> int:
        """Where the last value ends that begins between the two places; `start` without one."""
        index = bisect_right(self.items, end, key=lambda value: value.start)
        value = self.items[index - 1] if index else None
        return start if value is None or value.start < start else value.last


def _values(text: str) -> _Values:
    items: list[_Value] = []
    read_to = len(text)
    try:
        with collection_paused():
            for token in _tokens(text):
                if isinstance(token, yaml.ScalarToken):
                    start, end = token.start_mark.index, token.end_mark.index
                    is_block = token.style in {"|", ">"}
                    # A comment may follow the sign that opens a block.
                    text_start = _end_of_line(text, start) if is_block else start
                    items.append(_Value(start, text_start, max(start, end - 1)))
    except (yaml.YAMLError, ValueError, OverflowError):
        read_to = items[-1].last if items else 0
    return _Values(tuple(items), read_to)


def _tokens(text: str) -> Iterator[Any]:
    parser: Any
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined] # absent from the stubs
    except ImportError:
        parser = yaml.Loader(text)
    else:
        parser = CParser(text)
    while parser.check_token():
        yield parser.get_token()


def _outside(found: list[tuple[int, int]], values: _Values) -> Iterator[tuple[int, int]]:
    """Those of `found` that do not begin within a value."""
    following = iter(values.items)
    value = next(following, None)
    for start, end in found:
        while value is not None and value.last < start:
            value = next(following, None)
        if start <= values.read_to and (value is None or start < value.text_start):
            yield start, end


def _next_said(text: str, starts: list[int], line: int) -> int:
    """The next line that holds more than a comment; `line` itself where there is none."""
    for number in range(line + 1, len(starts) + 1):
        first = starts[number - 1]
        if not text[first : _end_of_line(text, first)].lstrip().startswith("#"):
            return number
    return line


def _end_of_line(text: str, index: int) -> int:
    found = _LINE_END.search(text, index)
    assert found is not None, "a text ends"
    return found.start()
