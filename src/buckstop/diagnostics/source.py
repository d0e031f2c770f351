"""Lines of a source as they can be shown: nothing that a terminal would obey, columns kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rich.cells import cell_len

MAX_LINE_CELLS = 120
"""Of a longer source line only this much is shown, around the place in question."""
_LEAD_CELLS = 40
_TAB = "    "
_ELLIPSIS = "…"
_BREAK = re.compile(r"\r\n|\n|\r")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_JOINERS = frozenset("\u200c\u200d")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def line_starts(text: str) -> list[int]:
    """Where each line begins, as offsets in code points; a line ends at LF, CR LF or CR.

    YAML 1.1 also breaks lines at NEL, LS and PS; editors do not, so places are not counted so.
    """
    return [0, *(found.end() for found in _BREAK.finditer(text))]


def source_lines(text: str) -> list[str]:
    """The lines of a file, without their ends and without a byte order mark."""
    text = text.removeprefix("\ufeff")
    return _BREAK.split(text) if "\r" in text else text.split("\n")


def visible(text: str) -> str:
    r"""`text` with everything that is no visible character spelt out.

    Control characters become control pictures (an escape is ``␛``), bytes of a file name that are
    not UTF-8 become ``\xff``, direction marks and the like ``<U+202E>``. What is left can be
    written to a terminal whoever wrote it.
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if unicodedata.category(character) not in _HIDDEN_CATEGORIES or character in _JOINERS:
        return character
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"<U+{code:04X}>"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A source line as it is shown, and where the marks go below it.

    Attributes:
        text: visible characters only.
        offset: terminal cells before the first mark.
        length: cells to mark, at least 1.
    """

    text: str
    offset: int
    length: int


def excerpt(line: str, column: int, end_column: int) -> Excerpt:
    """`line` with the marks for the code points from `column` (from 1) up to `end_column`.

    East Asian characters count two cells, tabs four. A line longer than `MAX_LINE_CELLS` is cut
    on either side of the marks.
    """
    # Beyond this many code points nothing can be shown, so nothing beyond is looked at.
    first = max(0, column - 1 - MAX_LINE_CELLS)
    window = line[first : column - 1 + 2 * MAX_LINE_CELLS]
    shown = [_TAB if character == "\t" else visible(character) for character in window]
    widths = [cell_len(piece) for piece in shown]
    start, end = column - 1 - first, max(column, end_column - 1) - first
    cut_left = first > 0
    before = sum(widths[:start])
    total = sum(widths)
    left = 0
    if cut_left or total > MAX_LINE_CELLS:
        while before > _LEAD_CELLS and left < start:
            before -= widths[left]
            left += 1
    cut_left = cut_left or left > 0
    right, cells = left, 0
    while right < len(shown) and cells + widths[right] <= MAX_LINE_CELLS:
        cells += widths[right]
        right += 1
    cut_right = right < len(shown) or first + len(window) < len(line)
    text = "".join(shown[left:right])
    return Excerpt(
        f"{_ELLIPSIS if cut_left else ''}{text}{_ELLIPSIS if cut_right else ''}",
        before + (1 if cut_left else 0),
        max(1, sum(widths[start : min(end, right)])),
    )
