"""Where an expression that promql-parser refuses is wrong, and what would mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from buckstop.diagnostics import did_you_mean
from buckstop.promql.features import FUNCTIONS
from buckstop.promql.grammar import AGGREGATIONS, Place, read
from buckstop.promql.misplaced import MAX_SHOWN, Misplaced, TooDeep
from buckstop.promql.outcomes import Expression, PromqlError
from buckstop.promql.values import RETURNED, value_type

Judge = Callable[[str], Expression | str]
"""Reads a part of the expression alone: its tree, or the parser's words."""

MAX_JUDGED: Final = 10_000
"""Characters of an expression whose parts are judged alone, to find the one of a wrong type."""

_ALWAYS_THERE: Final = """
    abs absent absent_over_time acos acosh asin asinh atan atanh avg_over_time ceil changes
    clamp clamp_max clamp_min cos cosh count_over_time day_of_month day_of_week day_of_year
    days_in_month deg delta deriv exp floor histogram_avg histogram_count histogram_fraction
    histogram_quantile histogram_stddev histogram_stdvar histogram_sum hour idelta increase
    irate label_join label_replace last_over_time ln log10 log2 max_over_time min_over_time
    minute month pi predict_linear present_over_time quantile_over_time rad rate resets round
    scalar sgn sin sinh sort sort_desc sqrt stddev_over_time stdvar_over_time sum_over_time
    tan tanh time timestamp vector year
"""
FUNCTION_NAMES: Final = (*_ALWAYS_THERE.split(), *FUNCTIONS, *sorted(AGGREGATIONS))
"""Names that may have been meant by one that is unknown."""

_STAND_INS: Final = {"scalar": "1", "vector": "a", "matrix": "a[5m]", "string": '"a"'}
"""An argument of each type, in the parser's names of types."""

_EXPECTED: Final = re.compile(
    r"expected type (vector|matrix|scalar|string) in .*, got (vector|matrix|scalar|string)"
)
_COUNTED: Final = re.compile(r"expected (.*) argument\(s\) in call to '.*', got (\d+)")
_AGGREGATED: Final = re.compile(r"wrong number of arguments.*expected (\d+), got (\d+)")
_NOTHING: Final = re.compile(r"[0.a-z]*")
_OPERANDS: Final = "binary expression must contain only scalar and instant vector types"


def located(expr: str, message: str, judge: Judge) -> PromqlError:
    """What is wrong with `expr`, which the parser refused with `message`.

    At the token where the grammar ends, else at the smallest part that is wrong by itself, else
    in the parser's words at the whole expression.
    """
    try:
        whole = read(expr)
    except Misplaced as misplaced:
        return misplaced.found
    except TooDeep:
        return PromqlError(_plain(message), 0, len(expr))
    if len(expr) > MAX_JUDGED:
        return PromqlError(_plain(message), 0, len(expr))
    place, message = _smallest(expr, whole, message, judge)
    return _in_part(expr, place, message, judge)


def _smallest(expr: str, place: Place, message: str, judge: Judge) -> tuple[Place, str]:
    """The innermost first part that is refused by itself."""
    while True:
        for part in place.parts:
            outcome = judge(expr[part.start : part.end])
            if isinstance(outcome, str):
                place, message = part, outcome
                break
        else:
            return place, message


def _in_part(expr: str, place: Place, message: str, judge: Judge) -> PromqlError:
    if place.kind == "call":
        return _in_call(expr, place, message, judge)
    at: Place | None = None
    hint: str | None = None
    start, end = place.start, place.end
    if message == _OPERANDS or message.startswith("set operator"):
        wrong = {"range vector", "string"} if message == _OPERANDS else {"scalar"}
        at = next((part for part in place.parts if _type(expr, part, judge) in wrong), None)
        if at is not None:
            found = _type(expr, at, judge)
            message = f"'{place.mark.text}' cannot take a {found}"
            hint = _TO_VECTOR[found]
    elif message.startswith("unary expression"):
        (at,) = place.parts
        message = f"'{place.mark.text}' cannot take a {_type(expr, at, judge)}"
    elif message.startswith("comparisons between scalars"):
        message = "two scalars are compared without 'bool'"
        start, end = place.mark.start, place.mark.end
        hint = f"write '{place.mark.text} bool'"
    elif message.startswith("ranges only allowed") and place.kind == "range":
        message = "only a selector can have a range"
        start, end = place.mark.start, place.modifiers["]"].end
        if _type(expr, place.parts[0], judge) == "instant vector":
            hint = f"for a subquery, write [{place.modifiers['range'].text}:]"
    elif again := [mark for name, mark in place.modifiers.items() if _names(name, message)]:
        start, end = again[-1].start, again[-1].end
    elif message.startswith("no offset modifiers allowed before range"):
        offset = place.parts[0].modifiers.get("offset", place.mark)
        start, end = offset.start, offset.end
        message, hint = "'offset' stands before a range", "write it behind the range"
    elif message.startswith("duration must be greater"):
        step, length = place.modifiers.get("step"), place.modifiers.get("range", place.mark)
        if step is not None and _NOTHING.fullmatch(step.text):
            length = step
        start, end = length.start, length.end
        is_nothing = _NOTHING.fullmatch(length.text) is not None
        message = f"the duration {'must be greater than 0' if is_nothing else 'is out of range'}"
    elif message.startswith("vector selector must contain"):
        message = "a selector needs a name, or a matcher that does not match the empty text"
    if at is not None:
        start, end = at.start, at.end
    return PromqlError(_plain(message), start, end - start, hint)


_TO_VECTOR: Final[dict[str, str | None]] = {
    "range vector": "take a function of the range, such as rate(…) or avg_over_time(…)",
    "string": None,
    "scalar": "vector(…) makes an instant vector of a scalar",
    "instant vector": None,
}


def _names(modifier: str, message: str) -> bool:
    """Whether the parser's words are about this modifier."""
    if modifier.endswith(" again"):
        return "multiple times" in message
    grouped = "ON and GROUP" in message or message.startswith("no grouping allowed")
    return grouped and modifier.startswith("group_")


def _in_call(expr: str, call: Place, message: str, judge: Judge) -> PromqlError:
    name = call.mark.text
    start, length = call.mark.start, len(name)
    if message.startswith("unknown function"):
        hint = did_you_mean(name, FUNCTION_NAMES)
        return PromqlError(f"there is no function '{name}'", start, length, hint)
    if mistyped := _EXPECTED.match(message):
        expected, given = mistyped.groups()
        argument = _mistyped(expr, call, expected, given, judge)
        if argument is not None:
            text = expr[argument.start : argument.end]
            return PromqlError(
                f"'{name}' takes {_A[expected]} here, not {_A[given]}",
                argument.start,
                len(text),
                _to_type(argument, text, expected, given),
            )
    if counted := _COUNTED.match(message) or _AGGREGATED.match(message):
        expected, given = counted.groups()
        one = "argument" if expected == "1" else "arguments"
        message = f"'{name}' takes {expected} {one}, not {given}"
    return PromqlError(_plain(message), start, call.end - start)


_A: Final = {
    kind: f"{'an' if word.startswith('i') else 'a'} {word}"
    for kind, word in ((kind.lower(), word) for kind, word in RETURNED.items())
}


def _to_type(argument: Place, text: str, expected: str, given: str) -> str | None:
    if (expected, given) == ("matrix", "vector"):
        if argument.kind != "selector":
            return "a subquery gives a range: (…)[5m:1m]"
        is_short = not argument.modifiers and len(text) <= MAX_SHOWN
        return f"give it a range: {text if is_short else '…'}[5m]"
    if (expected, given) == ("vector", "matrix"):
        return _TO_VECTOR["range vector"]
    if (expected, given) == ("vector", "scalar"):
        return _TO_VECTOR["scalar"]
    if (expected, given) == ("scalar", "vector"):
        return "scalar(…) makes a scalar of an instant vector with one element"
    return f'write "{text}"' if expected == "string" and given == "scalar" else None


def _mistyped(expr: str, call: Place, expected: str, given: str, judge: Judge) -> Place | None:
    """The argument that is meant: with one of the expected type in its place, that fault is gone.

    Another of the given type may be right where it stands; the parser would then miss that one.
    """
    for part in call.parts:
        if _type(expr, part, judge) != RETURNED[given.capitalize()]:
            continue
        mended = expr[call.start : part.start] + _STAND_INS[expected] + expr[part.end : call.end]
        outcome = judge(mended)
        again = _EXPECTED.match(outcome) if isinstance(outcome, str) else None
        if again is None or again[2] != expected:
            return part
    return None


def _type(expr: str, part: Place, judge: Judge) -> str:
    outcome = judge(expr[part.start : part.end])
    assert isinstance(outcome, Expression), "the smallest wrong part has no wrong parts"
    return value_type(outcome)


def _plain(message: str) -> str:
    """The parser's words, but for those that say nothing."""
    return "the syntax is wrong" if message == "invalid promql query" else message
