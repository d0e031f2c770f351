"""Many languages, and which of them may share a string with one more."""

from __future__ import annotations

import random

from tests.language.random_patterns import STRINGS, random_language
from tests.volume import cases

from buckstop.language import Language, matching, only
from buckstop.language.overlaps import MAX_LETTERS, Overlaps

LONG = "x" * MAX_LETTERS


def overlaps_of(*languages: Language) -> Overlaps:
    overlaps = Overlaps()
    for language in languages:
        overlaps.add(language)
    return overlaps


def test_languages_that_may_overlap_are_found_by_how_they_begin_and_end() -> None:
    """None that has a common string is left out, and most that have none are."""
    patterns = ["a-.*", "ab.*", "b.*x", ".*y", "(?i)a-1", "c"]
    overlaps = overlaps_of(*map(matching, patterns))

    def found(pattern: str) -> list[str]:
        return [patterns[number] for number in overlaps.with_strings_of(matching(pattern))]

    assert found("a-1.*") == ["a-.*", ".*y", "(?i)a-1"]
    assert found("b.*y") == [".*y"]
    assert [patterns[n] for n in overlaps.with_strings_of(only("c", "cc"))] == ["c"]


def test_long_names_are_told_apart_behind_the_letters_that_are_looked_up() -> None:
    """What is looked up is cut off; what is compared then is not."""
    overlaps = overlaps_of(matching(f"{LONG}a.*"), matching(f"{LONG}b.*"), matching(f"{LONG}.*"))
    assert list(overlaps.with_strings_of(matching(f"{LONG}b.+"))) == [1, 2]
    assert list(overlaps.with_strings_of(matching("x.*"))) == [0, 1, 2]


def test_none_that_shares_a_string_is_left_out() -> None:
    """A route that was overlooked would be called dead, or alive, by mistake."""
    seed = random.SystemRandom().randrange(2**32)
    source = random.Random(seed)
    shared = 0
    for _ in range(cases(20)):
        languages = [random_language(source, 1) for _ in range(12)]
        asked = random_language(source, 1)
        found = list(overlaps_of(*languages).with_strings_of(asked))
        assert found == sorted(found)
        inside = [text for text in STRINGS if text in asked]
        for number, language in enumerate(languages):
            if any(text in language for text in inside):
                shared += 1
                assert number in found, f"seed {seed}: {language} and {asked}"
    assert shared > cases(20)
