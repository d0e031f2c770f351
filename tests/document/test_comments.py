"""Comments that are meant for a program, told apart from text that looks like one."""

from __future__ import annotations

import pytest

from buckstop.document.comments import comments

WORD = "buckstop:"


def read(text: str) -> list[tuple[str, int, int, range]]:
    return [
        (one.text, one.span.line, one.span.column, one.lines)
        for one in comments(text, "f.yml", WORD)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1 # buckstop: x\n", [("x", 1, 6, range(1, 2))]),
        ("#buckstop: x\na: 1\n", [("x", 1, 1, range(2, 3))]),
        ("a: 1 # buckstop: x  \r\nb: 2", [("x", 1, 6, range(1, 2))]),
        ("# buckstop: x\n# why\n# buckstop: y\na: 1\n", [("x", 1, 1, range(4, 5)),
                                                         ("y", 3, 1, range(4, 5))]),
        ("a: [1, # buckstop: x\n 2]\n", [("x", 1, 8, range(1, 2))]),
        ("a: | # buckstop: x\n  one\n  two\nb: 1\n", [("x", 1, 6, range(1, 4))]),
        ("# buckstop: x\na: 'one\n  two'\nb: 1\n", [("x", 1, 1, range(2, 4))]),
        ("a: one\n  two\nb: 1 # buckstop: x\n", [("x", 3, 6, range(3, 4))]),
        ("a: |\n  one\n# buckstop: x\nb: 1\n", [("x", 3, 1, range(4, 5))]),
        ("a: 'é模' # buckstop: x\n", [("x", 1, 9, range(1, 2))]),
        ("a: 1\n# buckstop: x", [("x", 2, 1, range(2, 3))]),
        ("a: 1 # buckstop: x\n---\nb: 1 # buckstop: y\n", [("x", 1, 6, range(1, 2)),
                                                            ("y", 3, 6, range(3, 4))]),
    ],
)  # fmt: skip
def test_a_comment_speaks_of_its_line_or_of_the_next(
    text: str, expected: list[tuple[str, int, int, range]]
) -> None:
    """Whoever writes it above a value means the whole value, however many lines it has."""
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a: '# buckstop: x'\n",
        'a: "one # buckstop: x"\n',
        "a: one# buckstop: x\n",
        "a: |\n  # buckstop: x\n",
        "a: >\n  one\n  # buckstop: x\nb: 1\n",
        "a: 'one\n  # buckstop: x'\n",
        "a: 1 # see buckstop: x\n",
        "a: 1 # Buckstop: x\n",
        "",
    ],
)
def test_what_is_no_comment_of_ours_is_left_alone(text: str) -> None:
    """A '#' within a text belongs to the text, and a word in the middle of a comment to people."""
    assert read(text) == []


def test_the_place_of_the_text_is_known() -> None:
    """A slip within the comment can be pointed at."""
    (one,) = comments("a: 1  #  buckstop:  ignore\n", "f.yml", WORD)
    assert (one.column, one.span.end_column) == (21, 27)


def test_comments_before_a_slip_are_read() -> None:
    """A file that is half written keeps what its upper half says."""
    assert [one[0] for one in read("a: 1 # buckstop: x\nb: 2\nc: @\n# buckstop: y\n")] == ["x"]
