"""``alertmanager.yml``: types, reading, writing, and where a concrete alert goes."""

from buckstop.alertmanager.routing import (
    Decided,
    Explored,
    RouteMatch,
    RouteOptions,
    Router,
    Undecided,
)

__all__ = [
    "Decided",
    "Explored",
    "RouteMatch",
    "RouteOptions",
    "Router",
    "Undecided",
]
