"""A part of a value's text, found again in the file."""

from __future__ import annotations

import pytest

from buckstop.diagnostics import Span
from buckstop.document import Mapping, Scalar, inside, parse_one


def value(text: str) -> Scalar:
    root, found = parse_one(text, "f.yml")
    assert isinstance(root, Mapping), found
    scalar = root.get("a")
    assert isinstance(scalar, Scalar)
    return scalar


@pytest.mark.parametrize(
    ("text", "line", "column", "end_column"),
    [
        ("a: xé{{ y }}", 1, 9, 10),
        ("a: 'xé{{ y }}'", 1, 10, 11),
        ('a: "xé{{ y }}"', 1, 10, 11),
        ("a: |\n  one\n  xé{{ y }}\n", 3, 1, 1),
        ("a: |-\n\n    xé{{ y }}\n    three\n", 3, 1, 1),
    ],
)
def test_a_part_stands_where_the_user_wrote_it(
    text: str, line: int, column: int, end_column: int
) -> None:
    """To the column on one line; to the line in a block."""
    scalar = value(text)
    start = scalar.text.index("y")
    assert inside(scalar, start, start + 1) == Span("f.yml", line, column, line, end_column)


@pytest.mark.parametrize("text", ['a: "\\x41{{ y }}"', "a: 'it''s {{ y }}'", "a: >\n  b\n  y\n"])
def test_where_the_text_is_not_as_written_the_whole_value_is_meant(text: str) -> None:
    """No caret under the wrong word."""
    scalar = value(text)
    assert inside(scalar, 1, 2) == scalar.span
