"""Regions made at random, and label sets of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from buckstop.language import ABSENT, EVERYTHING, Language, Region, matching, only, region

NAMES: Final = ("alertname", "team", "env", "a", "ab", "b_1", "replica", "region", "_x")
VALUES: Final = (
    *("", "sre", "prod", "a", "A", "b", "ab", "a;b", "1", "x-y", "a\nb", "\n", "größe", "ß", "İı"),
    *("ᾳ", "ǆ", "a b", ".*", "$1", "team", "aab", "prod;a", "x_1"),
)
"""What steps and templates tell apart: letter case, separators, newlines, the syntax itself."""
PATTERNS: Final = (".*", ".+", "a.*", "[a-z]*", "(?s:.*)b", "(?i)a+", "^a+$", "x-.|a|", r"\pL+")


def random_value_language(source: random.Random) -> Language:
    """A list, a pattern or what they leave, of which one of `VALUES` at least is."""
    while True:
        match source.randrange(6):
            case 0 | 1:
                language: Language = only(*source.sample(VALUES, source.randint(1, 4)))
            case 2:
                language = matching(source.choice(PATTERNS), dot_newline=source.random() < 0.5)
            case 3:
                language = ~matching(source.choice(PATTERNS))
            case 4:
                language = ~only(*source.sample(VALUES, source.randint(0, 3)))
            case _:
                other = source.choice([only(""), matching(source.choice(PATTERNS))])
                language = matching(source.choice(PATTERNS)) - other
        if any(value in language for value in VALUES):
            return language


def random_region(source: random.Random, names: Sequence[str] = NAMES) -> Region:
    """One that says something of some labels."""
    languages = {
        name: random_value_language(source)
        for name in source.sample(names, source.randint(1, len(names)))
    }
    others: tuple[Language, ...] = (ABSENT, EVERYTHING)
    return region(languages, source.choice(others))


def random_members(
    source: random.Random, here: Region, count: int, names: Sequence[str] = NAMES
) -> list[dict[str, str]]:
    """Label sets of `here`."""
    choices = {
        name: [value for value in VALUES if value in here.language(name)]
        for name in dict.fromkeys((*names, *here.names))
    }
    return [
        {name: value for name, values in choices.items() if (value := source.choice(values))}
        for _ in range(count)
    ]
