"""A token where the grammar has no place for it, said in words."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import did_you_mean
from buckstop.promql.lexemes import Lexeme
from buckstop.promql.outcomes import PromqlError

_FIELDS: Final = frozenset(
    {"for", "keep_firing_for", "labels", "annotations", "alert", "record", "interval", "limit"}
)
"""Fields of a rule or its group that are written into the expression by mistake."""

_OPERATORS: Final = ("and", "or", "unless", "offset", "without", "group_left", "group_right")
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_MEANT: Final = {
    ("=", ">"): ">=",
    ("=", "<"): "<=",
    ("<", ">"): "!=",
    ("=", "!"): "!=",
    ("!", "="): "!=",
    (">", "="): ">=",
    ("<", "="): "<=",
    ("&", "&"): "and",
    ("|", "|"): "or",
    ("&", None): "and",
    ("|", None): "or",
    ("==", "="): "==",
}
"""The operator that two tokens, or one, are meant for."""


_SHOWN: Final = {
    "bool": "a > bool b",
    "on": "a * on (job) b",
    "ignoring": "a * ignoring (job) b",
    "group_left": "a * on (job) group_left b",
    "group_right": "a * on (job) group_right b",
}
"""The modifiers of binary operators where they belong."""

MAX_SHOWN: Final = 40
"""Characters of a token that a message repeats."""


class Misplaced(Exception):  # noqa: N818 - a finding, not a failure of the program
    """The expression is none, for what `found` says."""

    def __init__(self, found: PromqlError) -> None:
        super().__init__(found.message)
        self.found = found


class TooDeep(Exception):  # noqa: N818 - a limit, not a failure of the program
    """The expression nests deeper than it is followed."""


def malformed(token: Lexeme) -> Misplaced:
    """What no token can be: a number with letters, a string without its end."""
    if token.kind == "unterminated":
        said = PromqlError(
            "a quoted text has no end",
            token.start,
            len(token.text),
            f"close it with {token.text[0]}",
        )
    else:
        said = PromqlError(
            f"'{_shown(token)}' is neither a number nor a duration",
            token.start,
            len(token.text),
            "durations are written as 30s, 5m or 1h30m",
        )
    return Misplaced(said)


def unexpected(
    expected: str, last: Lexeme | None, token: Lexeme, after: Lexeme | None, opened: list[Lexeme]
) -> Misplaced:
    """`token` stands where `expected` should.

    Args:
        expected: what can stand there.
        last: the token before it.
        token: the one that is refused.
        after: the token behind it.
        opened: the brackets that are open there, the innermost last.
    """
    if token.kind in {"malformed", "unterminated"}:
        return malformed(token)
    if token.kind == "end":
        return Misplaced(_ended(expected, last, token, opened))
    if token.text in _CLOSING.values() and not opened:
        message, hint = f"'{token.text}' closes no bracket", "remove it, or open its bracket"
    elif token.text in _CLOSING.values() and token.text != _CLOSING[opened[-1].text]:
        message = f"unexpected '{token.text}' while '{opened[-1].text}' is open"
        hint = f"close it with '{_CLOSING[opened[-1].text]}' first"
    else:
        message = f"unexpected '{_shown(token)}', expected {expected}"
        hint = _hint(expected, last, token, after) or ""
    return Misplaced(PromqlError(message, token.start, len(token.text), hint or None))


def _shown(token: Lexeme) -> str:
    return token.text if len(token.text) <= MAX_SHOWN else f"{token.text[: MAX_SHOWN - 1]}…"


def _ended(expected: str, last: Lexeme | None, token: Lexeme, opened: list[Lexeme]) -> PromqlError:
    if last is None:
        return PromqlError("there is no expression", token.start, 0)
    if expected in {"a value", "a duration such as 5m", "a timestamp, start() or end()"} and (
        not opened or last is not opened[-1]
    ):
        return PromqlError(
            f"unexpected end after '{_shown(last)}', expected {expected}", token.start, 0
        )
    if opened:
        bracket = opened[-1]
        return PromqlError(
            f"'{bracket.text}' is never closed",
            bracket.start,
            1,
            f"close it with '{_CLOSING[bracket.text]}'",
        )
    return PromqlError(f"unexpected end, expected {expected}", token.start, 0)


def _hint(expected: str, last: Lexeme | None, token: Lexeme, after: Lexeme | None) -> str | None:
    meant = _operator_meant(last, token, after)
    name = token.word.rstrip(":")
    if meant is not None and expected != "a quoted text":
        hint = f"did you mean '{meant}'?"
    elif expected == "a quoted text" and token.kind in {"word", "number", "duration"}:
        hint = f'write "{_shown(token)}"'
    elif expected == "a quoted text" and token.text == "=":
        hint = "a matcher has one '='"
    elif expected == "'('" and last is not None and last.kind == token.kind == "word":
        hint = f"labels stand in brackets: {last.text} ({_shown(token)})"
    elif name in _FIELDS and expected.startswith("an operator"):
        hint = f"'{name}' is a field of the rule: write it on a line of its own, beside 'expr'"
    elif name in {"by", "without"}:
        hint = f"'{name}' follows an aggregation, as in sum {name} (job) (…)"
    elif name in {"bool", "on", "ignoring", "group_left", "group_right"}:
        hint = f"'{name}' follows an operator, as in {_SHOWN[name]}"
    elif token.text in {"=~", "!~"} and expected.startswith("an operator"):
        hint = 'labels are matched inside braces, as in up{job=~"…"}'
    elif token.kind == "duration" and expected.startswith("an operator"):
        hint = f"a range stands in brackets: [{token.text}]"
    elif token.text == "$":
        hint = "PromQL has no variables"
    elif token.text == "," and expected == "an operator":
        hint = "join two expressions with an operator, such as 'or'"
    elif expected == "',' or '}'":
        hint = "matchers are joined by commas"
    elif expected.startswith("an operator") and len(name) > 2:
        return did_you_mean(name, _OPERATORS)
    else:
        return None
    return hint


def _operator_meant(last: Lexeme | None, token: Lexeme, after: Lexeme | None) -> str | None:
    """The operator that the token is part of, with what stands beside it."""
    before = _MEANT.get((last.text, token.text)) if last is not None else None
    beyond = _MEANT.get((token.text, after.text)) if after is not None else None
    alone = "==" if token.text == "=" else _MEANT.get((token.text, None))
    return before or beyond or alone
