"""Patterns and languages made at random, and the strings on which they are judged."""

from __future__ import annotations

import random
from itertools import product

from buckstop.language import EVERYTHING, Language, PatternError, compile_pattern, matching, only
from buckstop.language.sets import between

LETTERS = ("a", "b", "K", "_", "\n", "é", "\u212a")
"""What tells classes, case folding, word boundaries and line ends apart."""

STRINGS = tuple(
    "".join(letters) for length in range(4) for letters in product(LETTERS, repeat=length)
)
"""Every string of up to three of them: 400."""

_ATOMS = (
    *("a", "b", "k", "K", "_", "é", r"\n", ".", r"\.", r"\w", r"\W", r"\d", r"\s", r"\pL", r"\PL"),
    *("[ab]", "[^a]", "[^ab_]", "[a-z]", r"[\w\n]", "[[:upper:]]", r"[^[:word:]é]", r"\x61"),
    *("^", "$", r"\A", r"\z", r"\b", r"\B", "", r"\Qa_\E", r"\141", r"\x{212a}", r"\p{Greek}"),
)
_REPEATS = ("", "", "", "*", "+", "?", "*?", "{2}", "{0,2}", "{1,}", "{0}")
_OPENINGS = ("(", "(?:", "(?i:", "(?s:", "(?m:", "(?P<n>", "(?i-s:", "(?ms:", "(?U:")
_FLAGS = ("(?i)", "(?s)", "(?m)", "(?-s)")


def random_pattern(source: random.Random, depth: int = 3) -> str:
    """A pattern that RE2 takes."""
    while True:
        pattern = _choice(source, depth)
        if source.random() < 0.1:
            pattern = source.choice(_FLAGS) + pattern
        try:
            compile_pattern(pattern)
        except PatternError:
            continue  # a repeated group name, a repetition of nothing
        return pattern


def _choice(source: random.Random, depth: int) -> str:
    return "|".join(_chain(source, depth) for _ in range(source.choice((1, 1, 1, 2, 3))))


def _chain(source: random.Random, depth: int) -> str:
    return "".join(_part(source, depth) for _ in range(source.choice((0, 1, 1, 2, 3))))


def _part(source: random.Random, depth: int) -> str:
    if depth > 0 and source.random() < 0.3:
        part = source.choice(_OPENINGS) + _choice(source, depth - 1) + ")"
    else:
        part = source.choice(_ATOMS)
        if source.random() < 0.05:
            part = source.choice(_FLAGS) + (part or "a")
    return part + (source.choice(_REPEATS) if part else "")


def random_language(source: random.Random, depth: int = 2) -> Language:
    """A combination of patterns, sets, their complements and what fits into them."""
    if depth == 0 or source.random() < 0.3:
        kind = source.random()
        if kind < 0.7:
            dot_newline = source.random() < 0.3
            return matching(random_pattern(source, 2), dot_newline=dot_newline)
        language: Language = only(*source.sample(STRINGS, source.randrange(4)))
        return language if kind < 0.9 else EVERYTHING - language
    left, right = random_language(source, depth - 1), random_language(source, depth - 1)
    match source.randrange(5):
        case 0:
            return left & right
        case 1:
            return left | right
        case 2:
            return left - right
        case 3:
            return between(source.choice(STRINGS), left, source.choice(STRINGS))
        case _:
            return ~left
