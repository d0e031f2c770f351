"""Objects' parts and what an Alertmanager starts from, made one ``alertmanager.yml``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from buckstop.diagnostics import Span
from buckstop.document import Mapping, Sequence
from buckstop.kubernetes.alertmanager_config import Converted
from buckstop.kubernetes.nodes import entry, mapping, text, value_at, with_items, with_value

NOBODY: Final = "null"
"""The receiver of the configuration that the operator takes where a Secret has none."""


def merge(base: Mapping, parts: Iterable[Converted]) -> Mapping:
    """`base` with what the objects add: their routes before its own, all else after it."""
    added = tuple(parts)
    route = base.get("route")
    routes = [part.route for part in added if part.route is not None]
    if isinstance(route, Mapping):
        base = with_value(base, "route", with_items(route, "routes", routes, ()))
    receivers = [receiver for part in added for receiver in part.receivers]
    rules = [rule for part in added for rule in part.inhibit_rules]
    intervals = [interval for part in added for interval in part.time_intervals]
    base = with_items(base, "receivers", (), receivers)
    base = with_items(base, "inhibit_rules", (), rules)
    return with_items(base, "mute_time_intervals", (), intervals)


def alone(part: Converted, base: Mapping | None) -> Mapping:
    """A configuration of one object's part, to see whether it holds by itself.

    Args:
        base: whose ``global`` section contacts inherit from, where it is known.
    """
    settings = value_at(base, "global")
    nobody = nobody_at(part.of.place)
    if settings is not None:
        nobody = with_value(nobody, "global", settings)
    return merge(nobody, [part])


def nobody_at(place: Span) -> Mapping:
    """The configuration that tells nobody, which stands for what is written at `place`."""
    receiver = mapping((entry("name", text(NOBODY, place)),), place)
    return mapping(
        (
            entry("route", mapping((entry("receiver", text(NOBODY, place)),), place)),
            entry("receivers", Sequence((receiver,), place)),
        ),
        place,
    )
