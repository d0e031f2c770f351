"""Tables fit a terminal, and lose nothing in a pipe."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from buckstop.cli.tables import Row, Shape, print_table

LONG = "a-receiver-with-a-name-that-is-longer-than-forty-four-cells"


def printed(rows: list[Row], shape: Shape, *, width: int, is_terminal: bool) -> list[str]:
    """The lines of the table, without colours."""
    to = io.StringIO()
    console = Console(file=to, width=width, force_terminal=is_terminal, color_system=None)
    print_table(rows, shape, console)
    return to.getvalue().splitlines()


def row(*cells: str, below: str = "") -> Row:
    return Row(tuple(map(Text, cells)), Text(below))


ROWS = [row("one", LONG, "x", below="why it is so " * 8 + "end"), row("二", "b", "")]
SHAPE = Shape(("A", "B", "C"), indent=2)


def test_in_a_pipe_a_row_is_a_line_and_nothing_is_cut() -> None:
    """`grep` and `cut` see whole names, and no blanks at the end of a line."""
    lines = printed(ROWS, SHAPE, width=40, is_terminal=False)
    assert len(lines) == 4
    assert LONG in lines[1]
    assert lines[2].endswith("end")
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_on_a_terminal_lines_fit_and_nothing_is_cut(width: int) -> None:
    """What does not fit goes on below, within its column."""
    lines = printed(ROWS, SHAPE, width=width, is_terminal=True)
    assert max(map(len, lines)) <= width
    column = lines[0].index("B")
    end = lines[0].index("C")
    name = "".join(line[column:end].strip() for line in lines[1 : 1 + len(LONG)])
    assert name.startswith(LONG)
    assert sum(line.count("why") for line in lines) == 8


def test_columns_stand_below_their_headings() -> None:
    """Wide characters take two cells; numbers may stand at the right."""
    rows = [row("二", "1", "x"), row("abc", "100", "y")]
    lines = printed(rows, Shape(("A", "N", "C"), right=frozenset({1})), width=80, is_terminal=False)
    assert lines == ["A      N  C", "二     1  x", "abc  100  y"]


def test_a_terminal_too_narrow_for_any_table_ends_all_the_same() -> None:
    """Columns are not folded to nothing."""
    lines = printed(ROWS, SHAPE, width=5, is_terminal=True)
    assert "".join(lines).count("end") == 1
