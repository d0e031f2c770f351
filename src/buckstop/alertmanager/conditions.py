"""Matchers, evaluated: on a value, and where the value is not known."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, assert_never

from buckstop.alertmanager.label_text import anchored
from buckstop.alertmanager.model import Matcher, Operator
from buckstop.language import (
    Language,
    Undecided,
    compile_pattern,
    is_empty,
    listed_values,
    matching,
    only,
)

MAX_STATES_OF_A_MATCHER: Final = 1_000
"""A pattern that needs more to be known to match every value is taken for one that may not."""

_LEAVES_ITS_ANCHORS = re.compile(r"\).*\(", re.DOTALL)
"""A parenthesis closes before another opens, as in ``a)|(?:b``."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A matcher made ready to be asked often.

    Attributes:
        holds: whether a value of the label satisfies it; a missing label is the empty string.
        always: what it says of every possible value, or None where that depends on the value.
        listed: the only values that satisfy it, where it lists them; None where it does not.
        expected: the value or the pattern that Alertmanager compares with.
    """

    matcher: Matcher
    holds: Callable[[str], bool]
    always: bool | None
    listed: frozenset[str] | None
    expected: str

    @property
    def language(self) -> Language:
        """The values that satisfy it."""
        return _language(self.matcher.operator, self.expected)


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
        _always(matcher.operator, expected),
        _listed(matcher.operator, expected),
        expected,
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


@functools.lru_cache(maxsize=100_000)
def _language(operator: Operator, expected: str) -> Language:
    satisfying = only(expected) if operator in {"=", "!="} else matching(expected)
    return satisfying if operator in {"=", "=~"} else ~satisfying


def _always(operator: Operator, expected: str) -> bool | None:
    if operator in {"=", "!="} or not _matches_every_value(expected):
        return None
    return operator == "=~"


@functools.lru_cache(maxsize=10_000)
def _matches_every_value(pattern: str) -> bool:
    """Whether that is certain; ``.*`` does not: a value may contain a newline."""
    holds = compile_pattern(pattern)
    if not all(holds(value) for value in ("", "\n")):
        return False  # as with almost every pattern: nothing more is to be decided
    try:
        return is_empty(~matching(pattern), max_states=MAX_STATES_OF_A_MATCHER)
    except Undecided:
        return False


def _listed(operator: Operator, expected: str) -> frozenset[str] | None:
    match operator:
        case "=":
            return frozenset({expected})
        case "=~":
            return listed_values(expected)
        case _:
            return None
