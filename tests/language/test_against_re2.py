"""What the automata say, against RE2 itself on every short string."""

from __future__ import annotations

import random
import secrets

import pytest
from tests.language.random_patterns import STRINGS, random_language, random_pattern
from tests.volume import cases

from buckstop.language import (
    Language,
    Undecided,
    compile_pattern,
    example,
    includes,
    is_empty,
    matching,
)
from buckstop.language.sets import Every, Finite, Matching

MAX_STATES = 5_000
RARELY = 0.002
"""The share of questions that may need more states."""

SHORT = [text for text in STRINGS if len(text) <= 2]
LONGER = [text for text in STRINGS if len(text) > 2]


def _judged(source: random.Random, questions: int) -> None:
    """Ask as many questions; no answer may contradict RE2, and few may be left open."""
    asked = undecided = 0
    while asked < questions:
        left, right = random_language(source), random_language(source)
        strings = SHORT + source.sample(LONGER, 30)
        try:
            _example_agrees(left, strings)
            asked += 1
            asked += _inclusion_agrees(left, right, strings)
        except Undecided:
            undecided += 1
    assert undecided <= questions * RARELY + 1


def _example_agrees(language: Language, strings: list[str]) -> None:
    found = example(language, max_states=MAX_STATES)
    inside = [text for text in strings if text in language]
    if found is None:
        assert not inside, f"called empty, has {inside[0]!r}: {language}"
        return
    assert found in language, f"{found!r} is no example of {language}"
    if inside:
        assert len(found) <= len(inside[0]), f"{found!r} is longer than {inside[0]!r}: {language}"


def _inclusion_agrees(outer: Language, inner: Language, strings: list[str]) -> int:
    """How many questions that took."""
    outside = [text for text in strings if text in inner and text not in outer]
    if includes(outer, inner, max_states=MAX_STATES):
        assert not outside, f"{outside[0]!r} of {inner} is not in {outer}"
        return 1
    witness = example(inner - outer, max_states=MAX_STATES)
    assert witness is not None
    assert witness in inner
    assert witness not in outer
    return 2


def test_no_answer_contradicts_re2() -> None:
    """A wrong "empty" or "included" would prove what is not so: 5,000 questions, none wrong."""
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    _judged(random.Random(seed), cases(5_000))


def test_no_shortcut_changes_an_answer() -> None:
    """Whether a language is empty is decided alike with and without a look at an example."""
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    source = random.Random(seed)
    asked = cases(300)
    empty = 0
    for _ in range(asked):
        language = random_language(source) & random_language(source) - random_language(source)
        try:
            is_none = example(language, max_states=MAX_STATES) is None
        except Undecided:
            continue
        assert is_empty(language, max_states=MAX_STATES) is is_none, language
        empty += is_none
    assert 0.1 < empty / asked < 0.9


def test_no_beginning_rules_out_what_both_match() -> None:
    """Patterns of which one begins as the other may or may not go on, decided with and without."""
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    source = random.Random(seed)
    asked = cases(300)
    empty = 0
    for _ in range(asked):
        start = "".join(source.choices("ab_K", k=2))
        left = matching(source.choice((start[:1], "")) + f"({random_pattern(source)})")
        right = matching(start + f"({random_pattern(source)})")
        try:
            is_none = example(left & right, max_states=MAX_STATES) is None
        except Undecided:
            continue
        assert is_empty(left & right, max_states=MAX_STATES) is is_none, (left, right)
        empty += is_none
    assert 0.1 < empty / asked < 0.95


@pytest.mark.nightly
@pytest.mark.timeout(3_600)
def test_no_answer_of_very_many_contradicts_re2() -> None:
    """100,000 questions and more."""
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    _judged(random.Random(seed), 110_000)


def test_every_automaton_accepts_exactly_what_re2_matches() -> None:
    """String by string, by way of the automaton and not of the set it may be."""
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    source = random.Random(seed)
    for _ in range(cases(100)):
        dot_newline = source.random() < 0.3
        pattern = random_pattern(source)
        matches = compile_pattern(pattern, dot_newline=dot_newline)
        for text in source.sample(STRINGS, 8):
            just_it = Matching("".join(f"\\x{{{ord(letter):x}}}" for letter in text), dot_newline)
            accepted = not is_empty(Every((Matching(pattern, dot_newline), just_it)))
            assert accepted is matches(text), (pattern, text)


def test_a_set_and_its_automaton_are_the_same_language() -> None:
    """The fast path for patterns that match few strings changes no answer."""
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    source = random.Random(seed)
    sets = 0
    for _ in range(1_000):
        language = random_language(source, depth=0)
        if not isinstance(language, Finite):
            continue
        sets += 1
        for text in source.sample(STRINGS, 12):
            assert (text in language) is (text in language.strings)
    assert sets > 100
