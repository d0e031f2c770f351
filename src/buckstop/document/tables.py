"""How the fields of a section are declared: as data, one table a section.

A table says what upstream's types and their checks say: which fields there are and since when,
what a value must look like, which must be there and which exclude each other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document.fields import Fields
from buckstop.document.tree import Mapping, Scalar
from buckstop.document.values import as_bool, is_nothing
from buckstop.document.versions import Version

VersionFault = Callable[[str, Version, Version | None, Span], Diagnostic | None]
"""What keeps the version aimed at from taking the field of that name, which the versions from the
first given one to the second have, or None: the same fault at its place."""

Check = Callable[[Mapping, Version, list[Diagnostic]], None]
"""Appends what is wrong with a section for a version to the list."""

_NOT_GIVEN = frozenset({"", "0"})

InheritedCheck = Callable[[Mapping, Mapping | None, list[Diagnostic]], None]
"""Appends what is wrong with a section under a ``global`` section, or none, to the list."""

Shape = Literal[
    "text",
    "secret",
    "path",
    "url",
    "any_url",
    "secret_url",
    "templated_secret_url",
    "boolean",
    "integer",
    "natural",
    "number",
    "size",
    "duration",
    "go_duration",
    "nanoseconds",
    "host_port",
    "expression",
    "pattern",
    "texts",
    "text_map",
    "text_lists",
    "anything",
    "anything_map",
    "read_elsewhere",
    "left_list",
    "left_section",
]
"""What a value looks like. What is `read_elsewhere` has types of its own; a `left_list` and a
`left_section` are left to the server."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field, or one of the shapes that it has had.

    Attributes:
        shape: what its value must look like; a `Table` where it is a section of its own.
        since: the first version that knows it (so); ``(0,)`` where every supported one does.
        until: the first version that knows it no longer, or in another shape; None where none has
            changed it.
        many: whether it is a list of such sections.
        keyed: whether it is a mapping of names to such sections.
        or_text: whether text may stand for such a section.
        empty_counts: whether it counts as given even where its text is empty.
        choices: the only values it may have, where there are few.
    """

    name: str
    shape: Shape | Table = "text"
    since: Version = (0,)
    until: Version | None = None
    many: bool = False
    keyed: bool = False
    or_text: bool = False
    empty_counts: bool = False
    choices: tuple[str, ...] = ()

    def known_to(self, version: Version) -> bool:
        """Whether `version` knows the field, in this shape."""
        return self.since <= version and (self.until is None or version < self.until)


@dataclass(frozen=True, slots=True)
class Inherited:
    """One of `fields` must be given here, or one of `global_fields` in ``global``.

    Attributes:
        what: what is missing otherwise, in words: "a webhook URL".
    """

    what: str
    fields: tuple[str, ...]
    global_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One section.

    Attributes:
        what: it in words, with its article, for messages.
        required: of each group of fields one must be given and not empty.
        exclusive: of each group at most one may be given.
        inherits: what may come from ``global`` instead.
        check: what no table can say.
        check_inherited: the same, of what comes from ``global`` too.
        dated: the names of the fields that not every supported version has.
    """

    what: str
    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    inherits: tuple[Inherited, ...] = ()
    check: Check | None = None
    check_inherited: InheritedCheck | None = None
    dated: tuple[str, ...] = dataclasses.field(init=False, repr=False, compare=False)
    _shapes: dict[str, tuple[Field, ...]] = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the shapes by name once: a reader asks for them at every section."""
        shapes: dict[str, tuple[Field, ...]] = {}
        for field in self.fields:
            shapes[field.name] = (*shapes.get(field.name, ()), field)
        object.__setattr__(self, "_shapes", shapes)
        dated = (
            name for name, had in shapes.items() if had[0].since > (0,) or had[-1].until is not None
        )
        object.__setattr__(self, "dated", tuple(dated))

    def field(self, name: str) -> Field | None:
        """The field called `name`, in its newest shape; None where there is none."""
        had = self._shapes.get(name)
        return None if had is None else had[-1]

    @property
    def names(self) -> frozenset[str]:
        """The names of all fields."""
        return frozenset(self._shapes)

    def shapes(self) -> dict[str, tuple[Field, ...]]:
        """Name to the shapes that the field of that name has had, oldest first."""
        return self._shapes


def finish_section(fields: Fields, table: Table, fault_of: VersionFault) -> None:
    """Report the fields that the version aimed at has not, and those that none has here."""
    all_shapes = table.shapes()
    for name in table.dated:
        entry = fields.seen(name)
        if entry is not None:
            shapes = all_shapes[name]
            fault = fault_of(name, shapes[0].since, shapes[-1].until, entry.key.span)
            if fault is not None:
                fields.findings.append(fault)
    fields.finish(also_known=all_shapes)


def given(mapping: Mapping, name: str, table: Table) -> bool:
    """Whether a field is there with a value that counts: not null, not empty, no number zero."""
    node, field = mapping.get(name), table.field(name)
    assert field is not None, f"{table.what} has a field '{name}'"
    if node is None or is_nothing(node):
        return False
    if not isinstance(node, Scalar) or field.empty_counts:
        return True
    if field.shape == "boolean":
        return as_bool(node) is True
    return node.text not in (_NOT_GIVEN if field.shape == "integer" else {""})


def texts(*names: str) -> tuple[Field, ...]:
    """Fields of plain text, which every supported version knows."""
    return tuple(Field(name) for name in names)
