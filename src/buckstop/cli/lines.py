"""Lines of a stream as they come in, in UTF-8 whatever encoding the stream begins with."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import IO, Final

from buckstop.document.text import encoding_of

MAX_LINE_BYTES: Final = 1 << 20
"""Of one line; a longer one is refused without being held in memory whole."""

_NO_TEXT: Final = b"\xff"
"""Instead of a line that is no UTF-16: no UTF-8 either."""


def read_lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of `file` in UTF-8, each cut off just beyond `MAX_LINE_BYTES`.

    A byte order mark is dropped, and says whether the file is UTF-16, as in every other file. What
    is no text in the file's encoding is none in the line that is given for it.
    """
    encoding, line = encoding_of(file.readline(MAX_LINE_BYTES + 1 + len(BOM_UTF8)))
    if encoding != "utf-8":
        yield from _lines_in_utf8(file, line, encoding)
        return
    while line:
        yield line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES + 1)
        line = file.readline(MAX_LINE_BYTES + 1)


def _lines_in_utf8(file: IO[bytes], start: bytes, encoding: str) -> Iterator[bytes]:
    """The lines of `file`, UTF-16 of which `start` is read already."""
    line = _utf16_line(file, start, encoding)
    while line:
        try:
            yield line.decode(encoding).encode()
        except UnicodeDecodeError:
            yield _NO_TEXT
        line = _utf16_line(file, b"", encoding)


def _utf16_line(file: IO[bytes], start: bytes, encoding: str) -> bytearray:
    """The line that begins with `start`; what is too long of it even as ASCII is left out."""
    line_end = "\n".encode(encoding)
    line = bytearray()
    piece = start or file.readline(MAX_LINE_BYTES)
    while piece:
        line += piece
        # The byte at which a piece ends may be either half of a character, which need not be LF.
        if len(line) % 2:
            line += file.read(1)
        if line.endswith(line_end):
            break
        del line[2 * MAX_LINE_BYTES + 2 : -2]
        piece = file.readline(MAX_LINE_BYTES)
    return line
