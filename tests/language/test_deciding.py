"""Questions about languages whose answers people rely on."""

from __future__ import annotations

import pytest

from buckstop.language import (
    EVERYTHING,
    NOTHING,
    Language,
    PatternError,
    Undecided,
    equal,
    example,
    includes,
    is_empty,
    matching,
    only,
)
from buckstop.language.sets import CoFinite, Finite, Matching, between, every


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        (".*", "", "\n"),
        (".+", "a", ""),
        ("a.b", "aab", ""),
        (r"team-\d+", "team-0", ""),
        ("(?s).+", "a", ""),
        (r"a)|(?:b", "a", ""),
        (r"\bab?\b", "a", ""),
        (r"(?m)^a$\n^b$", "a\nb", ""),
        (r"\pL{2}", "aa", ""),
        (r"[^\x00-\x7f]", "\x80", ""),
    ],
)
def test_examples_are_short_and_readable(pattern: str, inside: str, outside: str) -> None:
    """A witness is read by people: the shortest, of letters where letters will do."""
    assert example(matching(pattern)) == inside
    assert example(~matching(pattern)) == outside


def test_a_preferred_example_is_taken_if_it_belongs() -> None:
    """A team that exists is a better witness than a shorter string that does not."""
    language = matching("[a-z]+_sre")
    assert example(language, preferred=["data_mlops", "infra_sre"]) == "infra_sre"
    assert example(language, preferred=["data_mlops"]) == "a_sre"


@pytest.mark.parametrize(
    "pattern",
    [
        "(?s).*",
        r"(.|\n)*",
        r"[\s\S]*",
        r"[\d\D]*",
        "(a|[^a])*",
        r".*(\n.*)*",
        "|(?s:.+)",
        r"\PL*(\pL\PL*)*",
    ],
)
def test_patterns_for_any_value_are_known_as_such(pattern: str) -> None:
    """However it is spelt, what matches everything leaves nothing out."""
    assert is_empty(~matching(pattern))
    assert equal(matching(pattern), EVERYTHING)


@pytest.mark.parametrize("pattern", ["a^b", r"a\bb", r"[^\x00-\x{10FFFF}]", "$a", r"\b"])
def test_patterns_for_no_value_are_known_as_such(pattern: str) -> None:
    """A route behind such a matcher is dead."""
    assert is_empty(matching(pattern))


def test_a_set_and_a_pattern_meet_exactly() -> None:
    """Intersections with named values need no automaton, and complements stay finite."""
    teams = only("infra_sre", "data_mlops", "Infra_SRE")
    assert teams & matching("(?i)infra_.*") == only("infra_sre", "Infra_SRE")
    assert teams - matching("[a-z_]*") == only("Infra_SRE")
    assert ~~teams == teams
    assert isinstance(~teams, CoFinite)
    assert EVERYTHING & teams == teams
    assert is_empty(NOTHING | NOTHING)


def test_lists_of_names_are_sets() -> None:
    """The commonest patterns are decided without an automaton."""
    assert matching("a|b|c") == only("a", "b", "c")
    assert matching("^(?:prod|stag(?:e|ing))$") == only("prod", "stage", "staging")
    assert matching("team-[1-3]") == only("team-1", "team-2", "team-3")
    assert matching("(?i)k") == only("k", "K", "\u212a")
    assert isinstance(matching("a{0,3}"), Finite)
    assert isinstance(matching("a*"), Matching)


@pytest.mark.parametrize(
    ("outer", "inner", "is_included"),
    [
        (matching("team-.*"), matching("team-[0-9]+"), True),
        (matching("team-[0-9]+"), matching("team-.*"), False),
        (matching(".*"), only("a\nb"), False),
        (matching(".*", dot_newline=True), only("a\nb"), True),
        (matching("(?i)SRE.*"), matching("sre.*|SRE.*"), True),
        (matching("a|b.*"), only("a", "b", "bc"), True),
        (EVERYTHING - only(""), matching(".+"), True),
        (matching(".+"), EVERYTHING - only(""), False),
        (matching(".*-prod") | matching(".*-stage"), matching("x-(prod|stage)"), True),
    ],
)
def test_inclusion(outer: Language, inner: Language, *, is_included: bool) -> None:
    """Dead routes and swallowed alerts are questions of inclusion."""
    assert includes(outer, inner) is is_included


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("team-17-.*", "team-18-.*"),
        (".*-team-17", ".*-team-18"),
        ("(a|ab)c+", "(b|bc)c+"),
        ("(ab){2,3}.*", "aa.*"),
        (r"\bteam-.*", "risk-.*"),
        ("team-1(-.*)?", "team-10(-.*)?"),
        ("(?i)team-2.*", "team-1.*"),
        ("(?s)x.*", "yx*"),
    ],
)
def test_patterns_of_different_names_are_seen_to_have_nothing_in_common(
    left: str, right: str
) -> None:
    """Thousands of routes are compared, each with each: that walks no automaton."""
    assert is_empty(matching(left) & matching(right), max_states=0)


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        ("team-1.*", "team-17.*", "team-17"),
        ("a*b", "b+", "b"),
        ("(ab|a)c+", "(ab|a)bc*", "abc"),
        ("(ab)+c*", "a(ba)+b", "abab"),
        ("(a|)b*", "b+", "b"),
        ("(a.*)b", "ax+b", "axb"),
        ("b(.*a)", "bx+a", "bxa"),
        ("(a.*|a.*)b", "ax+b", "axb"),
        ("(?i)team-.*", "TEAM-.*", "TEAM-"),
    ],
)
def test_patterns_whose_names_begin_alike_have_something_in_common(
    left: str, right: str, both: str
) -> None:
    """None of these is taken for a contradiction: a wrong one would prove what is not so."""
    assert not is_empty(matching(left) & matching(right))
    assert example(matching(left) & matching(right)) == both


def test_what_one_of_a_thousand_patterns_alone_matches_is_seen_to_be_something() -> None:
    """A route behind a thousand others is reached: an example shows it, no automaton is made."""
    unknown_to_automata = matching("(" * 101 + "x" + ")" * 101 + "+")
    patterns = [matching(f"team-{number}-.*") for number in range(1_000)]
    for number in (0, 17, 999):
        others = (~each for each in patterns if each is not patterns[number])
        language = every([patterns[number], *others, ~unknown_to_automata])
        with pytest.raises(Undecided):
            example(language)
        assert not is_empty(language)


def test_what_needs_too_many_states_is_undecided() -> None:
    """No answer rather than a guess: the complement of this one has a million states."""
    wide = matching("(a|b)*a(a|b){20}")
    with pytest.raises(Undecided, match="1,000 states"):
        example(wide - matching("(a|b)*b(a|b){19}"), max_states=1_000)
    with pytest.raises(Undecided, match="steps"):
        example(~matching("|".join(["(?:ab?){999}"] * 150)))


def test_a_refused_pattern_is_refused_here_too() -> None:
    """RE2 is the judge of syntax."""
    with pytest.raises(PatternError):
        matching("(")


def test_nesting_beyond_the_limit_is_undecided() -> None:
    """RE2 takes it; it is still no reason for a crash."""
    nested = "(" * 150 + "a*" + ")" * 150
    assert "aaa" in matching(nested)
    with pytest.raises(Undecided, match="nested"):
        example(~matching(nested))
    assert not is_empty(~matching(nested))


@pytest.mark.parametrize(
    ("before", "language", "after", "inside", "outside"),
    [
        ("prod;", matching("prod;team-.*"), "", "team-", ""),
        ("prod;", matching("(prod|test);.+"), ";x", "", "\n"),
        ("prod;", matching("dev;.+"), "", None, ""),
        ("a", matching(r"(?m)^a$\n^b+$"), "b", "\n", ""),
        ("a ", matching(r"a \b.*\b"), " b", "a", ""),
        ("a", only("abc", "ac", "c", "a"), "c", "", "a"),
        ("ab", only("aba"), "ba", None, ""),
        ("a", ~only("ac"), "c", "a", ""),
        ("a", matching("a.*") - matching(".*c"), "c", None, ""),
        ("a", matching("ab*c") | matching("ad*c"), "c", "", "a"),
    ],
)
def test_what_fits_between_two_texts_is_a_language(
    before: str, language: Language, after: str, inside: str | None, outside: str
) -> None:
    """Of joined values that a pattern is held against, one may be open and the rest known."""
    fitting = between(before, language, after)
    assert example(fitting) == inside
    assert example(~fitting) == outside


def test_what_fits_twice_fits_at_once() -> None:
    """A value that stands inside one that stands inside another."""
    once = between("ab", matching("abc*de"), "de")
    assert between("b", between("a", matching("abc*de"), "e"), "d") == once
    assert "ccc" in once
