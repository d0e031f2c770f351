"""From bytes to text: encodings, line breaks, and characters that YAML does not allow."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right

from buckstop.diagnostics import Diagnostic, Span
from buckstop.diagnostics.source import line_starts
from buckstop.document.codes import FILE_NOT_TEXT, FILE_TOO_LARGE

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are refused unread: 64 MiB hold some 250,000 alerting rules."""

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BOM = "\ufeff"
_DOUBTFUL = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_PLAIN = b"\t\n\r" + bytes(range(0x20, 0x7F))
_LINE_ENDS = frozenset("\n\r\x85\u2028\u2029")


def place(starts: list[int], index: int) -> tuple[int, int]:
    """Line and column, from 1, of the code point at `index`."""
    line = bisect_right(starts, index)
    return line, index - starts[line - 1] + 1


def decode(raw: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Text of a file, its byte order mark dropped; None where it is no text.

    As the servers do: UTF-8, or UTF-16 where a byte order mark says so.
    """
    if len(raw) > MAX_BYTES:
        return None, (too_large(file),)
    text, diagnostics = decode_any(raw, file)
    return (None, diagnostics) if text is None else _checked(text, file)


def decode_any(raw: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """As `decode`, of a file that is no YAML: it may hold any character, and be larger."""
    encoding, body = encoding_of(raw)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding)
        line, column = place(line_starts(before), len(before))
        return None, (
            Diagnostic(
                FILE_NOT_TEXT,
                _undecoded(body, error),
                Span(file, line, column, line, column),
                hint="save the file as UTF-8 text",
            ),
        )
    return text, ()


def shown_text(raw: bytes) -> str:
    """Text of a file for excerpts: what cannot be decoded is a replacement character."""
    encoding, body = encoding_of(raw)
    return body.decode(encoding, errors="replace")


def encoding_of(raw: bytes) -> tuple[str, bytes]:
    """The encoding that a byte order mark says, else UTF-8, and what stands behind the mark."""
    encoding = _UTF16.get(raw[:2])
    if encoding is not None:
        return encoding, raw[2:]
    return "utf-8", raw.removeprefix(codecs.BOM_UTF8)


def _undecoded(body: bytes, error: UnicodeDecodeError) -> str:
    if error.encoding != "utf-8":
        return "the file begins as UTF-16 and holds what is no character of it"
    if b"\0" in body:
        return "the file is binary, not text"
    return f"the byte 0x{body[error.start]:02x} is not UTF-8"


def admit(text: str, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """`text` without its byte order mark, where YAML allows all of its characters; else None."""
    # A code point is at least one byte: what is too long here is too large there.
    if len(text) > MAX_BYTES:
        return None, (too_large(file),)
    return _checked(text.removeprefix(_BOM), file)


def _checked(text: str, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    if text.isascii() and not text.encode().translate(None, _PLAIN):
        return text, ()
    found = next((one for one in re.finditer(_DOUBTFUL, text) if _is_refused(text, one)), None)
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


def _is_refused(text: str, found: re.Match[str]) -> bool:
    """Whether no YAML holds the character; a byte order mark may stand within a line.

    At its start libyaml passes over a mark that the servers take for text.
    """
    start = found.start()
    return found.group() != _BOM or start == 0 or text[start - 1] in _LINE_ENDS


def too_large(file: str) -> Diagnostic:
    """The finding for a file of more than `MAX_BYTES`."""
    return Diagnostic(
        FILE_TOO_LARGE,
        f"{file} is larger than {MAX_BYTES // 1024 // 1024} MiB and was not read",
        Span(file, 1, 1, 1, 1),
        hint="split it into several files",
    )
