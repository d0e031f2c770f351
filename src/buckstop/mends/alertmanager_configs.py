"""Mends of an ``AlertmanagerConfig``: deprecated matchers, and what holds without being said."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.document import Mapping, Node, Scalar, Sequence, as_bool
from buckstop.kubernetes.nodes import text_at
from buckstop.kubernetes.objects import Object
from buckstop.mends.leftovers import mend_continue
from buckstop.mends.model import Edit, Kept, Mend
from buckstop.mends.source import Source


def mend_alertmanager_config(source: Source, one: Object) -> Iterator[Mend | Kept]:
    """What there is to mend of the routes and inhibitions of `one`."""
    if one.spec is None:
        return
    for route in _routes(one.spec.get("route")):
        yield from mend_continue(source, route)
        yield from _matchers(source, one, route.get("matchers"))
    for rule in _items(one.spec.get("inhibitRules")):
        for side in ("sourceMatch", "targetMatch"):
            yield from _matchers(source, one, rule.get(side))


def _routes(top: Node | None) -> Iterator[Mapping]:
    """A route and all below it."""
    pending = [top]
    while pending:
        route = pending.pop()
        if isinstance(route, Mapping):
            yield route
            pending += _items(route.get("routes"))


def _items(node: Node | None) -> list[Mapping]:
    items = node.items if isinstance(node, Sequence) else ()
    return [item for item in items if isinstance(item, Mapping)]


def _matchers(source: Source, one: Object, listed: Node | None) -> Iterator[Mend | Kept]:
    """``regex`` as ``matchType``; only v1alpha1 has it, and reads it where there is no other."""
    for matcher in _items(listed) if one.version == "v1alpha1" else ():
        entry = matcher.entry("regex")
        if entry is None or not isinstance(entry.value, Scalar):
            continue
        key, value = entry.key.span, entry.value.span
        is_pattern = as_bool(entry.value) is True and not text_at(matcher, "matchType")
        if is_pattern and "matchType" in matcher:
            yield Kept(key, "`matchType` stands beside `regex` and is empty: write `=~` there")
        elif is_pattern:
            edits = (
                Edit(source.start(key), source.end(key), "matchType"),
                Edit(source.start(value), source.end(value), "=~"),
            )
            yield Mend("`regex: true` becomes `matchType: =~`", key, edits)
        else:
            removal = source.without_entry(matcher, entry)
            if removal is None:
                yield Kept(key, "`regex` says nothing here, and something else is on its line")
            else:
                yield Mend("`regex` goes: it says nothing here", key, (removal,))
