"""Values of which all is known, part, or nothing: what the executor computes with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from buckstop.gotemplate.types import Type


@dataclass(frozen=True, slots=True)
class Value:
    """A value.

    Attributes:
        type: None where not even that is known; `NIL` is the bare ``nil``, which has none.
        constant: a string, bool, int or float that it is known to be; None where it is open.
        items: of a list that is known, its elements; of a map, what its keys hold.
        keys: of a map that is known, its keys.
        fields: of a struct that is known, its fields.
        shortest, longest: bounds of the length of a string, list or map; None: no bound.
        is_nil: of a bare ``nil`` or a nil pointer.
    """

    type: Type | None
    constant: str | bool | int | float | None = None
    items: tuple[Value, ...] | None = None
    keys: tuple[str, ...] | None = None
    fields: tuple[tuple[str, Value], ...] = ()
    shortest: int = 0
    longest: int | None = None
    is_nil: bool = False

    def field(self, name: str) -> Value | None:
        """The field called `name` where it is known."""
        return next((value for key, value in self.fields if key == name), None)

    def at(self, key: str) -> Value | None:
        """What a known map holds under `key`; None where it holds nothing there."""
        assert self.keys is not None
        assert self.items is not None
        return dict(zip(self.keys, self.items, strict=True)).get(key)

    @property
    def is_open(self) -> bool:
        """Whether not even the type is known."""
        return self.type is None and not self.is_nil


NIL: Final = Value(None, is_nil=True)
OPEN: Final = Value(None)


def of(type_: Type) -> Value:
    """Any value of `type_`."""
    return Value(type_)


def known(type_: Type, constant: str | bool | float) -> Value:  # noqa: FBT001 - it is the value
    """The value `constant`."""
    if isinstance(constant, str):
        size = len(constant.encode())
        return Value(type_, constant, shortest=size, longest=size)
    return Value(type_, constant)


def listed(type_: Type, items: Iterable[Value]) -> Value:
    """The list of `items`."""
    elements = tuple(items)
    return Value(type_, items=elements, shortest=len(elements), longest=len(elements))


def mapped(type_: Type, entries: Iterable[tuple[str, Value]]) -> Value:
    """The map of `entries`, in the order of their keys, as Go ranges over it."""
    pairs = sorted(dict(entries).items())
    return Value(
        type_,
        items=tuple(value for _, value in pairs),
        keys=tuple(key for key, _ in pairs),
        shortest=len(pairs),
        longest=len(pairs),
    )


def truth(value: Value) -> bool | None:
    """Whether ``if`` takes it; None where that is open."""
    if value.is_nil:
        return False
    if value.type is None:
        return None
    if value.constant is not None:
        return bool(value.constant)
    match value.type.kind:
        case "struct":
            return True
        case "pointer":
            return True
        case "map" | "slice" | "string":
            if value.shortest > 0:
                return True
            return False if value.longest == 0 else None
        case _:
            return None


def element(value: Value) -> Value:
    """Any one element of a list or map of which the elements are not known one by one."""
    inner = None if value.type is None else value.type.element
    return OPEN if inner is None or inner.kind == "interface" else Value(inner)


def joined(left: Value, right: Value) -> Value:
    """A value of which it is open whether it is `left` or `right`."""
    if left == right:
        return left
    if left.type is None or right.type is None or left.type != right.type:
        return OPEN
    if left.is_nil or right.is_nil:
        return OPEN
    longest = (
        None if left.longest is None or right.longest is None else max(left.longest, right.longest)
    )
    return Value(left.type, shortest=min(left.shortest, right.shortest), longest=longest)


def retyped(value: Value, wanted: Type) -> Value:
    """`value` as the parameter of type `wanted` receives it."""
    if wanted.kind in {"interface", "value"} or value.type == wanted:
        return value
    return replace(value, type=wanted)
