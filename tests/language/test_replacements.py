"""What a replacement such as ``$1-team`` can come to."""

from __future__ import annotations

import pytest

from buckstop.language import EVERYTHING, Language, matching, only
from buckstop.language.replacements import expansion


@pytest.mark.parametrize(
    ("source", "pattern", "template", "expected"),
    [
        (EVERYTHING, ".*", "fixed", only("fixed")),
        (matching("a+"), "(.*)", "$1", matching("a+")),
        (matching("a+"), ".*", "$0", matching("a+")),
        (only("a", "b"), "a|b", "$0-x", only("a-x", "b-x")),
        (EVERYTHING, "(a)-.*", "$x$9-$$1", only("-$1")),
        (EVERYTHING, "([a-c])-(?:[x]|[)])+.*", "$1", only("a", "b", "c")),
        (EVERYTHING, "([ab])?-.*", "$1", only("a", "b", "")),
        (EVERYTHING, "([ab])-.*|.*", "$1", only("a", "b", "")),
        (EVERYTHING, "(?P<x>[ab])-.*", "$x", only("a", "b")),
        (EVERYTHING, "(([ab])-(c))-.*", "$2", only("a", "b")),
        (EVERYTHING, r"\(([ab])\Q(\E.*", "$1", only("a", "b")),
    ],
)
def test_replacement_of_a_match(
    source: Language, pattern: str, template: str, expected: Language
) -> None:
    """What a label is replaced by is as much known as its source and the pattern allow."""
    assert expansion(template, pattern, source, dot_newline=True) == expected


@pytest.mark.parametrize("pattern", ["(?i)(a)-.*", "(a$|b)-.*", "a)|(?:(b).*"])
def test_groups_that_are_not_understood_have_any_text(pattern: str) -> None:
    """A guess would prove too much."""
    assert expansion("$1", pattern, EVERYTHING, dot_newline=False) == EVERYTHING
