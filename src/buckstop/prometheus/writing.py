"""Rule files and ``prometheus.yml`` out: what was read, so written that no server notices it."""

from __future__ import annotations

from buckstop.document import (
    Emittable,
    Field,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Table,
    as_int,
    emit,
    rewritten,
)
from buckstop.prometheus.config_model import PrometheusConfig
from buckstop.prometheus.config_tables import TOP
from buckstop.prometheus.rule_tables import GROUP, RULE
from buckstop.prometheus.versions import NEWEST_KNOWN


def write(root: Mapping, header: str = "") -> str:
    """All that a rule file says, comments and layout aside, its keys in their order.

    What Prometheus reads as text is written as text, however it was spelled: ``yes`` stays these
    three letters. Anchors are written out where they are used.

    Args:
        root: the tree of a file that `read_rule_node` found no error in; the values that it
            returns keep only what decides about alerts.
        header: a comment for the top of the file.
    """
    groups = root.get("groups")
    items = groups.items if isinstance(groups, Sequence) else ()
    written: list[Emittable] = [
        _section(item, GROUP) if isinstance(item, Mapping) else None for item in items
    ]
    return emit({"groups": written}, header)


def write_config(config: PrometheusConfig, header: str = "") -> str:
    """All that `config` was read from, comments and layout aside, its keys in their order.

    What Prometheus reads as text in the sections about alerts is written as text. The others, which
    are not judged, keep the spelling of their values. Anchors are written out where they are used.

    Args:
        config: of a file that `read_config` found no error in.
        header: a comment for the top of the file.
    """
    return emit(rewritten(config.node, TOP, NEWEST_KNOWN), header)


def _section(node: Mapping, table: Table) -> dict[str, Emittable]:
    shapes = {field.name: field for field in table.fields}
    return {entry.key.text: _value(entry.value, shapes.get(entry.key.text)) for entry in node}


def _value(node: Node, field: Field | None) -> Emittable:
    match node:
        case Mapping():
            return {entry.key.text: _text(entry.value) for entry in node}
        case Sequence():
            return [
                _section(item, RULE) if isinstance(item, Mapping) else _text(item)
                for item in node.items
            ]
        case Scalar() if field is not None and field.shape == "integer" and not node.is_null:
            number = as_int(node)
            return number if isinstance(number, int) else float(node.text)
        case _:
            return _text(node)


def _text(node: Node) -> Emittable:
    """A scalar as the text that it is to Go; null stays null."""
    assert isinstance(node, Scalar), "the file was read without errors"
    return None if node.is_null else node.text
