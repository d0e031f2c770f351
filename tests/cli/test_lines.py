"""Lines come in as UTF-8, whatever encoding the stream begins with."""

from __future__ import annotations

import codecs
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buckstop.cli.lines import MAX_LINE_BYTES, read_lines

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
HALF_LINE_ENDS = "\u0a05\u010a\u0a0a\U0001f60a"
"""Characters of which a byte is that of a line's end, in UTF-16."""


def lines(data: bytes) -> list[bytes]:
    return list(read_lines(io.BytesIO(data)))


@pytest.mark.parametrize("encoding", MARKS)
@given(text=st.text(st.sampled_from(f"a\n\r\0\u2028{HALF_LINE_ENDS}")))
def test_a_mark_is_dropped_and_followed(encoding: str, text: str) -> None:
    """Windows writes marks before UTF-8, and UTF-16; lines end at LF alone in all of them."""
    assert lines(MARKS[encoding] + text.encode(encoding)) == list(io.BytesIO(text.encode()))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_what_is_no_utf_16_spoils_its_own_line_alone(encoding: str) -> None:
    """Half a surrogate pair, or a file that was cut within a character."""
    data = MARKS[encoding] + "a\n\ud800\nb\nc".encode(encoding, "surrogatepass")
    assert lines(data) == [b"a\n", b"\xff", b"b\n", b"c"]
    assert lines(data + b"c") == [b"a\n", b"\xff", b"b\n", b"\xff"]


@pytest.mark.parametrize("encoding", MARKS)
@pytest.mark.parametrize("letter", ["y", "\u0a05"])
def test_a_line_that_is_too_long_is_cut_off_and_the_next_is_whole(
    encoding: str, letter: str
) -> None:
    """Also where the mark alone is what makes it so long in bytes."""
    for length in (MAX_LINE_BYTES - 1, MAX_LINE_BYTES, 3 * MAX_LINE_BYTES):
        text = letter * (length // len(letter.encode())) + "\nnext"
        first, second = lines(MARKS[encoding] + text.encode(encoding))
        size = len(text.encode()) - len("next")
        assert (len(first) > MAX_LINE_BYTES) == (size > MAX_LINE_BYTES)
        assert len(first) < 4 * MAX_LINE_BYTES
        assert second == b"next"
