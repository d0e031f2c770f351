"""``alertmanager.yml``: types, reading, writing, and where a concrete alert goes."""

from buckstop.alertmanager.reading import looks_like_alertmanager, read, read_node
from buckstop.alertmanager.route_reading import walk_routes
from buckstop.alertmanager.routing import (
    RouteMatch,
    RouteNode,
    RouteOptions,
    Router,
)
from buckstop.alertmanager.secret_files import secret_field
from buckstop.alertmanager.writing import write

__all__ = [
    "RouteMatch",
    "RouteNode",
    "RouteOptions",
    "Router",
    "looks_like_alertmanager",
    "read",
    "read_node",
    "secret_field",
    "walk_routes",
    "write",
]
