"""Texts that are made of several, one after another."""

from __future__ import annotations

import random

import pytest
from tests.language.random_patterns import STRINGS, random_language
from tests.volume import cases

from buckstop.language import EVERYTHING, NOTHING, Language, matching, only
from buckstop.language.concatenation import concatenation
from buckstop.language.patterns import MAX_PATTERN_LENGTH


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], only("")),
        ([only("a", "b"), only("-"), only("", "c")], only("a-", "a-c", "b-", "b-c")),
        ([only(""), matching("^a+$")], matching("^a+$")),
        ([only("x."), matching("a+")], matching("x\\.(?-s:a+)")),
        ([only("x"), matching("a.", dot_newline=True)], matching("x(?s:a.)")),
        ([only("x"), matching("^a+")], matching("x(?s:.+)")),
        ([only("x"), matching("a)|(?:.b")], matching("x(?s:.+)")),
        ([only("x"), ~only("")], matching("x(?s:.+)")),
        ([only("x"), ~matching("a+")], matching("x(?s:.*)")),
        ([only("x"), matching("a+") - only("a")], matching("x(?-s:a+)")),
        (
            [only("x"), matching("a+") | matching("b+")],
            matching("x(?:(?-s:a+)|(?-s:b+))"),
        ),
        ([only("x"), matching("a+") | ~only("b")], matching("x(?s:.*)")),
        ([only("x" * MAX_PATTERN_LENGTH), matching("a+")], EVERYTHING),
        ([EVERYTHING, EVERYTHING], EVERYTHING),
        ([EVERYTHING, NOTHING], NOTHING),
    ],
)
def test_parts_make_a_whole(parts: list[Language], whole: Language) -> None:
    """Listed parts make a list; a pattern is kept where it can stand inside another."""
    assert concatenation(parts) == whole


def test_no_text_is_left_out() -> None:
    """Whatever one part has, followed by whatever the next one has, is in the whole."""
    seed = random.SystemRandom().randrange(2**32)
    source = random.Random(seed)
    tried = 0
    for _ in range(cases(300)):
        parts = [random_language(source, 1) for _ in range(2)]
        whole = concatenation(parts)
        members = [[text for text in source.sample(STRINGS, 60) if text in part] for part in parts]
        for texts in zip(*members, strict=False):
            tried += 1
            assert "".join(texts) in whole, f"seed {seed}: {texts} of {parts}, not in {whole}"
    assert tried > cases(300)
