"""RE2 itself says which characters a class has: its Unicode tables and case folding are the fact.

All characters stand once, in order, in one text; what a class matches in it is the class.
"""

from __future__ import annotations

import functools
from itertools import product
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


_CASED: Final = r"[\p{Lu}\p{Ll}\p{Lt}]"
"""The characters that have a case, but for a few such as those in circles."""

_CONTINUATION: Final = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that begin no character."""


@functools.cache
def _every_character() -> bytes:
    """Put together from blocks of bytes: encoding a million characters takes ten times as long."""
    ascii_ = bytes(range(0x80))
    two = b"".join(bytes(pair) for pair in product(range(0xC2, 0xE0), _CONTINUATION))
    ends = [bytes(pair) for pair in product(_CONTINUATION, _CONTINUATION)]
    # Bytes that UTF-8 never has stand for what differs from block to block.
    lead, second = b"\xff", b"\xfe"
    block = lead + lead.join(ends)
    three = [block.translate(bytes.maketrans(lead, bytes([byte]))) for byte in range(0xE0, 0xF0)]
    three[0x0] = three[0x0][len(block) // 2 :]  # the others would be shorter
    three[0xD] = three[0xD][: len(block) // 2]  # the others are surrogates
    block = lead + second + (lead + second).join(ends)
    four = [
        block.translate(
            bytes.maketrans(lead + second, bytes([0xF0 | high >> 6, 0x80 | high & 0x3F]))
        )
        for high in range(0x10, (LAST_CODE_POINT >> 12) + 1)
    ]
    return b"".join((ascii_, two, *three, *four))


@functools.cache
def _cased() -> str:
    """The characters of `_CASED` and all that equals one of them where case does not count.

    No other character equals one of these, so that they are all that must be looked through.
    """
    return "".join(characters_of(_CASED, folds_case=True))


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
    text = _every_character()
    intervals = []
    for match in _program(class_text, folds_case=folds_case).finditer(text):
        start, end = match.span()
        # The last character begins before the end, by its own width.
        last = end - 1
        while text[last] & 0xC0 == 0x80:  # a continuation byte of UTF-8
            last -= 1
        intervals.append((_code_point(start), _code_point(last)))
    return Characters.of(intervals)


@functools.lru_cache(maxsize=4_096)
def folded(letter: str) -> Characters:
    """The characters that `letter` matches under ``(?i)``, itself among them."""
    if letter not in _cased():
        return characters_of(letter, folds_case=True)
    matches = _program(letter, folds_case=True).finditer(_cased().encode())
    found = "".join(match.group().decode() for match in matches)
    return Characters.of((ord(character), ord(character)) for character in found)


def _program(class_text: str, *, folds_case: bool) -> re2.Pattern[bytes]:
    options = re2.Options()
    options.log_errors = False
    flags = "(?i)" if folds_case else ""
    return re2.compile(f"{flags}(?:{class_text})+".encode(), options)
