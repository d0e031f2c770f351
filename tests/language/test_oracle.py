"""What a class and a letter stand for, by a shorter way than asking RE2 of every character."""

from __future__ import annotations

import random
import re
import secrets

import pytest

from buckstop.language.characters import ANY_CHARACTER, Characters
from buckstop.language.oracle import characters_of, folded


@pytest.mark.parametrize(
    "code_point",
    [
        *(0x0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xE000, 0xFFFF),
        *(0x10000, 0x10FFF, 0x11000, 0x3FFFF, 0x40000, 0x10FFFF),
    ],
)
def test_a_character_is_found_where_its_encoding_changes(code_point: int) -> None:
    """The first and the last of each length and block of UTF-8."""
    assert list(characters_of(f"\\x{{{code_point:x}}}", folds_case=False)) == [chr(code_point)]


def test_the_class_of_all_characters_has_them_all() -> None:
    """None is passed over, and surrogates are none."""
    assert characters_of(r"[\x{0}-\x{10FFFF}]", folds_case=False) == ANY_CHARACTER


@pytest.mark.parametrize(
    ("letter", "same"),
    [
        ("k", "kK\N{KELVIN SIGN}"),
        ("S", "sS\N{LATIN SMALL LETTER LONG S}"),
        ("σ", "σςΣ"),
        ("i", "iI"),
        ("İ", "İ"),
        ("µ", "µμΜ"),
        ("ⓐ", "ⓐⒶ"),
        ("\N{COMBINING GREEK YPOGEGRAMMENI}", "\u0345Ιι\u1fbe"),
        ("日", "日"),
    ],
)
def test_a_letter_folds_as_re2_folds_it(letter: str, same: str) -> None:
    """``(?i)`` takes more than the other case of a letter."""
    assert folded(letter) == Characters.of((ord(each), ord(each)) for each in same)


def test_no_letter_folds_otherwise_than_re2_says_of_all_characters() -> None:
    """The few characters that are looked through are all that can be found."""
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    letters = [each for each in ANY_CHARACTER if each.upper() != each or each.lower() != each]
    for letter in random.Random(seed).sample(letters, 40):
        assert folded(letter) == characters_of(re.escape(letter), folds_case=True)
