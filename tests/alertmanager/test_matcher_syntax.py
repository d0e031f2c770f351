"""Matchers as text, in the classic syntax and in the one of 0.27."""

from __future__ import annotations

import pytest

from buckstop.alertmanager.matcher_syntax import MatcherError, parse_classic, parse_matchers
from buckstop.diagnostics import Span

HERE = Span("alertmanager.yml", 3, 5, 3, 9)
CLASSIC, UTF8 = (0, 26), (0, 27)


def triples(text: str, version: tuple[int, ...] = CLASSIC) -> list[tuple[str, str, str]]:
    return [(m.name, m.operator, m.value) for m in parse_matchers(text, HERE, version)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("{}", []),
        ("a=b", [("a", "=", "b")]),
        ('{a="b", c!=d,e=~"f|g",h!~i}', [
            ("a", "=", "b"), ("c", "!=", "d"), ("e", "=~", "f|g"), ("h", "!~", "i"),
        ]),
        ("a=", [("a", "=", "")]),
        ("a==b", [("a", "=", "=b")]),
        ('a="b,c"', [("a", "=", "b,c")]),
        ('a="b\\"c\\\\d\\ne"', [("a", "=", 'b"c\\d\ne')]),
        ('a=~"\\d+"', [("a", "=~", "\\d+")]),
        ("a=b\\", [("a", "=", "b\\")]),
        ("  a  =  b c  ", [("a", "=", "b c")]),
        ("a:b=c", [("a:b", "=", "c")]),
        ("a='b'", [("a", "=", "'b'")]),
    ],
)  # fmt: skip
def test_classic_syntax(text: str, expected: list[tuple[str, str, str]]) -> None:
    """Quotes are optional, escapes that mean nothing stay, and the new syntax changes nothing."""
    assert triples(text) == expected
    assert triples(text, UTF8) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a b"=c', [("a b", "=", "c")]),
        ('{"größe"="c", d.e=~"f",}', [("größe", "=", "c"), ("d.e", "=~", "f")]),
        ('"a\\u00e9\\n"!="\\x41\\101\\\\"', [("aé\n", "!=", "AA\\")]),
    ],
)
def test_names_in_utf8_need_the_newer_parser(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    """Any text may be a name since 0.27; before, such a matcher is refused."""
    assert triples(text, UTF8) == expected
    with pytest.raises(MatcherError):
        triples(text)


@pytest.mark.parametrize(
    "text",
    [
        "a", "=b", "a=b,,c=d", ",", 'a="b', 'a=b"c', '"a b"', '"a" b', '"a b"=c d', '{"a b"=c',
        '"a b"=c}', '"a\\q"=b', '"a\\ud800"=b', '"a\\xff"=b', '"a b"=~"("', 'a=~"("',
        '"a\nb"=c', '"a b"=c,,d=e', '{,}', '"a\\777"=b', '"a\\U00110000"=b', "ä=b=c",
    ],
)  # fmt: skip
def test_what_neither_parser_takes_is_refused(text: str) -> None:
    """The message is for the user; no other exception comes out."""
    for version in (CLASSIC, UTF8):
        with pytest.raises(MatcherError, match=r"\w"):
            triples(text, version)


def test_bad_pattern_is_named_with_its_matcher() -> None:
    """The user sees which matcher it is and what is wrong with its pattern."""
    with pytest.raises(MatcherError, match=r"team=~'\(' .*missing \)$"):
        triples('a=b, team=~"("')


def test_matchers_know_their_place() -> None:
    """All matchers of one line stand where the line stands."""
    assert {m.span for m in parse_matchers("a=b,c=d", HERE, CLASSIC)} == {HERE}


@pytest.mark.parametrize(
    "text",
    ['a="b"', 'a=~"b|c"', 'a!~"b"', 'a!=""', 'a_:1="x, {y} = z!~"', 'a="~b"', 'a="b}"', 'a=" b "'],
)
def test_a_plain_matcher_is_read_as_any_other(text: str) -> None:
    """What is written without blanks and escapes is read by a shorter way, to the same end."""
    assert parse_classic(text) == parse_classic(f" {text}") != []
