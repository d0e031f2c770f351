"""Whether an expression is PromQL, and its tree.

The parser is promql-parser, a port of Prometheus's own. What it lacks is made up for here:
backquoted strings, RE2's view of regular expressions, a function's older name, and a limit, because
it recurses and would end the process on what nests too deep.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import promql_parser

from buckstop.language.patterns import PatternError, compile_pattern
from buckstop.promql.lexing import Token, tokens
from buckstop.promql.strings import quote, unquote

MAX_NESTING: Final = 1_000
"""Operators and opening brackets of one expression. The parser's stack lasts for some 3,000."""

MAX_LENGTH: Final = 200_000
"""Characters of one expression."""

_RENAMED: Final = {"holt_winters": "double_exponential_smoothing"}
"""Functions of Prometheus 2 that the parser knows by their newer name."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A valid expression.

    Attributes:
        text: as the user wrote it.
        tree: promql-parser's. Where a regular expression is of RE2's syntax but not of that
            parser's, the tree has a stand-in for it.
    """

    text: str
    tree: promql_parser.Expr


@dataclass(frozen=True, slots=True)
class PromqlError:
    """Why a text is no expression, in the parser's words."""

    message: str


def parse(expr: str) -> Expression | PromqlError:
    """Read `expr`; the types of what operators and functions are given are checked as well."""
    if len(expr) > MAX_LENGTH:
        return PromqlError(f"longer than {MAX_LENGTH} characters")
    if "\x00" in expr:
        return PromqlError("a NUL character")
    # Most expressions are short and need nothing of what follows; looking costs more than parsing.
    found = [] if _is_plain(expr) else list(tokens(expr))
    if sum(token.nests for token in found) > MAX_NESTING:
        return PromqlError(f"more than {MAX_NESTING} operators and brackets")
    patterns = _patterns(found)
    for token in patterns:
        fault = _pattern_fault(token)
        if fault is not None:
            return PromqlError(fault)
    try:
        return Expression(expr, promql_parser.parse(_rewritten(expr, found)))
    except ValueError as error:
        message = str(error)
        if not patterns or not message.startswith("illegal regex"):
            return PromqlError(message)
    try:
        return Expression(expr, promql_parser.parse(_rewritten(expr, found, patterns)))
    except ValueError as error:
        return PromqlError(str(error))


def _is_plain(expr: str) -> bool:
    """Whether there is nothing to check or rewrite, and too little text to nest too deep."""
    special = ("`", "~", *_RENAMED)
    return len(expr) <= MAX_NESTING and not any(text in expr for text in special)


def _patterns(found: list[Token]) -> list[Token]:
    """The strings that are regular expressions of matchers."""
    return [
        token
        for before, token in itertools.pairwise(found)
        if token.kind == "string" and before.text in {"=~", "!~"}
    ]


def _pattern_fault(token: Token) -> str | None:
    try:
        compile_pattern(unquote(token.text))
    except PatternError as error:
        return f"illegal regular expression {token.text}: {error}"
    except ValueError:
        # Not a string at all; the parser says it better.
        return None
    return None


def _rewritten(expr: str, found: list[Token], stand_in_for: Collection[Token] = ()) -> str:
    """`expr` for the parser, with stand-ins for the patterns that it would refuse."""
    written = ""
    position = 0
    for token in found:
        replacement = _replacement(token, expr, stand_in_for)
        if replacement is not None:
            written += expr[position : token.start] + replacement
            position = token.start + len(token.text)
    return written + expr[position:]


def _replacement(token: Token, expr: str, stand_in_for: Collection[Token]) -> str | None:
    if token in stand_in_for:
        # Whether it matches the empty string must stay: a selector needs a matcher that does not.
        return '".*"' if compile_pattern(unquote(token.text))("") else '".+"'
    if token.kind == "string" and token.text.startswith("`"):
        return quote(unquote(token.text))
    if token.kind == "word" and expr[token.start + len(token.text) :].lstrip().startswith("("):
        return _RENAMED.get(token.text)
    return None
