"""RE2 itself says which characters a class has: its Unicode tables and case folding are the fact.

All characters stand once, in order, in one text; what a class matches in it is the class.
"""

from __future__ import annotations

import functools
import sys
from array import array
from typing import Final

import re2

from buckstop.language.characters import (
    FIRST_SURROGATE,
    LAST_CODE_POINT,
    LAST_SURROGATE,
    Characters,
)

_WIDTHS: Final = ((0x80, 1), (0x800, 2), (FIRST_SURROGATE, 3), (LAST_SURROGATE + 1, 0))
"""Code points below the first number take the second one's bytes in UTF-8; surrogates stand not
in the text. Then come the other characters of three bytes, and those of four."""


@functools.cache
def _every_character() -> bytes:
    code_points = array("I", range(FIRST_SURROGATE))
    code_points.extend(range(LAST_SURROGATE + 1, LAST_CODE_POINT + 1))
    return code_points.tobytes().decode(f"utf-32-{sys.byteorder[0]}e").encode()


@functools.cache
def _stretches() -> tuple[tuple[int, int, int], ...]:
    """Where the characters of one width begin: offset, code point, width."""
    found: list[tuple[int, int, int]] = []
    offset = code_point = 0
    for end, width in (*_WIDTHS, (0x10000, 3), (LAST_CODE_POINT + 1, 4)):
        if width:
            found.append((offset, code_point, width))
        offset += (end - code_point) * width
        code_point = end
    return tuple(found)


def _code_point(offset: int) -> int:
    """The character that begins at `offset` of the text."""
    start, code_point, width = next(
        stretch for stretch in reversed(_stretches()) if stretch[0] <= offset
    )
    return code_point + (offset - start) // width


@functools.lru_cache(maxsize=4_096)
def characters_of(class_text: str, *, folds_case: bool) -> Characters:
    """The characters that an expression for one character matches: ``[^a-z]``, ``\\pL``, ``k``.

    Args:
        folds_case: whether it stands under ``(?i)``.
    """
    options = re2.Options()
    options.log_errors = False
    flags = "(?i)" if folds_case else ""
    program = re2.compile(f"{flags}(?:{class_text})+".encode(), options)
    text = _every_character()
    intervals = []
    for match in program.finditer(text):
        start, end = match.span()
        # The last character begins before the end, by its own width.
        last = end - 1
        while text[last] & 0xC0 == 0x80:  # a continuation byte of UTF-8
            last -= 1
        intervals.append((_code_point(start), _code_point(last)))
    return Characters.of(intervals)
