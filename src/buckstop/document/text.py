"""From bytes to text: encodings, line breaks, and characters that YAML does not allow."""

from __future__ import annotations

import re
from bisect import bisect_right

from buckstop.diagnostics import Diagnostic, Span
from buckstop.diagnostics.source import line_starts
from buckstop.document.codes import FILE_NOT_TEXT, FILE_TOO_LARGE

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are refused unread: 64 MiB hold some 250,000 alerting rules."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = "\ufeff"
_NOT_ALLOWED = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def place(starts: list[int], index: int) -> tuple[int, int]:
    """Line and column, from 1, of the code point at `index`."""
    line = bisect_right(starts, index)
    return line, index - starts[line - 1] + 1


def decode(raw: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Text of a file in UTF-8, its byte order mark dropped; None where it is no text."""
    if len(raw) > MAX_BYTES:
        return None, (too_large(file),)
    start = Span(file, 1, 1, 1, 1)
    if raw.startswith(_UTF16):
        return None, (
            Diagnostic(
                FILE_NOT_TEXT,
                "the file is encoded as UTF-16",
                start,
                hint="save it as UTF-8",
            ),
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8").removeprefix(_BOM)
        line, column = place(line_starts(before), len(before))
        return None, (
            Diagnostic(
                FILE_NOT_TEXT,
                f"the byte 0x{raw[error.start]:02x} is not UTF-8"
                if b"\0" not in raw
                else "the file is binary, not text",
                Span(file, line, column, line, column),
                hint="save the file as UTF-8 text",
            ),
        )
    return admit(text, file)


def admit(text: str, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """`text` without its byte order mark, where YAML allows all of its characters; else None."""
    # A code point is at least one byte: what is too long here is too large there.
    if len(text) > MAX_BYTES:
        return None, (too_large(file),)
    text = text.removeprefix(_BOM)
    found = _NOT_ALLOWED.search(text)
    if found is None:
        return text, ()
    line, column = place(line_starts(text), found.start())
    character = found.group()
    return None, (
        Diagnostic(
            FILE_NOT_TEXT,
            "the file holds a NUL byte: it is binary, or was not written to its end"
            if character == "\0"
            else f"the control character U+{ord(character):04X} is not allowed in YAML",
            Span(file, line, column, line, column + 1),
            hint="remove it, or write it as an escape in double quotes"
            if character != "\0"
            else "restore the file as UTF-8 text",
        ),
    )


def too_large(file: str) -> Diagnostic:
    """The finding for a file of more than `MAX_BYTES`."""
    return Diagnostic(
        FILE_TOO_LARGE,
        f"{file} is larger than {MAX_BYTES // 1024 // 1024} MiB and was not read",
        Span(file, 1, 1, 1, 1),
        hint="split it into several files",
    )
