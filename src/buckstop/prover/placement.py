"""The route tree laid out flat, each node with what it inherits and from where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from buckstop.alertmanager.model import Route

GROUP_WAIT: Final = "30s"
GROUP_INTERVAL: Final = "5m"
"""What Alertmanager takes where no route says otherwise."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A route in its place.

    Attributes:
        path: the places among its siblings, from the root down; empty for the root.
        receiver: its own or the inherited one.
        group_by: the same; None where nobody says, which means one group for all.
        grouped_at: the route whose `group_by` holds here, or None.
        group_wait, group_interval: durations as written.
        waits_at: the route whose `group_wait` holds here, or None for the default.
    """

    route: Route
    path: tuple[int, ...]
    receiver: str
    group_by: tuple[str, ...] | None
    grouped_at: Route | None
    group_wait: str
    waits_at: Route | None
    group_interval: str


def placed(root: Route) -> tuple[Placed, ...]:
    """All routes of the tree, depth first."""
    return tuple(_walk(root, (), None))


def _walk(route: Route, path: tuple[int, ...], parent: Placed | None) -> Iterator[Placed]:
    here = Placed(
        route=route,
        path=path,
        receiver=route.receiver or (parent.receiver if parent else ""),
        group_by=route.group_by or (parent.group_by if parent else None),
        grouped_at=route if route.group_by else (parent.grouped_at if parent else None),
        group_wait=route.group_wait or (parent.group_wait if parent else GROUP_WAIT),
        waits_at=route if route.group_wait else (parent.waits_at if parent else None),
        group_interval=route.group_interval
        or (parent.group_interval if parent else GROUP_INTERVAL),
    )
    yield here
    for index, child in enumerate(route.routes):
        yield from _walk(child, (*path, index), here)
