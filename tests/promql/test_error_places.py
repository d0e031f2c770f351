"""Where an expression stops being PromQL, in which words, and with which mend."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from buckstop import servers
from buckstop.promql import Expression, PromqlError, fault_of, parse
from buckstop.promql.locating import FUNCTION_NAMES

BROKEN: Final = [
    ("up ==‹›", "unexpected end after '=='", None),
    ("up ==‹›  # why\n", "unexpected end after '=='", None),
    ("up AND‹›", "unexpected end after 'AND'", None),
    ("rate(up[5m]) >‹›", "unexpected end after '>'", None),
    ("foo == bool‹›", "expected a value", None),
    ("a + on(x)‹›", "expected a value", None),
    ("up offset‹›", "expected a duration", None),
    ("up ‹=› 1", "unexpected '='", "did you mean '=='?"),
    ("sum(\n  rate(up[5m]))\n  > ‹=›1", "unexpected '='", "did you mean '>='?"),
    ("up ‹=›> 1", "unexpected '='", "did you mean '>='?"),
    ("up <‹>› 1", "unexpected '>'", "did you mean '!='?"),
    ("up ‹!› = 1", "unexpected '!'", "did you mean '!='?"),
    ("up ‹&›& 1", "unexpected '&'", "did you mean 'and'?"),
    ("up ‹|›| 1", "unexpected '|'", "did you mean 'or'?"),
    ("up == ‹==› 1", "expected a value", None),
    ("‹==› up", "expected a value", None),
    ("1 ‹2›", "expected an operator", None),
    ("foo ‹adn› bar", "expected an operator", "did you mean 'and'?"),
    ("up‹,›up", "expected an operator", "such as 'or'"),
    ("1 > 0 ‹for› 5m", "unexpected 'for'", "'for' is a field of the rule"),
    ("(up ‹for› 5m)", "unexpected 'for'", "'for' is a field of the rule"),
    ("up ‹keep_firing_for:› 5m", "unexpected", "'keep_firing_for' is a field of the rule"),
    ("sum by ‹job› (x)", "expected '('", "labels stand in brackets: by (job)"),
    ("sum without ‹job›", "expected '('", "without (job)"),
    ("a * on ‹x› b", "expected '('", "on (x)"),
    ("sum by (job) ‹up›", "expected '('", None),
    ("sum(up) by (a‹-›b)", "expected ',' or ')'", None),
    ("sum(rate(up[5m]) ‹by› (job)", "unexpected 'by'", "follows an aggregation"),
    ("up ‹on›(job) foo", "unexpected 'on'", "follows an operator"),
    ("up ‹bool› == 1", "unexpected 'bool'", "follows an operator"),
    ("sum‹(›up", "'(' is never closed", "close it with ')'"),
    ("1 + ‹(›2 * (3 + up)", "'(' is never closed", "close it with ')'"),
    ("rate(up‹[›5m", "'[' is never closed", "close it with ']'"),
    ('up‹{›a="b"', "'{' is never closed", "close it with '}'"),
    ("up‹)›", "')' closes no bracket", "remove it"),
    ("(up‹]›", "unexpected ']' while '(' is open", "close it with ')' first"),
    ("sum(up‹,›)", "a comma behind the last argument", None),
    ("(‹)›", "expected a value", None),
    ("‹foo›(up)", "there is no function 'foo'", None),
    ("abs(‹irat›(up[5m]))", "there is no function 'irat'", "did you mean 'irate'?"),
    ("a:b‹(›up)", "expected an operator", None),
    ("up[‹5x›]", "neither a number nor a duration", "30s, 5m or 1h30m"),
    ("up[‹]›", "expected a duration such as 5m", None),
    ("up ‹5m›", "unexpected '5m'", "a range stands in brackets: [5m]"),
    ("rate(up[‹0s›])", "must be greater than 0", None),
    ("rate(up[5m:‹0s›])", "must be greater than 0", None),
    ("rate(up[‹99999999999999999999y›])", "out of range", None),
    ("up offset ‹x›", "expected a duration", None),
    ("up offset ‹1e99›", "out of range", None),
    ("up ‹offset› 5m[5m]", "stands before a range", "behind the range"),
    ("up @ ‹foo›", "expected a timestamp", None),
    ("(up)‹[5m]›", "only a selector can have a range", "[5m:]"),
    ("up{a=‹b›}", "expected a quoted text", 'write "b"'),
    ("up{a=‹=›b}", "expected a quoted text", "one '='"),
    ("up{a‹}›", "expected '=', '!=', '=~' or '!~'", None),
    ('x{a="b" ‹c›="d"}', "expected ',' or '}'", "joined by commas"),
    ('up{a=~"a" ‹or› b="c"}', "unexpected 'or' in a selector", "joined by commas"),
    ('up ‹=~› "a"', "unexpected '=~'", "inside braces"),
    ('up{a=‹"b}›', "a quoted text has no end", 'close it with "'),
    ('up{a=~‹"("›}', 'illegal regular expression "("', None),
    ("‹{}›", "a selector needs a name", None),
    ("1 + rate(‹up›)", "'rate' takes a range vector here, not an instant vector", "up[5m]"),
    ("rate(‹sum(up)›)", "'rate' takes a range vector here", "a subquery"),
    ("abs(‹up[5m]›)", "'abs' takes an instant vector here", "a function of the range"),
    ("round(up, ‹up›)", "'round' takes a scalar here, not an instant vector", "scalar(…)"),
    ("count_values(‹1›, up)", "'count_values' takes a string here", 'write "1"'),
    ("1 > bool ‹abs(up,up)›", "'abs' takes 1 argument, not 2", None),
    ("1 + ‹up[5m]›", "'+' cannot take a range vector", "a function of the range"),
    ("up and ‹1›", "'and' cannot take a scalar", "vector(…)"),
    ("sum(1 ‹==› 1)", "two scalars are compared without 'bool'", "write '== bool'"),
    ("a and on(x) ‹group_left› b", "no grouping allowed", None),
    ("rate(up ‹$›__interval)", "unexpected '$'", "no variables"),
]
"""Expressions with the place between ‹ and ›, what the message says and what the hint says."""

ELSEWHERE: Final = 10
"""Of `BROKEN`, those that promtool 3.5.3 points elsewhere for: to the end for an unclosed bracket,
past a surplus one, to the whole operation for its operand."""


@pytest.mark.parametrize(("marked", "message", "hint"), BROKEN)
def test_the_place_the_words_and_the_mend(marked: str, message: str, hint: str | None) -> None:
    """A user is shown the token that is wrong, not an expression of forty lines."""
    start = marked.index("‹")
    expr = marked.replace("‹", "").replace("›", "")
    found = parse(expr)
    assert isinstance(found, PromqlError)
    place = (found.start, found.start + found.length)
    assert place == (start, marked.index("›") - 1), found
    assert message in found.message
    assert found.hint is None if hint is None else hint in (found.hint or ""), found.hint
    assert fault_of(expr) == found


@pytest.mark.parametrize(
    "expr", ["-" * 500 + '"a"', "sum(" * 200 + "rate(x)" + ")" * 200, "^".join(["x"] * 400) + "^"]
)
def test_what_nests_deep_still_has_a_place(expr: str) -> None:
    """Nothing ends the process; where no place is found it is the whole expression."""
    found = parse(expr)
    assert isinstance(found, PromqlError)
    assert 0 <= found.start <= found.start + found.length <= len(expr)


@pytest.mark.parametrize("expr", ["x offset Inf", "x[1e99]", "x[5m:1e99]", "x offset NaN"])
def test_a_number_that_the_parser_panics_at_is_an_error(expr: str) -> None:
    """The parser panics where a duration is no number of nanoseconds; that is no traceback."""
    assert isinstance(parse(expr), PromqlError)


@pytest.mark.parametrize("name", FUNCTION_NAMES)
def test_no_name_is_proposed_that_no_server_has(name: str) -> None:
    """A hint leads to a function that exists."""
    found = parse(f"{name}()")
    assert not isinstance(found, PromqlError) or "there is no function" not in found.message


@pytest.mark.servers
def test_promtool_points_to_the_same_place_for_most(
    debian14: servers.Installation, tmp_path: Path
) -> None:
    """Of 72 expressions 62 are; a new difference is seen."""
    exprs = [marked.replace("‹", "").replace("›", "") for marked, _, _ in BROKEN]
    rules = [
        {"record": "r", "expr": expr, "labels": {"number": str(number)}}
        for number, expr in enumerate(exprs)
    ]
    path = tmp_path / "rules.yml"
    path.write_text(json.dumps({"groups": [{"name": "g", "rules": rules}]}), encoding="utf-8")
    said = {
        int(number) - 1: (int(line), int(column))
        for number, line, column in re.findall(
            r'rule (\d+), "r": could not parse expression: (\d+):(\d+):',
            servers.check_rules(debian14, [path]).output,
        )
    }
    assert len(said) == len(exprs), "promtool refuses each of them"
    differing = [
        (expr, line_and_column(expr), said[number])
        for number, expr in enumerate(exprs)
        if line_and_column(expr) != said[number]
    ]
    assert len(differing) <= ELSEWHERE, differing


def line_and_column(expr: str) -> tuple[int, int]:
    found = parse(expr)
    assert isinstance(found, PromqlError)
    before = expr[: found.start]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(
    "expr",
    [
        "sum by (a, b,) (x) / on (a) group_left (c,) y",
        'sum(x) by ("a b") or avg without () (z)',
        "x @ -1.5 offset -5m and x @ end() unless x @ 5m",
        '{"a.b", c="d",} > bool ignoring (e) group_right f',
        "-x^2^-3 atan2 +Inf",
        "delta(x[5m:] offset 1w) == rate(x[1h30m:1m] @ start())",
        "on_call:x:rate5m{by='b', on!~`c`} # (",
        "sum{a='}'} + offset + by + start",
        'count_values("v", x) + limitk(0x1F, .5e3 * x)',
    ],
)
def test_what_is_right_is_not_blamed(expr: str) -> None:
    """A slip behind all that the grammar allows is found where it is, not before."""
    assert isinstance(parse(expr), Expression)
    found = parse(f"({expr}\n) = 1")
    assert isinstance(found, PromqlError)
    assert (found.start, found.hint) == (len(expr) + 4, "did you mean '=='?")


@pytest.mark.parametrize(
    ("expr", "start", "length"),
    [("a > 1e309", 4, 5), ("-1_0e3_09", 1, 8), ("9" * 309 + ".5", 0, 311)],
)
def test_a_number_beyond_all_doubles_is_named(expr: str, start: int, length: int) -> None:
    """A threshold that the server cannot hold keeps it from loading the file."""
    found = parse(expr)
    assert isinstance(found, PromqlError)
    assert (found.start, found.length) == (start, length)
    assert "1.8e308" in found.message


@pytest.mark.parametrize(
    "expr", ["1e308", "1e-400", "a1e400", "x{a='1e400'}", "up # 1e400", "0xfff"]
)
def test_a_number_that_fits_is_none_beyond(expr: str) -> None:
    """Names, texts and comments hold what they like."""
    assert isinstance(parse(expr), Expression)
