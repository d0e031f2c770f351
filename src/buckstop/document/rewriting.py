"""A section that was read, as data to be written anew: the same to a server."""

from __future__ import annotations

from buckstop.document.emit import Emittable, Unquoted
from buckstop.document.tables import Field, Shape, Table
from buckstop.document.tree import Mapping, Node, Scalar, Sequence
from buckstop.document.values import as_bool, as_float, as_int, is_nothing
from buckstop.document.versions import Version


def rewritten(
    node: Mapping, table: Table, version: Version, elsewhere: Table | None = None
) -> dict[str, Emittable]:
    """What `node` says, so that it can be written anew and no server notices a difference.

    What is text to a server becomes text, however it was spelled: ``0755`` stays these four
    characters. What no table describes keeps its spelling.

    Args:
        table: that of `node`, which was read without errors.
        version: the server's, where a field has had several shapes.
        elsewhere: the table of the items of a list that is `read_elsewhere`.
    """
    shapes = table.shapes()
    return {
        entry.key.text: _value(
            entry.value,
            _shape_in(shapes.get(entry.key.text, ()), version),
            version,
            elsewhere,
        )
        for entry in node
    }


def _shape_in(shapes: tuple[Field, ...], version: Version) -> Field | None:
    """The shape that `version` knows, else the newest; None where the table lacks the field."""
    known = (shape for shape in shapes if shape.known_to(version))
    return next(known, shapes[-1] if shapes else None)


def _value(node: Node, field: Field | None, version: Version, elsewhere: Table | None) -> Emittable:
    if is_nothing(node):
        return None
    if field is None or field.shape in {"left_list", "left_section"}:
        return _as_spelled(node)
    if field.shape == "read_elsewhere" and elsewhere is not None:
        return [_inner(item, elsewhere, version, elsewhere) for item in _items(node)]
    if not isinstance(field.shape, Table):
        return _plain(node, field.shape)
    if field.many:
        return [_inner(item, field.shape, version, elsewhere) for item in _items(node)]
    if field.keyed and isinstance(node, Mapping):
        return {
            _key(entry.key): _inner(entry.value, field.shape, version, elsewhere) for entry in node
        }
    return _inner(node, field.shape, version, elsewhere)


def _inner(node: Node, table: Table, version: Version, elsewhere: Table | None) -> Emittable:
    if not isinstance(node, Mapping):
        return _text(node)
    return rewritten(node, table, version, elsewhere)


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


def _as_spelled(node: Node) -> Emittable:
    """Every scalar below `node` in quotes or not, as it was: its kind is for the server to say."""
    match node:
        case Mapping():
            return {_key(entry.key): _as_spelled(entry.value) for entry in node}
        case Sequence():
            return [_as_spelled(item) for item in node.items]
        case Scalar():
            if node.is_null:
                return None
            is_bare = node.style == "plain" and node.tag != "!!str"
            is_bare |= node.tag in {"!!int", "!!float", "!!bool"}
            return Unquoted(node.text) if is_bare else node.text


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
