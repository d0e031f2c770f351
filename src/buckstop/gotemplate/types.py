"""Types of what a template handles, named and related as Go does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal[
    "bool", "complex", "float", "int", "interface", "map", "pointer", "slice", "string", "struct",
    "uint", "value",
]  # fmt: skip
"""``value`` is the parameter of a builtin that takes anything, even a bare ``nil``."""

BASIC: Final[frozenset[Kind]] = frozenset({"bool", "complex", "float", "int", "string", "uint"})
"""Kinds that Go's comparisons know."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method.

    Attributes:
        parameters: what it takes; None where it cannot be called from a template at all.
        result: what it gives; None where that is not followed.
    """

    name: str
    parameters: tuple[Type, ...] | None
    result: Type | None
    can_fail: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """A type.

    Attributes:
        name: Go's name, as complaints show it.
        underlying: the literal of the type; types that have the same can be assigned to each
            other where one of them has no name of its own.
        element: of a slice, map (the value) or pointer.
        fields: of a struct, name to type. None is a field that only some versions have.
        is_comparable: whether Go can compare two of them with ``==``.
    """

    name: str
    kind: Kind
    underlying: str
    element: Type | None = None
    fields: Mapping[str, Type | None] = field(default_factory=dict)
    methods: tuple[Method, ...] = ()
    is_comparable: bool = True

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Type) and self.name == other.name

    def method(self, name: str) -> Method | None:
        """The method called `name`, or None."""
        return next((method for method in self.methods if method.name == name), None)

    @property
    def is_named(self) -> bool:
        """Whether it has a name of its own, as the basic types have too."""
        return self.kind in BASIC or self.name != self.underlying

    @property
    def can_be_nil(self) -> bool:
        """Whether ``nil`` may stand for a value of it."""
        return self.kind in {"interface", "map", "pointer", "slice", "value"}


def assignable(given: Type, wanted: Type) -> bool:
    """Whether Go hands a value of `given` to a parameter of `wanted`."""
    if given == wanted or wanted.kind in {"interface", "value"}:
        return True
    both_named = given.is_named and wanted.is_named
    return given.underlying == wanted.underlying and not both_named


def basic(kind: Kind, name: str | None = None, methods: tuple[Method, ...] = ()) -> Type:
    """A type of one of the basic kinds."""
    literal = {"float": "float64", "complex": "complex128", "uint": "uint64"}.get(kind, kind)
    own = literal if name is None else name
    return Type(own, kind, literal, methods=methods)


def slice_of(element: Type, name: str | None = None, methods: tuple[Method, ...] = ()) -> Type:
    """A list of `element`."""
    literal = f"[]{element.name}"
    own = literal if name is None else name
    return Type(own, "slice", literal, element, methods=methods, is_comparable=False)


def map_of(element: Type, name: str | None = None, methods: tuple[Method, ...] = ()) -> Type:
    """A map from strings to `element`."""
    literal = f"map[string]{element.name}"
    own = literal if name is None else name
    return Type(own, "map", literal, element, methods=methods, is_comparable=False)


def pointer_to(element: Type) -> Type:
    """A pointer to `element`."""
    return Type(f"*{element.name}", "pointer", f"*{element.name}", element)


STRING: Final = basic("string")
BOOL: Final = basic("bool")
INT: Final = basic("int")
FLOAT: Final = basic("float")
COMPLEX: Final = basic("complex")
BYTE: Final = Type("uint8", "uint", "uint8")
ANY: Final = Type("interface {}", "interface", "interface {}")
VALUE: Final = Type("reflect.Value", "value", "reflect.Value")
STRINGS: Final = slice_of(STRING)
ANYTHINGS: Final = slice_of(ANY)
STRING_MAP: Final = map_of(STRING)
ANY_MAP: Final = map_of(ANY)
HTML: Final = basic("string", "template.HTML")
URL: Final = basic("string", "template.URL")

_INT64: Final = Type("int64", "int", "int64")
_TEXT: Final = Method("String", (), STRING)
DURATION: Final = Type(
    "time.Duration",
    "int",
    "int64",
    methods=(
        _TEXT,
        *(Method(name, (), FLOAT) for name in ("Hours", "Minutes", "Seconds")),
        *(Method(name, (), _INT64) for name in ("Milliseconds", "Microseconds", "Nanoseconds")),
        *(Method(name, None, None, can_fail=True) for name in ("Abs", "Round", "Truncate")),
    ),
)
_MONTH: Final = basic("int", "time.Month", (_TEXT,))
_WEEKDAY: Final = basic("int", "time.Weekday", (_TEXT,))
_TIME_PARTS: Final = (
    "Year", "Day", "Hour", "Minute", "Second", "Nanosecond", "YearDay",
)  # fmt: skip


def _time() -> Type:
    """``time.Time``; what is not listed as a method here is not followed."""
    result = Type("time.Time", "struct", "time.Time")
    methods = (
        _TEXT,
        Method("GoString", (), STRING),
        Method("Format", (STRING,), STRING),
        *(Method(name, (), result) for name in ("UTC", "Local")),
        *(Method(name, (), INT) for name in _TIME_PARTS),
        *(Method(name, (), _INT64) for name in ("Unix", "UnixMilli", "UnixMicro", "UnixNano")),
        *(Method(name, (), BOOL) for name in ("IsZero", "IsDST")),
        *(Method(name, (result,), BOOL) for name in ("Before", "After", "Equal")),
        Method("Sub", (result,), DURATION),
        Method("Add", (DURATION,), result),
        Method("AddDate", (INT, INT, INT), result),
        *(Method(name, (DURATION,), result) for name in ("Round", "Truncate")),
        Method("Month", (), _MONTH),
        Method("Weekday", (), _WEEKDAY),
        # Several results: a template cannot call them.
        *(Method(name, None, None) for name in ("Date", "Clock", "ISOWeek", "Zone", "ZoneBounds")),
    )
    object.__setattr__(result, "methods", methods)
    return result


TIME: Final = _time()
OPEN_METHODS: Final[Mapping[str, frozenset[str]]] = {
    "time.Time": frozenset(
        {"AppendFormat", "AppendText", "AppendBinary", "Compare", "GobDecode", "GobEncode", "In"}
        | {"Location", "MarshalBinary", "MarshalJSON", "MarshalText", "UnmarshalBinary"}
        | {"UnmarshalJSON", "UnmarshalText"}
    ),
    "time.Duration": frozenset({"Abs", "Round", "Truncate"}),
}
"""Methods that exist and are not followed, or that only some versions of Go have."""
