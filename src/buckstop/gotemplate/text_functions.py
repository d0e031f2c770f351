"""Functions on texts, patterns, times and numbers that both servers bring."""

from __future__ import annotations

import re
from typing import Final

from buckstop.gotemplate.functions import Behaviour, Fails, MayFail, Outcome
from buckstop.gotemplate.types import STRING, TIME, Type
from buckstop.gotemplate.values import Value, known, of
from buckstop.language import PatternError, compile_pattern
from buckstop.language.unicode_classes import newer_syntax

_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NUMBERS: Final = frozenset({"float64", "int", "uint", "int64", "uint64", "time.Duration"})
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")


def uppercase(arguments: tuple[Value, ...]) -> Outcome:
    """``toUpper``"""
    text = arguments[0].constant
    return known(STRING, text.upper()) if isinstance(text, str) and text.isascii() else of(STRING)


def lowercase(arguments: tuple[Value, ...]) -> Outcome:
    """``toLower``"""
    text = arguments[0].constant
    return known(STRING, text.lower()) if isinstance(text, str) and text.isascii() else of(STRING)


def with_pattern(name: str, result: Type) -> Behaviour:
    """A function whose first argument is a regular expression."""

    def behaviour(arguments: tuple[Value, ...]) -> Outcome:
        pattern = arguments[0].constant
        if not isinstance(pattern, str):
            return MayFail("whether the pattern is a regular expression is not known", of(result))
        try:
            compile_pattern(pattern)
        except PatternError as error:
            return Fails(f"error calling {name}: error parsing regexp: {error}")
        newer = newer_syntax(pattern)
        if newer:
            return MayFail(f"an older server does not know {newer[0].what}", of(result))
        return of(result)

    return behaviour


def url_unescaped(arguments: tuple[Value, ...]) -> Outcome:
    """``urlUnescape``"""
    text = arguments[0].constant
    if not isinstance(text, str):
        return MayFail("a text with a % that begins no escape cannot be unescaped", of(STRING))
    if _BAD_ESCAPE.search(text):
        return Fails("error calling urlUnescape: invalid URL escape")
    return of(STRING)


def in_zone(arguments: tuple[Value, ...]) -> Outcome:
    """``tz``: fails where the server does not know the time zone."""
    if arguments[0].constant in {"", "UTC", "Local"}:
        return of(TIME)
    return MayFail("whether the server knows the time zone is not known", of(TIME))


def of_number(name: str, result: Type) -> Behaviour:
    """A function that takes a number, or a text that is one."""

    def behaviour(arguments: tuple[Value, ...]) -> Outcome:
        (given,) = arguments
        if given.is_nil:
            return Fails(f"error calling {name}: can't convert <nil> to float")
        if given.type is None:
            return MayFail(f"whether `{name}` gets a number is not known", of(result))
        if given.type.name in _NUMBERS:
            return of(result)
        if given.type != STRING:
            return Fails(f"error calling {name}: can't convert {given.type.name} to float")
        text = given.constant
        if isinstance(text, str):
            if _PLAIN_NUMBER.fullmatch(text):
                return of(result)
            if text == "" or text[0].lower() not in "+-.0123456789in":
                return Fails(f"error calling {name}: parsing {text!r}: invalid syntax")
        return MayFail(f"`{name}` fails for a text that is no number", of(result))

    return behaviour


def timed(name: str, result: Type) -> Behaviour:
    """Like `of_number`; Prometheus's times and durations cannot hold every number."""
    inner = of_number(name, result)

    def behaviour(arguments: tuple[Value, ...]) -> Outcome:
        outcome = inner(arguments)
        if isinstance(outcome, Value):
            if isinstance(arguments[0].constant, int | float) and abs(arguments[0].constant) < 1e9:
                return outcome
            return MayFail(f"`{name}` fails for a number beyond what a time can be", outcome)
        return outcome

    return behaviour
