"""``alertmanager.yml`` out: what was read, so written that no server notices a difference."""

from __future__ import annotations

from buckstop.alertmanager.kinds import FILE, ROUTE
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.document import (
    Emittable,
    Field,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Table,
    as_bool,
    as_float,
    as_int,
    emit,
    is_nothing,
)
from buckstop.document.tables import Shape
from buckstop.document.versions import Version


def write(config: AlertmanagerConfig, header: str = "") -> str:
    """All that `config` was read from, comments and layout aside, its keys in their order.

    What a server reads as text is written as text, however it was spelled: ``0755`` stays these
    four characters. Anchors are written out where they are used.

    Args:
        header: a comment for the top of the file.
    """
    return emit(_section(config.node, FILE, config.version), header)


def _section(node: Mapping, table: Table, version: Version) -> dict[str, Emittable]:
    shapes = table.shapes()
    return {
        entry.key.text: _value(
            entry.value, _shape_in(shapes.get(entry.key.text, ()), version), version
        )
        for entry in node
    }


def _shape_in(shapes: tuple[Field, ...], version: Version) -> Field | None:
    """The shape that `version` knows, else the newest; None where the table lacks the field."""
    known = (shape for shape in shapes if shape.known_to(version))
    return next(known, shapes[-1] if shapes else None)


def _value(node: Node, field: Field | None, version: Version) -> Emittable:
    if is_nothing(node):
        return None
    if field is None:
        return _resolved(node)
    if field.shape == "read_elsewhere":
        return [_inner(item, ROUTE, version) for item in _items(node)]
    if not isinstance(field.shape, Table):
        return _plain(node, field.shape)
    if field.many:
        return [_inner(item, field.shape, version) for item in _items(node)]
    if field.keyed and isinstance(node, Mapping):
        return {_key(entry.key): _inner(entry.value, field.shape, version) for entry in node}
    return _inner(node, field.shape, version)


def _inner(node: Node, table: Table, version: Version) -> Emittable:
    return _section(node, table, version) if isinstance(node, Mapping) else _text(node)


def _plain(node: Node, shape: Shape) -> Emittable:
    match shape:
        case "boolean":
            truth = as_bool(node)
            return truth if isinstance(truth, bool) else _text(node)
        case "integer" | "natural" | "number" | "nanoseconds":
            number = _number(node)
            return _text(node) if number is None else number
        case "anything" | "anything_map":
            return _resolved(node)
        case _:
            return _text(node)


def _text(node: Node) -> Emittable:
    """Every scalar below `node` as the text that it is, null apart."""
    match node:
        case Mapping():
            return {_key(entry.key): _text(entry.value) for entry in node}
        case Sequence():
            return [_text(item) for item in node.items]
        case Scalar():
            return None if node.is_null else node.text


def _resolved(node: Node) -> Emittable:
    """Every scalar below `node` as the value that a server gives it where any may stand."""
    match node:
        case Mapping():
            return {_key(entry.key): _resolved(entry.value) for entry in node}
        case Sequence():
            return [_resolved(item) for item in node.items]
        case Scalar():
            if node.is_null:
                return None
            truth = as_bool(node)
            if isinstance(truth, bool):
                return truth
            number = _number(node)
            return node.text if number is None else number


def _number(node: Node) -> int | float | None:
    whole = as_int(node)
    if isinstance(whole, int):
        return whole
    number = as_float(node)
    return number if isinstance(number, float) else None


def _key(key: Scalar) -> str:
    return "" if key.is_null else key.text


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()
