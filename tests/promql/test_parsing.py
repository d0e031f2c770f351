"""Whether an expression is PromQL."""

from __future__ import annotations

import pytest

from buckstop.promql import Expression, PromqlError, fault_of, parse
from buckstop.promql.parsing import MAX_LENGTH, MAX_NESTING
from buckstop.promql.strings import quote, unquote


@pytest.mark.parametrize(
    "expr",
    [
        "up",
        "histogram_quantile(0.95, rate(model_inference_latency_seconds_bucket[5m])) > 0.5",
        "up{job=`a\\d`}",
        "up{job=~`a\\d+`}",
        'up{job=~"\\\\Qa.b\\\\E"}',
        "holt_winters(up[5m], 0.5, 0.5)",
        "holt_winters",
        "sum by (a) (up) # (((",
        "up{a='#'}",
    ],
)
def test_valid_expressions_keep_their_text(expr: str) -> None:
    """Backquotes, RE2's own syntax and a function's older name are taken as the server does."""
    parsed = parse(expr)
    assert isinstance(parsed, Expression), parsed
    assert parsed.text == expr


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        ("sum(up", "'(' is never closed"),
        ("", "there is no expression"),
        ("rate(up)", "'rate' takes a range vector here, not an instant vector"),
        ('up{a=~"("}', 'illegal regular expression "(": missing )'),
        ("up{a=~`\\C`}", "illegal regular expression `\\C`: invalid escape sequence: \\C"),
        ('{a=~"\\\\Q\\\\E"}', "a selector needs a name"),
        ("up\x00", "a NUL character"),
        ("(" * (MAX_NESTING + 1), f"more than {MAX_NESTING} operators and brackets"),
        ("+".join(["up"] * 100_000), f"longer than {MAX_LENGTH} characters"),
        ("-" * 5_000 + "up", f"more than {MAX_NESTING} operators and brackets"),
        (" or ".join(["up"] * 5_000), f"more than {MAX_NESTING} operators and brackets"),
        ('"', "a quoted text has no end"),
    ],
)
def test_error_says_what_is_wrong(expr: str, message: str) -> None:
    """The message is fit for a diagnostic, and nothing ends the process."""
    parsed = parse(expr)
    assert isinstance(parsed, PromqlError)
    assert message in parsed.message


@pytest.mark.parametrize(
    "expr",
    [
        "(" * (MAX_NESTING - 1) + "up" + ")" * (MAX_NESTING - 1),
        "-" * MAX_NESTING + "up",
        " or ".join(["up"] * MAX_NESTING),
        "^".join(["up"] * MAX_NESTING),
        "abs(" * MAX_NESTING + "up" + ")" * MAX_NESTING,
        "sum(" * MAX_NESTING + "up" + ")" * MAX_NESTING,
    ],
)
def test_parser_survives_what_the_limit_lets_through(expr: str) -> None:
    """The parser recurses; at the limit its stack still lasts."""
    assert isinstance(parse(expr), Expression)


@pytest.mark.parametrize("text", ["", "a", 'a"b', "a\\b", "a\nb", "größe😀", "\\Q\\E"])
def test_quoted_text_reads_back(text: str) -> None:
    """What a backquoted string is rewritten to stands for the same text."""
    assert unquote(quote(text)) == text


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("'\\x41\\101\\u0042\\U0001f600'", "AAB😀"),
        ("'\\a\\b\\f\\n\\r\\t\\v\\\\\\''", "\a\b\f\n\r\t\v\\'"),
        ("`\\n`", "\\n"),
    ],
)
def test_escapes_are_those_of_go(literal: str, text: str) -> None:
    """A regular expression is judged by what the server reads, not by how it is written."""
    assert unquote(literal) == text


@pytest.mark.parametrize("literal", ["'\\q'", "'\\777'", "'\\xff'", "'\\U00110000'", "'\\u12'"])
def test_escapes_that_go_refuses_raise(literal: str) -> None:
    """Neither unknown escapes nor bytes that are no UTF-8."""
    with pytest.raises(ValueError, match=r"."):
        unquote(literal)


def test_a_comment_does_not_hide_a_pattern() -> None:
    """RE2 judges a pattern also where a comment stands between it and its operator."""
    parsed = parse('up{a=~ # why # this\n "("}')
    assert isinstance(parsed, PromqlError)
    assert "illegal regular expression" in parsed.message


def test_a_pattern_is_not_looked_for_in_strings_and_comments() -> None:
    """What only looks like a matcher is text, and no reason to refuse an expression."""
    assert isinstance(parse("""up{a='=~ "("'} # =~ "(" """), Expression)


def test_unclosed_comments_are_read_in_linear_time() -> None:
    """A hostile expression does not keep a build waiting."""
    assert isinstance(parse("up{a=~" + "#" * 900), PromqlError)


@pytest.mark.parametrize("operator", ["=", "!=", "=~", "!~", "==", "> "])
@pytest.mark.parametrize("value", ['"a.b-c"', '""', '"("', "'x=\"y\"'", "0.5", "07", "1.2.3"])
@pytest.mark.parametrize("name", ["a", "__name__", "1a"])
def test_alike_expressions_are_judged_as_each_would_be_alone(
    operator: str, value: str, name: str
) -> None:
    """One expression parsed for many hides no mistake of another and invents none."""
    for expr in (f"up{{{name}{operator}{value}}}", f"up {operator} {value}", f"{name} {value}"):
        fault_of(f'up{{{name}{operator}"other"}} > 1')
        parsed = parse(expr)
        assert fault_of(expr) == (parsed if isinstance(parsed, PromqlError) else None)


@pytest.mark.parametrize(
    "pattern", ["u)|(?:v", "a)(b", "(?P<é>b)", "a{99999999999}", "(" * 1000 + "a" + ")" * 1000]
)
def test_a_matchers_pattern_is_one_by_itself(pattern: str) -> None:
    """Prometheus reads it with its anchors and without; each must be a pattern of Go's engine."""
    found = parse(f"x{{a=~'{pattern}'}}")
    assert isinstance(found, PromqlError)
    assert "illegal regular expression" in found.message
    assert isinstance(parse("x{a=~'(u)|(?:v)'}"), Expression)
