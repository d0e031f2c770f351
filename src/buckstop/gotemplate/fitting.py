"""Values and constants as arguments: what a parameter's type takes."""

from __future__ import annotations

from buckstop.gotemplate.functions import Fails, MayFail, Outcome
from buckstop.gotemplate.literals import Number
from buckstop.gotemplate.types import COMPLEX, FLOAT, INT, Type, assignable
from buckstop.gotemplate.values import NIL, OPEN, Value, known, listed, mapped, of, retyped


def fitted(value: Value, wanted: Type | None) -> Outcome:
    """`value` as a parameter of type `wanted` takes it; None takes anything."""
    if wanted is None:
        return value
    if value.type is None:
        if value.is_nil:
            return nil_as(wanted, f"invalid value; expected {wanted.name}")
        if wanted.kind in {"interface", "value"}:
            return value
        return MayFail(f"whether it is a {wanted.name} is not known", of(wanted))
    if assignable(value.type, wanted):
        return retyped(value, wanted)
    if value.type.kind == "pointer" and value.type.element == wanted:
        return Fails(f"nil where a {wanted.name} must be") if value.is_nil else of(wanted)
    if wanted.kind == "pointer" and wanted.element == value.type:
        return MayFail(f"whether it has an address, for {wanted.name}, is open", of(wanted))
    return Fails(f"wrong type for value; expected {wanted.name}; got {value.type.name}")


def nil_as(wanted: Type | None, complaint: str) -> Outcome:
    """``nil`` as a value of type `wanted`, or `complaint` where it can be none."""
    if wanted is None:
        return NIL
    if not wanted.can_be_nil:
        return Fails(complaint)
    match wanted.kind:
        case "map":
            return mapped(wanted, ())
        case "slice":
            return listed(wanted, ())
        case "pointer":
            return Value(wanted, is_nil=True)
        case _:
            return NIL


def constant_as(value: Value, source: str, wanted: Type | None) -> Outcome:
    """A bool or string constant, written as `source`, as a parameter of type `wanted`."""
    assert value.type is not None
    if wanted is None or wanted.kind in {"interface", "value"}:
        return value
    return retyped(value, wanted) if wanted.kind == value.type.kind else _unfitting(source, wanted)


def number_as(number: Number, source: str, wanted: Type | None) -> Outcome:
    """A number constant, written as `source`, as a parameter of type `wanted`."""
    if not number.is_certain:
        return MayFail("how Go reads this number is not followed", OPEN)
    if wanted is None or wanted.kind in {"interface", "value"}:
        return _ideal(number, source)
    if wanted.kind == "int" and number.integer is not None:
        return known(wanted, number.integer)
    if wanted.kind == "float" and number.real is not None:
        return known(wanted, number.real)
    if wanted.kind in {"int", "float"} and number.ideal == "complex":
        return MayFail("a complex number as an argument is not followed", of(wanted))
    return _unfitting(source, wanted)


def _ideal(number: Number, source: str) -> Outcome:
    if number.ideal == "int" and number.integer is not None:
        return known(INT, number.integer)
    if number.ideal == "float" and number.real is not None:
        return known(FLOAT, number.real)
    return of(COMPLEX) if number.ideal == "complex" else Fails(f"{source} overflows int")


def _unfitting(source: str, wanted: Type) -> Fails:
    expected = {"bool": "bool", "float": "float", "int": "integer", "string": "string"}
    if wanted.kind in expected:
        return Fails(f"expected {expected[wanted.kind]}; found {source}")
    return Fails(f"can't handle {source} for arg of type {wanted.name}")
