"""Trees that nobody wrote as such: what the operator would write, each value with its origin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from buckstop.diagnostics import Span
from buckstop.document import Entry, Fields, Mapping, Node, Scalar, Sequence


def text(value: str, span: Span) -> Scalar:
    """A text that stands for what is written at `span`; never read as a number or as null."""
    return Scalar(value, *span, "double")


def entry(key: str, value: Node, key_span: Span | None = None) -> Entry:
    """`value` under `key`; the key's place is `key_span`, else that of the value."""
    return Entry(Scalar(key, *(value.span if key_span is None else key_span)), value)


def mapping(entries: Iterable[Entry], span: Span) -> Mapping:
    """A mapping that stands for what is written at `span`."""
    return Mapping(tuple(entries), span)


def with_value(node: Mapping, key: str, value: Node) -> Mapping:
    """`node` with `value` under `key`, at the key's place where it is there already."""
    if key in node:
        return replace(
            node,
            entries=tuple(
                Entry(one.key, value) if one.key.text == key else one for one in node.entries
            ),
        )
    return replace(node, entries=(*node.entries, entry(key, value, start(node))))


def with_items(node: Mapping, key: str, before: Iterable[Node], after: Iterable[Node]) -> Mapping:
    """`node` with more items around those of the list under `key`; unchanged if there are none.

    What stands there and is no list stays, for its reader to refuse.
    """
    added = (*before,), (*after,)
    there = node.get(key)
    if not any(added) or (
        there is not None
        and not isinstance(there, Sequence)
        and not (isinstance(there, Scalar) and there.is_null)
    ):
        return node
    items = there.items if isinstance(there, Sequence) else ()
    span = start(node) if there is None else there.span
    return with_value(node, key, Sequence((*added[0], *items, *added[1]), span))


def start(node: Mapping) -> Span:
    """Where a mapping begins, by its first key."""
    return node.entries[0].key.span if node.entries else node.span


def value_at(node: Node | None, *keys: str) -> Node | None:
    """The value under `keys`, one below the other; None where one is absent or null."""
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return None if isinstance(node, Scalar) and node.is_null else node


def text_at(node: Node | None, *keys: str) -> str:
    """The text under `keys`; empty where there is none."""
    value = value_at(node, *keys)
    return value.text if isinstance(value, Scalar) else ""


def key_span(fields: Fields, key: str) -> Span:
    """Where `key` stands; where the mapping begins if it is absent."""
    found = fields.entry(key)
    return start(fields.node) if found is None else found.key.span
