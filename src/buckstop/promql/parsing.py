"""Whether an expression is PromQL, and its tree.

The parser is promql-parser, a port of Prometheus's own. What it lacks is made up for here:
backquoted strings, RE2's view of regular expressions, a function's older name, and a limit, because
it recurses and would end the process on what nests too deep.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from typing import Final

import promql_parser

from buckstop.language.patterns import PatternError, check_alone, compile_pattern
from buckstop.promql.features import or_in_selector
from buckstop.promql.lexing import (
    BRACKET_NEXT,
    Token,
    patterns,
    tokens,
    too_large,
    without_digit_groups,
)
from buckstop.promql.locating import located
from buckstop.promql.outcomes import Expression, PromqlError
from buckstop.promql.skeletons import MAX_SKELETONS, skeleton_of
from buckstop.promql.strings import quote, unquote
from buckstop.promql.zeros import empty_range, without_zero_durations

MAX_NESTING: Final = 1_000
"""Operators and opening brackets of one expression. The parser's stack lasts for some 3,000.

No expression has more of them than characters, so what has a skeleton is below it.
"""

MAX_LENGTH: Final = 200_000
"""Characters of one expression."""

MAX_REMEMBERED: Final = 256
"""Expressions whose tree is kept, in case they stand in the next group of rules as well."""

_RENAMED: Final = {"holt_winters": "double_exponential_smoothing"}
"""Functions of Prometheus 2 that the parser knows by their newer name."""

_REWRITTEN: Final = ("`", *_RENAMED)
"""What an expression that the parser cannot take as it is has somewhere."""

_BYTE = re.compile(r"\\(?:x[89a-fA-F]|[23][0-7])")
"""An escaped byte beyond ASCII, which the parser takes for a character of its own."""


def parse(expr: str) -> Expression | PromqlError:
    """Read `expr`; the types of what operators and functions are given are checked as well."""
    if len(expr) > MAX_LENGTH:
        return PromqlError(f"longer than {MAX_LENGTH} characters", 0, len(expr))
    if "\x00" in expr:
        return PromqlError("a NUL character", expr.index("\x00"), 1)
    # What has fewer characters than that cannot nest too deep, and files repeat expressions.
    return _remembered(expr) if len(expr) <= MAX_NESTING else _parsed_unless_deep(expr)


def fault_of(expr: str) -> PromqlError | None:
    """Why `expr` is no expression, or None; quicker than `parse` for many of one skeleton."""
    skeleton = skeleton_of(expr)
    if skeleton is not None and _is_valid_skeleton(skeleton):
        return None
    parsed = parse(expr)
    return parsed if isinstance(parsed, PromqlError) else None


@functools.lru_cache(maxsize=MAX_SKELETONS)
def _is_valid_skeleton(expr: str) -> bool:
    return "\x00" not in expr and isinstance(_judged(expr), Expression)


def _parsed_unless_deep(expr: str) -> Expression | PromqlError:
    if sum(token.nests for token in tokens(expr)) > MAX_NESTING:
        return PromqlError(f"more than {MAX_NESTING} operators and brackets", 0, len(expr))
    return _parsed(expr)


@functools.lru_cache(maxsize=MAX_REMEMBERED)
def _remembered(expr: str) -> Expression | PromqlError:
    return _parsed(expr)


def _parsed(expr: str) -> Expression | PromqlError:
    outcome = _judged(expr)
    return located(expr, outcome, _judged_part) if isinstance(outcome, str) else outcome


def _judged_part(expr: str) -> Expression | str:
    """A part of an expression: its tree, or the parser's words."""
    outcome = _judged(expr)
    return outcome.message if isinstance(outcome, PromqlError) else outcome


def _judged(expr: str) -> Expression | PromqlError | str:
    """The tree, or what is wrong; as a plain text where only the parser has said so, and not where.

    Nothing is looked for here that only an invalid expression needs.
    """
    misplaced = or_in_selector(expr)
    if misplaced is not None:
        return PromqlError(
            "unexpected 'or' in a selector", misplaced, 2, "matchers are joined by commas"
        )
    beyond = too_large(expr)
    if beyond is not None:
        start, number = beyond
        return PromqlError("a number beyond 1.8e308, the largest there is", start, len(number))
    zero = empty_range(expr)
    if zero is not None:
        return PromqlError("the duration must be greater than 0", zero.start, len(zero.text))
    found = patterns(expr)
    for start, literal in found.items():
        fault = _pattern_fault(literal)
        if fault is not None:
            return PromqlError(fault, start, len(literal))
    has_bytes = _BYTE.search(expr) is not None
    is_plain = not has_bytes and not any(text in expr for text in _REWRITTEN)
    try:
        tree = _tree(expr if is_plain else _rewritten(expr))
        return Expression(expr, tree, is_exact=not has_bytes or _has_only_characters(expr))
    except ValueError as error:
        message = str(error)
        if not found or not message.startswith("illegal regex"):
            return message
    try:
        return Expression(expr, _tree(_rewritten(expr, found)), is_exact=False)
    except ValueError as error:
        return str(error)


def _tree(expr: str) -> promql_parser.Expr:
    """The parser's tree.

    Raises:
        ValueError: it refuses `expr`. It panics where a duration is too long for it, which is not
            even an `Exception`.
    """
    try:
        return promql_parser.parse(without_digit_groups(without_zero_durations(expr)))
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
    raise ValueError("a duration is out of range")


def _pattern_fault(literal: str) -> str | None:
    try:
        pattern = unquote(literal)
        compile_pattern(pattern)
        check_alone(pattern)
    except PatternError as error:
        return f"illegal regular expression {literal}: {error}"
    except ValueError:
        # Not a string at all; the parser says it better.
        return None
    return None


def _rewritten(expr: str, stand_in_at: Collection[int] = ()) -> str:
    """`expr` for the parser, with stand-ins for the patterns that it would refuse."""
    written = []
    position = 0
    for token in tokens(expr):
        replacement = _replacement(token, expr, stands_in=token.start in stand_in_at)
        if replacement is not None:
            written += [expr[position : token.start], replacement]
            position = token.start + len(token.text)
    return "".join((*written, expr[position:]))


def _replacement(token: Token, expr: str, *, stands_in: bool) -> str | None:
    if stands_in:
        # Whether it matches the empty string must stay: a selector needs a matcher that does not.
        return '".*"' if compile_pattern(unquote(token.text))("") else '".+"'
    if token.kind == "string" and (token.text.startswith("`") or _BYTE.search(token.text)):
        text = _meant(token)
        return None if text is None else quote(text)
    if token.text in _RENAMED and BRACKET_NEXT.match(expr, token.start + len(token.text)):
        return _RENAMED[token.text]
    return None


def _has_only_characters(expr: str) -> bool:
    return all(_meant(token) is not None for token in tokens(expr) if token.kind == "string")


def _meant(token: Token) -> str | None:
    """The text that a string stands for; None where it is not one of characters, or has a NUL."""
    try:
        text = unquote(token.text)
    except ValueError:
        return None
    return None if "\x00" in text else text
