"""How the fields of a section of ``alertmanager.yml`` are declared: as data, one table a section.

A table says what upstream's types and their checks say: which fields there are and since when,
what a value must look like, which must be there and which exclude each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from buckstop.diagnostics import Diagnostic
from buckstop.document import Mapping, Node, Scalar

Version = tuple[int, ...]

Check = Callable[[Mapping, Version, list[Diagnostic]], None]
"""Appends what is wrong with a section for a version to the list."""

InheritedCheck = Callable[[Mapping, Mapping | None, list[Diagnostic]], None]
"""Appends what is wrong with a contact under a ``global`` section, or none, to the list."""

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
    "duration",
    "go_duration",
    "nanoseconds",
    "host_port",
    "texts",
    "text_map",
    "text_lists",
    "anything",
    "anything_map",
    "read_elsewhere",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field, or one of the shapes that it has had.

    Attributes:
        shape: what its value must look like; a `Table` where it is a section of its own.
        since: the first version that knows it (so); ``(0,)`` for those older than 0.25.
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
    """

    what: str
    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    inherits: tuple[Inherited, ...] = ()
    check: Check | None = None
    check_inherited: InheritedCheck | None = None

    def field(self, name: str) -> Field | None:
        """The field called `name`, in its newest shape; None where there is none."""
        return next((field for field in reversed(self.fields) if field.name == name), None)

    def shapes(self) -> dict[str, tuple[Field, ...]]:
        """Name to the shapes that the field of that name has had, oldest first."""
        shapes: dict[str, tuple[Field, ...]] = {}
        for field in self.fields:
            shapes[field.name] = (*shapes.get(field.name, ()), field)
        return shapes


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of integration.

    Attributes:
        name: without the ``_configs``.
        since: the first version that has it.
    """

    name: str
    table: Table
    since: Version = (0,)


def texts(*names: str) -> tuple[Field, ...]:
    """Fields of plain text, which every supported version knows."""
    return tuple(Field(name) for name in names)


def is_nothing(node: Node) -> bool:
    """Whether a value is null; an item of a list that is null says nothing, and is accepted."""
    return isinstance(node, Scalar) and node.is_null


def is_quoted_null(node: Node) -> bool:
    """Whether a value is null in quotes, which Go's reader takes for null where that refuses it."""
    return isinstance(node, Scalar) and node.text in {"null", "~"} and not node.is_null


def is_template(text: str) -> bool:
    """Whether the servers take `text` as a template: each action that it opens is closed."""
    return "{{" in text and all("}}" in part for part in text.split("{{")[1:])


def has_text(section: Mapping, name: str) -> bool:
    """Whether a field of text is there and not empty."""
    value = section.get(name)
    return isinstance(value, Scalar) and not value.is_null and value.text != ""
