"""What Go's engine refuses and RE2 in C++ takes: patterns are judged as the servers judge them."""

from __future__ import annotations

import pytest

from buckstop.language.patterns import PatternError, check_alone, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (r"a\C", r"invalid escape sequence: \C"),
        ("(?P<é>a)", "invalid named capture: (?P<é>"),
        ("(?<a-b>a)", ""),
        ("a{99999999999}", "invalid repeat count: {99999999999}"),
        ("a{1,999999999}", "invalid repeat count: {1,999999999}"),
        ("(" * 1000 + "a" + ")" * 1000, "nests too deeply"),
        ("(" * 500 + "a" + ")*" * 500, "nests too deeply"),
        ("(a|" * 999 + "b" + ")" * 999, "nests too deeply"),
    ],
)
def test_what_go_refuses_is_refused(pattern: str, message: str) -> None:
    """A file that passes here and not on the server would be found out at night."""
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\\C",
        r"\Q\C\E",
        "[(?P<é>]",
        r"\(?P<é>",
        "(?P<n>a)(?P<n>b)",
        r"\{99999999999}",
        "[{99999999999}]",
        "x{99999999999",
        "a{1000}",
        "(" * 997 + "a" + ")" * 997,
        "(?:" * 990 + "a" + ")" * 990,
        "a*b|" * 900,
        "[(]" * 1_200,
    ],
)
def test_what_go_takes_is_taken(pattern: str) -> None:
    """What only looks like it is no fault."""
    compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["u)|(?:v", ")(", "a)(b", "(?i)a)|(b"])
def test_a_pattern_that_leaves_its_brackets_is_none_alone(pattern: str) -> None:
    """Anchored it is one, which is all that Alertmanager and relabelling ask for."""
    compile_pattern(pattern)
    with pytest.raises(PatternError):
        check_alone(pattern)


@pytest.mark.parametrize("pattern", ["(a)|(b)", r"\)|\(", "a"])
def test_a_pattern_that_keeps_within_its_brackets_is_one_alone(pattern: str) -> None:
    """Groups side by side are the usual thing."""
    check_alone(pattern)
