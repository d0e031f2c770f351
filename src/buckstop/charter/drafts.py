"""Objectives as written: their names, and what a nearer entry overrides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from buckstop.charter import codes
from buckstop.charter.model_schema import SloEntry
from buckstop.charter.parts import Piece
from buckstop.diagnostics import Diagnostic, Span

MEASURES = ("metric", "expr")
"""Fields that say what the number is. An override that gives one replaces them all."""
NAMING = ("name", "sli", "metric", "feature")
"""Fields that an objective's name comes from."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field's value and the entry that says it."""

    value: Any
    piece: Piece[SloEntry]
    key: str

    @property
    def span(self) -> Span:
        """Where the value stands."""
        return self.piece.span(self.key)


@dataclass(frozen=True, slots=True)
class Draft:
    """An objective as written, what overrides it laid over it.

    Attributes:
        fields: by name; fields that nobody gave are absent.
        span: the nearest entry's place.
        broken: fields that are given and cannot be read, or are misspelt.
    """

    fields: dict[str, Field]
    span: Span
    broken: frozenset[str] = frozenset()

    def may_have(self, *names: str) -> bool:
        """Whether one of the fields `names` is given, be it so that it cannot be read."""
        return any(name in self.fields or name in self.broken for name in names)

    def get(self, name: str) -> Any:
        """The value of the field `name`, or None."""
        field = self.fields.get(name)
        return None if field is None else field.value

    def field_span(self, *names: str) -> Span:
        """Where the first given of the fields `names` stands, or the objective itself."""
        return next((self.fields[name].span for name in names if name in self.fields), self.span)

    @property
    def name(self) -> str | None:
        """The objective's name before ``each`` is expanded; None where nothing gives one."""
        if given := self.get("name"):
            assert isinstance(given, str)
            return given
        if not self.broken.isdisjoint(NAMING):
            return None
        base = self.get("sli") or self.get("metric")
        if base is None:
            return None
        feature = self.get("feature")
        return slug(base) if feature is None else f"{slug(base)}-{slug(feature)}"

    def of_feature(self, feature: str) -> Draft:
        """One objective of an ``each: feature``, for `feature`."""
        each = self.fields["each"]
        fields = {name: field for name, field in self.fields.items() if name != "each"}
        fields["name"] = Field(f"{self.name}-{slug(feature)}", each.piece, "each")
        fields["feature"] = Field(feature, each.piece, "each")
        return Draft(fields, self.span, self.broken)

    def under(self, nearer: Draft) -> Draft:
        """This objective with the fields of `nearer` laid over it."""
        hidden = set(MEASURES) if any(name in nearer.fields for name in MEASURES) else set()
        kept = {name: field for name, field in self.fields.items() if name not in hidden}
        broken = self.broken - nearer.fields.keys() | nearer.broken
        return Draft({**kept, **nearer.fields}, nearer.span, broken)


def draft(piece: Piece[SloEntry]) -> Draft:
    """The objective that `piece` writes."""
    fields = {}
    broken = set()
    for name, info in SloEntry.model_fields.items():
        key = info.alias or name
        value = getattr(piece.entry, name)
        if value is not None:
            fields[name] = Field(value, piece, key)
        elif piece.broken and piece.is_broken(key):
            broken.add(name)
    return Draft(fields, piece.span(), frozenset(broken))


def slug(text: str) -> str:
    """`text` as a part of a name: everything but letters, digits, ``_`` and ``.`` becomes ``-``."""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-.") or "x"


def incomplete(written: Draft, what: str, hint: str) -> Diagnostic:
    """The finding that `written` lacks `what`."""
    name = f"`{written.name}`" if written.name else "the objective"
    return Diagnostic(codes.SLO_INCOMPLETE, f"{name} has {what}", written.span, hint=hint)


def misplaced(written: Draft, field: str, message: str, hint: str | None) -> Diagnostic:
    """The finding that `field` does not belong into `written`."""
    return Diagnostic(
        codes.SLO_FIELD_MISPLACED,
        message,
        written.fields[field].piece.key_span(written.fields[field].key),
        hint=hint or f"take `{field}` out",
    )
