"""Tables for people: folded to a terminal's width; in a pipe whole, a row a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

GAP: Final = "  "
MIN_COLUMN_CELLS: Final = 8
"""No column is folded to less; where not even that fits, the terminal breaks the lines."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        cells: one a column; control characters are made visible by whoever builds them.
        below: what is said of the row on lines of its own, from the second column on.
    """

    cells: tuple[Text, ...]
    below: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the columns stand.

    Attributes:
        headings: empty for a table without.
        style: of the headings.
        indent: before every line, in cells.
        right: the columns whose cells stand at their right edge.
    """

    headings: tuple[str, ...] = ()
    style: str = "dim"
    indent: int = 0
    right: frozenset[int] = frozenset()


def print_table(rows: Sequence[Row], shape: Shape, console: Console) -> None:
    """Print `rows`. On a terminal cells are folded so that lines fit; nowhere is anything cut."""
    if not rows:
        return
    heading = Row(tuple(Text(name, shape.style) for name in shape.headings))
    every = [heading, *rows] if shape.headings else list(rows)
    widths = [
        max(cell_len(row.cells[column].plain) for row in every)
        for column in range(len(rows[0].cells))
    ]
    limit = console.width if console.is_terminal else None
    if limit is not None:
        widths = _fitting(widths, limit - shape.indent - len(GAP) * (len(widths) - 1))
    for row in every:
        for line in _lines(row, widths, shape, console, limit):
            console.print(line, soft_wrap=True, highlight=False, markup=False)


def _fitting(widths: Sequence[int], cells: int) -> list[int]:
    """`widths` with the widest cut down to one width, so that all together take up `cells`."""
    if sum(widths) <= cells:
        return list(widths)
    most = MIN_COLUMN_CELLS
    for width in range(MIN_COLUMN_CELLS, max(cells, MIN_COLUMN_CELLS)):
        if sum(min(one, width) for one in widths) > cells:
            break
        most = width
    return [min(one, most) for one in widths]


def _lines(
    row: Row, widths: Sequence[int], shape: Shape, console: Console, limit: int | None
) -> Iterator[Text]:
    folded = [_folded(cell, width, console) for cell, width in zip(row.cells, widths, strict=True)]
    for index in range(max(len(lines) for lines in folded)):
        parts = [lines[index] if index < len(lines) else Text() for lines in folded]
        yield _joined(parts, widths, shape)
    if row.below:
        margin = shape.indent + widths[0] + len(GAP)
        room = None if limit is None else max(limit - margin, MIN_COLUMN_CELLS)
        for line in _folded(row.below, room, console):
            yield Text.assemble(" " * margin, line)


def _joined(parts: Iterable[Text], widths: Sequence[int], shape: Shape) -> Text:
    line = Text(" " * shape.indent)
    for column, (part, width) in enumerate(zip(parts, widths, strict=True)):
        padding = " " * (width - cell_len(part.plain))
        if column:
            line.append(GAP)
        if column in shape.right:
            line.append(padding)
        line.append_text(part)
        if column not in shape.right:
            line.append(padding)
    line.rstrip()
    return line


def _folded(text: Text, width: int | None, console: Console) -> list[Text]:
    if width is None or cell_len(text.plain) <= width:
        return [text]
    return list(text.wrap(console, width, overflow="fold"))
