"""The functions that every Go template has. ``and`` and ``or`` are the evaluator's own.

Source: Go's ``text/template`` package, measured on the servers that are named in the tests.
"""

from __future__ import annotations

from typing import Final

from buckstop.gotemplate.comparisons import equal, ordered, unequal
from buckstop.gotemplate.functions import Fails, Function, MayFail, Outcome, total
from buckstop.gotemplate.types import ANY, BOOL, BYTE, INT, STRING, VALUE, Type
from buckstop.gotemplate.values import OPEN, Value, element, known, of, truth

SHORT_CIRCUITS: Final = frozenset({"and", "or"})


def _len(arguments: tuple[Value, ...]) -> Outcome:
    (item,) = arguments
    if item.is_nil:
        return Fails("error calling len: len of nil pointer")
    if item.type is None:
        return MayFail("what `len` is asked of is not known", of(INT))
    if item.type.kind == "pointer":
        return MayFail("`len` of a pointer is not followed", of(INT))
    if item.type.kind not in {"map", "slice", "string"}:
        return Fails(f"error calling len: len of type {item.type.name}")
    if item.longest == item.shortest:
        return known(INT, item.shortest)
    return of(INT)


def _index(arguments: tuple[Value, ...]) -> Outcome:
    item, *indexes = arguments
    if item.is_nil:
        return Fails("error calling index: index of untyped nil")
    found: Outcome = item
    doubt: MayFail | None = None
    for place in indexes:
        found = _indexed(item, place)
        if isinstance(found, Fails):
            return found
        if isinstance(found, MayFail):
            doubt, found = found, found.value
        item = found
    return item if doubt is None else MayFail(doubt.reason, item)


def _indexed(item: Value, place: Value) -> Outcome:
    if item.type is None:
        return MayFail("what is indexed is not known", OPEN)
    match item.type.kind:
        case "map":
            return _looked_up(item, item.type, place)
        case "slice" | "string":
            return _picked(item, item.type, place)
        case "pointer":
            return MayFail("an index into a pointer is not followed", OPEN)
        case _:
            return Fails(f"error calling index: can't index item of type {item.type.name}")


def _looked_up(item: Value, type_: Type, place: Value) -> Outcome:
    if place.is_nil:
        return Fails("error calling index: value is nil; should be of type string")
    if place.type is None:
        return MayFail("a key of which the type is not known", element(item))
    if place.type != STRING:
        return Fails(f"error calling index: value has type {place.type.name}; should be string")
    assert type_.element is not None
    if item.keys is not None and isinstance(place.constant, str):
        held = item.at(place.constant)
        if held is None:
            return known(STRING, "") if type_.element == STRING else OPEN
        return held
    return element(item)


def _picked(item: Value, type_: Type, place: Value) -> Outcome:
    one = of(BYTE) if type_.kind == "string" else element(item)
    wrong = _not_a_number("index", place, one)
    if wrong is not None:
        return wrong
    if not isinstance(place.constant, int):
        return MayFail("index out of range, for some indexes", one)
    number = place.constant
    if number < 0 or (item.longest is not None and number >= item.longest):
        # Go looks at what is beyond the end itself, and leaves the end to its `reflect`.
        at_end = f"reflect: {type_.kind} index out of range"
        reason = at_end if number == item.longest else f"index out of range: {number}"
        return Fails(f"error calling index: {reason}")
    if item.items is not None:
        return item.items[number]
    if number < item.shortest:
        return one
    return MayFail(f"index out of range: {number}, where there are fewer", one)


def _not_a_number(function: str, place: Value, result: Value) -> Outcome | None:
    if place.is_nil:
        return Fails(f"error calling {function}: cannot index slice/array with nil")
    if place.type is None:
        return MayFail("an index of which the type is not known", result)
    if place.type.kind not in {"int", "uint"}:
        reason = f"cannot index slice/array with type {place.type.name}"
        return Fails(f"error calling {function}: {reason}")
    return None


def _slice(arguments: tuple[Value, ...]) -> Outcome:
    item, *bounds = arguments
    if item.is_nil:
        return Fails("error calling slice: slice of untyped nil")
    if item.type is None:
        return MayFail("what is sliced is not known", OPEN)
    if len(bounds) > 3:
        return Fails(f"error calling slice: too many slice indexes: {len(bounds)}")
    if item.type.kind == "pointer":
        return MayFail("a slice of a pointer is not followed", OPEN)
    if item.type.kind not in {"slice", "string"}:
        return Fails(f"error calling slice: can't slice item of type {item.type.name}")
    if item.type.kind == "string" and len(bounds) == 3:
        return Fails("error calling slice: cannot 3-index slice a string")
    result = Value(item.type, longest=item.longest)
    last = 0
    doubt: Outcome = result
    for place in bounds:
        wrong = _not_a_number("slice", place, result)
        if isinstance(wrong, Fails):
            return wrong
        number = place.constant
        if wrong is not None or not isinstance(number, int):
            doubt = wrong or MayFail("index out of range, for some indexes", result)
            continue
        # A slice may reach beyond its length into its capacity, of which nothing is known.
        is_string = item.type.kind == "string"
        if number < 0 or (is_string and item.longest is not None and number > item.longest):
            return Fails(f"error calling slice: index out of range: {number}")
        if number < last:
            return Fails(f"error calling slice: invalid slice index: {last} > {number}")
        last = number
        if number > item.shortest and isinstance(doubt, Value):
            doubt = MayFail(f"index out of range: {number}, where there are fewer", result)
    return doubt


def _not(arguments: tuple[Value, ...]) -> Outcome:
    taken = truth(arguments[0])
    return of(BOOL) if taken is None else known(BOOL, not taken)


def _call(arguments: tuple[Value, ...]) -> Outcome:
    function = arguments[0]
    if function.is_nil:
        return Fails("error calling call: call of nil")
    if function.type is None:
        return MayFail("what is called is not known", OPEN)
    return Fails(f"error calling call: non-function of type {function.type.name}")


BUILTINS: Final = {
    function.name: function
    for function in (
        Function("and", (VALUE,), VALUE, total(OPEN)),
        Function("or", (VALUE,), VALUE, total(OPEN)),
        Function("not", (VALUE,), None, _not),
        Function("len", (VALUE,), None, _len),
        Function("index", (VALUE,), VALUE, _index),
        Function("slice", (VALUE,), VALUE, _slice),
        Function("call", (VALUE,), VALUE, _call),
        Function("eq", (VALUE,), VALUE, equal),
        Function("ne", (VALUE, VALUE), None, unequal),
        *(Function(name, (VALUE, VALUE), None, ordered(name)) for name in ("ge", "gt", "le", "lt")),
        *(Function(name, (), ANY, total(of(STRING))) for name in ("html", "js", "urlquery")),
        *(Function(name, (), ANY, total(of(STRING))) for name in ("print", "println")),
        Function("printf", (STRING,), ANY, total(of(STRING))),
    )
}
