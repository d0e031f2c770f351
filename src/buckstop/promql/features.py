"""What an expression uses that not every Prometheus has: by version, and behind which flag.

What 2.42, 2.53 and 3.5 have is measured (promtool, and servers with each flag). Which release
between them or after them brought something is what Prometheus's release notes say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from buckstop.document.versions import Version
from buckstop.promql.lexing import BRACKET_NEXT, DURATION, NUMBER, STRING, UNTERMINATED
from buckstop.promql.zeros import is_zero

EXPERIMENTAL_FUNCTIONS: Final = "promql-experimental-functions"
FILL_MODIFIERS: Final = "promql-binop-fill-modifiers"
START_TIMESTAMPS: Final = "use-start-timestamps"


@dataclass(frozen=True, slots=True)
class Feature:
    """Something of the language that has not always been there, or is not always on.

    Attributes:
        what: it in words, for messages.
        since: the first version that has it.
        until: the first version that has it no longer, or None.
        flag: the ``--enable-feature`` without which a server refuses it, or None.
        stable: the first version that takes it without the flag, or None.
        is_bounded: whether the release that brought it was not found: `since` is the first
            measured version that has it.
    """

    what: str
    since: Version = (0,)
    until: Version | None = None
    flag: str | None = None
    stable: Version | None = None
    is_bounded: bool = False

    def flag_for(self, version: Version | None) -> str | None:
        """The flag that `version` wants; None where it, or for None some version, wants none."""
        is_stable = self.stable is not None and (version is None or version >= self.stable)
        return None if is_stable else self.flag


@dataclass(frozen=True, slots=True)
class Use:
    """A feature where an expression uses it.

    Attributes:
        start, end: the place in the expression, in code points, from 0, the end exclusive.
    """

    feature: Feature
    start: int
    end: int


def _function(
    name: str,
    since: Version = (0,),
    until: Version | None = None,
    flag: str | None = None,
    stable: Version | None = None,
) -> tuple[str, Feature]:
    return name, Feature(f"the function '{name}'", since, until, flag, stable)


FUNCTIONS: Final[dict[str, Feature]] = dict(
    (
        _function("holt_winters", until=(3, 0)),
        _function("double_exponential_smoothing", (3, 0), flag=EXPERIMENTAL_FUNCTIONS),
        _function("histogram_avg", (2, 51)),
        _function("histogram_stddev", (2, 47)),
        _function("histogram_stdvar", (2, 47)),
        _function("histogram_quantiles", (3, 11), flag=EXPERIMENTAL_FUNCTIONS),
        _function("info", (2, 55), flag=EXPERIMENTAL_FUNCTIONS),
        _function("limitk", (2, 54), flag=EXPERIMENTAL_FUNCTIONS),
        _function("limit_ratio", (2, 54), flag=EXPERIMENTAL_FUNCTIONS),
        _function("mad_over_time", (2, 49), flag=EXPERIMENTAL_FUNCTIONS),
        _function("sort_by_label", (2, 49), flag=EXPERIMENTAL_FUNCTIONS),
        _function("sort_by_label_desc", (2, 49), flag=EXPERIMENTAL_FUNCTIONS),
        _function("ts_of_max_over_time", (3, 5), flag=EXPERIMENTAL_FUNCTIONS),
        _function("ts_of_min_over_time", (3, 5), flag=EXPERIMENTAL_FUNCTIONS),
        _function("ts_of_last_over_time", (3, 5), flag=EXPERIMENTAL_FUNCTIONS),
        _function("first_over_time", (3, 7), flag=EXPERIMENTAL_FUNCTIONS, stable=(3, 14)),
        _function("ts_of_first_over_time", (3, 7), flag=EXPERIMENTAL_FUNCTIONS),
        _function("start", (3, 12), flag=EXPERIMENTAL_FUNCTIONS),
        _function("end", (3, 12), flag=EXPERIMENTAL_FUNCTIONS),
        _function("range", (3, 12), flag=EXPERIMENTAL_FUNCTIONS),
        _function("step", (3, 12), flag=EXPERIMENTAL_FUNCTIONS),
        _function("max_of", (3, 13), flag=EXPERIMENTAL_FUNCTIONS),
        _function("min_of", (3, 13), flag=EXPERIMENTAL_FUNCTIONS),
        _function("start_timestamp", (3, 14), flag=START_TIMESTAMPS),
        _function("integral", (3, 16), flag=EXPERIMENTAL_FUNCTIONS),
    )
)
"""Functions and aggregations that a supported version lacks or hides behind a flag, by name."""

QUOTED_NAME: Final = Feature("a quoted name in a selector", (2, 53), is_bounded=True)
QUOTED_GROUPING: Final = Feature("a quoted name in a grouping", (2, 55))
DURATION_AS_NUMBER: Final = Feature("a duration in the place of a number", (2, 54))
NUMBER_AS_DURATION: Final = Feature("a number in the place of a duration", (2, 54))
OFFSET_OF_ZERO: Final = Feature("an offset of no length", (2, 54))
DIGIT_GROUPS: Final = Feature("a number with '_' between its digits", (3, 5), is_bounded=True)
FILL: Final = Feature("a fill modifier", (3, 10), flag=FILL_MODIFIERS)

SYNTAX: Final = (
    *(QUOTED_NAME, QUOTED_GROUPING, DURATION_AS_NUMBER, NUMBER_AS_DURATION, OFFSET_OF_ZERO),
    *(DIGIT_GROUPS, FILL),
)
"""What is no function."""

_GROUPINGS = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_FILLS = frozenset({"fill", "fill_left", "fill_right"})
_NUMBERS = rf"(?P<duration>{DURATION})(?![A-Za-z0-9_.]) | (?P<number>{NUMBER})"
_QUOTED = rf"(?P<string>{STRING}) | {UNTERMINATED} | (?P<comment>\#[^\n]*)"
_OUTSIDE = re.compile(
    rf"{_QUOTED} | (?P<word>[A-Za-z_:][A-Za-z0-9_:]*) | {_NUMBERS} | (?P<mark>\S)", re.VERBOSE
)
_IN_RANGE = re.compile(
    rf"{_QUOTED} | (?P<word>[A-Za-z_][A-Za-z0-9_]*) | {_NUMBERS} | (?P<mark>\S)", re.VERBOSE
)
_CLOSING = frozenset(")]}")
_SUSPECT = re.compile(
    r"[{,(]\s*[\"'`]"
    rf"|\b(?:{'|'.join([*FUNCTIONS, *_FILLS])})\b"
    r"|[\[:]\s*(?:0[xX]|[0-9.]+(?:[eE][-+]?[0-9]+)?\s*[\]:])"
    r"|\boffset\s++(?:[-+]\s*+)?+[0-9.]++(?![a-z])"
    rf"|(?<![\w.\[:]){DURATION}\b"
    r"|[0-9xX]_[0-9a-fA-F]"
)
"""What an expression without one of these need not be looked through for."""
_SUSPECT_OR = re.compile(r"\{[^{}]*\bor\b", re.IGNORECASE)
_GROUPED_CALL = re.compile(r"\s*(?:by|without)\s*\(", re.IGNORECASE)


def uses(expr: str) -> Iterator[Use]:
    """What a valid expression uses of `FUNCTIONS` and `SYNTAX`, in the order of the text."""
    if _SUSPECT.search(expr) is None:
        return
    opened: list[tuple[str, str]] = []
    before = earlier = ""
    position = 0
    while True:
        scan = _IN_RANGE if opened and opened[-1][0] == "[" else _OUTSIDE
        match = scan.search(expr, position)
        if match is None:
            return
        kind, text = match.lastgroup or "", match.group()
        position = match.end()
        if kind == "comment":
            continue
        feature = _feature(match, opened, (earlier, before))
        if feature is not None:
            yield Use(feature, match.start(), match.end())
        if kind == "mark" and text in "([{":
            opened.append((text, before))
        elif kind == "mark" and text in _CLOSING and opened:
            opened.pop()
        earlier, before = before, text


def or_in_selector(expr: str) -> int | None:
    """Where matchers are joined by ``or``, which the parser takes and no Prometheus does."""
    if _SUSPECT_OR.search(expr) is None:
        return None
    depth = 0
    for match in _OUTSIDE.finditer(expr):
        text = match.group()
        if text in {"{", "}"}:
            depth += 1 if text == "{" else -1
        elif depth > 0 and match.lastgroup == "word" and text.lower() == "or":
            return match.start()
    return None


def _feature(
    token: re.Match[str], opened: list[tuple[str, str]], before: tuple[str, str]
) -> Feature | None:
    """The feature of one token, given the brackets around it and the two tokens before it."""
    kind, text = token.lastgroup, token.group()
    around, opener = opened[-1] if opened else ("", "")
    earlier, last = before
    is_offset = "offset" in {last.lower(), earlier.lower() if last in {"-", "+"} else ""}
    match kind:
        case "word" if around != "{" and last != "@" and _is_called(token):
            return FILL if text in _FILLS and last != "" else FUNCTIONS.get(text)
        case "string" if around == "{" and last in {"{", ","}:
            return QUOTED_NAME
        case "string" if around == "(" and opener.lower() in _GROUPINGS:
            return QUOTED_GROUPING
        case "number" if "_" in text:
            return DIGIT_GROUPS
        case "number" if around == "[" or is_offset:
            return NUMBER_AS_DURATION
        case "duration" if around != "[" and not is_offset:
            return DURATION_AS_NUMBER
        case "duration" if is_offset and is_zero(text):
            return OFFSET_OF_ZERO
        case _:
            return None


def _is_called(word: re.Match[str]) -> bool:
    """Whether a bracket follows, or the grouping of an aggregation."""
    if BRACKET_NEXT.match(word.string, word.end()) is not None:
        return True
    can_group = word.group() in {"limitk", "limit_ratio"}
    return can_group and _GROUPED_CALL.match(word.string, word.end()) is not None
