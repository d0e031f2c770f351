"""``eq``, ``ne`` and the four that order: Go compares only what is of one basic kind."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from buckstop.gotemplate.functions import Behaviour, Fails, MayFail, Outcome
from buckstop.gotemplate.types import BASIC, BOOL
from buckstop.gotemplate.values import Value, known, of

_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
}
_INTEGERS: Final = frozenset({"int", "uint"})
_INCOMPATIBLE: Final = "incompatible types for comparison"


def _kind(value: Value) -> str:
    """The basic kind, or nothing for what has none."""
    assert value.type is not None
    return value.type.kind if value.type.kind in BASIC else ""


def equal(arguments: tuple[Value, ...]) -> Outcome:
    """``eq first others…``: whether the first equals any of the others, asked in turn."""
    first, *others = arguments
    if not others:
        return Fails("error calling eq: missing argument for comparison")
    doubt: MayFail | None = None
    is_open = False
    for other in others:
        outcome = _pair(first, other)
        if isinstance(outcome, Fails):
            if not is_open and doubt is None:
                return outcome
            # It is asked only where no one before is equal.
            return doubt or MayFail(outcome.reason, of(BOOL))
        if isinstance(outcome, MayFail):
            doubt = doubt or outcome
            is_open = True
        elif outcome.constant is True and not is_open:
            return outcome
        elif outcome.constant is None:
            is_open = True
    if doubt is not None:
        return doubt
    return of(BOOL) if is_open else known(BOOL, constant=False)


def unequal(arguments: tuple[Value, ...]) -> Outcome:
    """``ne first second``"""
    outcome = _pair(*arguments)
    if isinstance(outcome, Fails):
        return Fails(outcome.reason.replace("calling eq", "calling ne"))
    if isinstance(outcome, Value) and isinstance(outcome.constant, bool):
        return known(BOOL, not outcome.constant)
    return outcome


def _pair(first: Value, other: Value) -> Outcome:
    if first.is_nil or other.is_nil:
        if first.is_nil and other.is_nil:
            return known(BOOL, constant=True)
        return MayFail("a comparison with nil is not followed", of(BOOL))
    if first.type is None or other.type is None:
        return MayFail("the types of what is compared are not known", of(BOOL))
    left, right = _kind(first), _kind(other)
    if left != right and not {left, right} <= _INTEGERS:
        return Fails(f"error calling eq: {_INCOMPATIBLE}")
    if not left:
        if first.type.kind in {"pointer", "struct"} and first.type == other.type:
            if first.type.name in _DEPENDS:
                return MayFail("the comparison is not followed", of(BOOL))
            if first.type.is_comparable:
                return of(BOOL)
        if first.type.is_comparable or other.type.is_comparable:
            return MayFail("the comparison is not followed", of(BOOL))
        return Fails(f"error calling eq: non-comparable type {first.type.name}")
    return _compared(first, other, operator.eq)


_DEPENDS: Final = frozenset({"template.Data"})
"""The server hands it over by its address, amtool by its value; only the first can be compared."""


def _compared(first: Value, other: Value, compare: Callable[[Any, Any], bool]) -> Value:
    if first.constant is None or other.constant is None:
        return of(BOOL)
    return known(BOOL, compare(first.constant, other.constant))


def ordered(name: str) -> Behaviour:
    """``lt``, ``le``, ``gt`` or ``ge``."""

    def behaviour(arguments: tuple[Value, ...]) -> Outcome:
        first, other = arguments
        calling = f"error calling {name}: "
        for value in arguments:
            if value.is_nil:
                return Fails(calling + "invalid type for comparison")
            if value.type is not None and not _kind(value):
                return Fails(calling + "invalid type for comparison")
        if first.type is None or other.type is None:
            return MayFail("the types of what is compared are not known", of(BOOL))
        left, right = _kind(first), _kind(other)
        if left != right and not {left, right} <= _INTEGERS:
            return Fails(calling + _INCOMPATIBLE)
        if left in {"bool", "complex"}:
            return Fails(calling + "invalid type for comparison")
        if isinstance(first.constant, str) and isinstance(other.constant, str):
            # Go orders by bytes of UTF-8, which is the order of code points.
            return known(BOOL, _ORDERS[name](first.constant, other.constant))
        return _compared(first, other, _ORDERS[name])

    return behaviour
