"""Where a path of keys and positions leads in a tree: a validator's findings as spans."""

from __future__ import annotations

from collections.abc import Sequence as Path

from buckstop.diagnostics import Span
from buckstop.document.tree import Mapping, Node, Sequence


def locate(root: Node, loc: Path[str | int], *, key: bool = False) -> Span:
    """The span of the value at `loc`, as pydantic gives it.

    Steps that lead nowhere are passed over: pydantic puts the names of union members and
    validators between keys. So a missing field is reported at the mapping that lacks it: at the
    key which that mapping stands under, or at its own first key where it stands under none.

    Args:
        root: the document.
        loc: keys and positions from the root.
        key: the place of the last key, rather than of its value (for unknown keys).
    """
    node, under = root, None
    reached_last = False
    for step in loc:
        reached_last = False
        if isinstance(node, Mapping):
            entry = node.entry(str(step))
            if entry is not None:
                node, under, reached_last = entry.value, entry, True
        elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            node, under, reached_last = node.items[step], None, True
    if reached_last and not (key and under is not None):
        return node.span
    if under is not None:
        return under.key.span
    return _beginning(node)


def _beginning(node: Node) -> Span:
    if isinstance(node, Mapping) and node.entries:
        return node.entries[0].key.span
    return node.span
