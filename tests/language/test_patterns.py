"""Regular expressions as the servers' RE2 reads them, not as Python does."""

from __future__ import annotations

import pytest

from buckstop.language import is_empty, matching
from buckstop.language.patterns import PatternError, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "value", "matches"),
    [
        ("a", "a", True),
        ("a", "aa", False),
        ("a|b", "b", True),
        ("a|b", "a|b", False),
        ("a|", "", True),
        ("", "", True),
        ("", "a", False),
        ("a.b", "a\nb", False),
        ("(?s)a.b", "a\nb", True),
        ("a$", "a\n", False),
        ("\\d", "٣", False),
        ("\\pL+", "éß日", True),
        ("(?i)k", "\u212a", True),
        ("(?i)s", "ſ", True),
        ("a)|(?:b", "ax", True),
        (".", "😀", True),
        (".", "\ud800", True),
        ("a b-c/d:e@f|x", "a b-c/d:e@f", True),
        (r"\p{ASCII}+", "a~", True),
        (r"\p{ascii}", "é", False),
        (r"[\P{ASCII}x]+", "éx", True),
        (r"[\P{ASCII}x]", "y", False),
        (r"[^\P{ASCII}x]", "y", True),
        (r"\p{LC}\p{Cased Letter}", "aB", True),
        (r"\P{LC}", "1", True),
        (r"\p{greek}", "α", True),
        (r"\P{^greek}", "α", True),
        (r"\p{Cn}", "\U000e0fff", True),
        (r"\p{Assigned}", "\U000e0fff", False),
        (r"\p{Sidetic}", "\U00010940", True),
        (r"\Q\p{greek}\E", r"\p{greek}", True),
        (r"\\p{greek}", "\\p{greek}", True),
    ],
)
def test_matching_is_anchored_and_unicode_as_in_re2(
    pattern: str,
    value: str,
    matches: bool,  # noqa: FBT001 # a parameter
) -> None:
    """The whole value must match; the dot and the dollar know no newline."""
    assert compile_pattern(pattern)(value) is matches


@pytest.mark.parametrize(
    "pattern",
    ["(", "a**", "\\C", "a\\C", "\\Z", "(a)\\1", "x{1001}", "\\p{Nothing}", "\ud800"],
)
def test_refused_patterns_say_why(pattern: str) -> None:
    """What the servers' engine refuses is refused, the C++ engine's own extras included."""
    with pytest.raises(PatternError, match=r"\w"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["\\Q\\C\\E", "\\\\C"])
def test_backslash_c_that_is_none_is_taken(pattern: str) -> None:
    """A quoted or escaped backslash before a C is plain text."""
    compile_pattern(pattern)


@pytest.mark.parametrize(
    ("newer", "known"),
    [
        (r"\p{ASCII}x", r"[\x00-\x7F]x"),
        (r"[\P{LC}a]", r"[^\p{Lu}\p{Ll}\p{Lt}]|a"),
        (r"\p{lower-case letter}", r"\p{Ll}"),
    ],
)
def test_the_prover_reads_the_newest_classes_too(newer: str, known: str) -> None:
    """Which routes overlap is decided with the classes that only the newest servers know."""
    assert is_empty(matching(newer) - matching(known))
    assert is_empty(matching(known) - matching(newer))


@pytest.mark.parametrize("pattern", [r"\p{L}" * 5_000, "a?" * 60_000])
def test_a_limit_of_our_own_is_not_passed_off_as_the_servers(pattern: str) -> None:
    """Go takes classes in such numbers; who meets the limit here is told whose it is."""
    with pytest.raises(PatternError, match="here; the servers may take it"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", [r"[\P{LC}", r"[]\p{ASCII}b", r"[\d\p{Sidetic}(a)"])
def test_a_class_that_is_not_closed_is_not_closed_by_what_is_spelt_out(pattern: str) -> None:
    """What stands for a class that RE2 lacks brings brackets of its own."""
    with pytest.raises(PatternError, match="missing ]"):
        compile_pattern(pattern)
