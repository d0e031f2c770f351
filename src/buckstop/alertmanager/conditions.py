"""Matchers, evaluated: on a value, and where the value is not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from buckstop.alertmanager.label_text import anchored
from buckstop.alertmanager.model import Matcher, Operator
from buckstop.language.patterns import UNIVERSAL_PATTERNS, compile_pattern, listed_values

_LEAVES_ITS_ANCHORS = re.compile(r"\).*\(", re.DOTALL)
"""A parenthesis closes before another opens, as in ``a)|(?:b``."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A matcher made ready to be asked often.

    Attributes:
        holds: whether a value of the label satisfies it; a missing label is the empty string.
        always: what it says of every possible value, or None where that depends on the value.
        listed: the only values that satisfy it, where it lists them; None where it does not.
    """

    matcher: Matcher
    holds: Callable[[str], bool]
    always: bool | None
    listed: frozenset[str] | None


def condition(matcher: Matcher) -> Condition:
    """`matcher`, ready.

    Raises:
        PatternError: if its regular expression is refused; `read` has diagnosed that.
    """
    expected = matcher.value
    if matcher.deprecated and matcher.operator == "=~" and _LEAVES_ITS_ANCHORS.search(expected):
        # Alertmanager anchors a pattern under ``match_re`` when it reads it and again when it
        # builds the route. It makes a difference only for one that closes a group it did not open.
        expected = anchored(matcher)
    return Condition(
        matcher,
        value_test(matcher.operator, expected),
        _always(matcher.operator, matcher.value),
        _listed(matcher.operator, expected),
    )


def value_test(operator: Operator, expected: str) -> Callable[[str], bool]:
    """The test that ``operator expected`` puts to a label's value.

    Raises:
        PatternError: if `expected` is to be a regular expression and is none.
    """
    match operator:
        case "=":
            return expected.__eq__
        case "!=":
            return expected.__ne__
        case "=~":
            return compile_pattern(expected)
        case "!~":
            matches = compile_pattern(expected)
            return lambda value: not matches(value)
        case _:
            assert_never(operator)


def _always(operator: Operator, expected: str) -> bool | None:
    if expected not in UNIVERSAL_PATTERNS or operator in {"=", "!="}:
        return None
    return operator == "=~"


def _listed(operator: Operator, expected: str) -> frozenset[str] | None:
    match operator:
        case "=":
            return frozenset({expected})
        case "=~":
            return listed_values(expected)
        case _:
            return None
