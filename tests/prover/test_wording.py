"""Languages in words, as `tree`, `diff` and `route --regions` say them."""

from __future__ import annotations

import pytest

from buckstop.language import EVERYTHING, Language, matching, only
from buckstop.language.sets import every
from buckstop.prover.wording import values_text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (only("prod"), "prod"),
        (only("prod", "dev"), "dev or prod"),
        (only("c", "b", "a"), "a, b or c"),
        (only("a", "b", "c", "d"), "a, b, c or 1 more"),
        (only(*map(str, range(1_003))), "0, 1, 10 or 1,000 more"),
        (only("", "a b", 'ü"'), 'missing, "a b" or "ü\\""'),
        (~only("a", "b"), "not a nor b"),
        (EVERYTHING, "anything"),
        (matching("ü.*"), 'like "ü.*"'),
        (~matching("a.*"), 'not like "a.*"'),
        (matching("a.*") & ~only("ab"), 'like "a.*" and not ab'),
        (matching("a.*") | matching("b.*"), 'like "a.*" or like "b.*"'),
        (
            every(matching(f".*{letter}.*") for letter in "abcde"),
            'like ".*a.*" and like ".*b.*" and like ".*c.*" and 2 conditions more',
        ),
    ],
)
def test_what_values_a_label_may_have_reads_as_a_sentence(language: Language, said: str) -> None:
    """People decide by it whether the alert is theirs; long lists end in how many are left."""
    assert values_text(language) == said
