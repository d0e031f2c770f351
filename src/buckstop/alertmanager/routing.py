"""Where a concrete alert goes: the walk of the route tree exactly as Alertmanager walks it.

A node must match. Its children run in order, and the walk stops at the first child that returned
matches unless that child continues. Only where no child matched is the node itself the match: a
matched child suppresses its parent. A receiver that is reached twice is listed twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from buckstop.alertmanager.conditions import Condition, condition
from buckstop.alertmanager.label_text import label_set_text, matchers_text
from buckstop.alertmanager.model import AlertmanagerConfig, Route
from buckstop.alertmanager.siblings import Siblings
from buckstop.document.versions import Version
from buckstop.prometheus import parse_duration

GROUP_BY_ALL: Final = "..."
"""In ``group_by``: every distinct label set is a group of its own."""

FIRST_EMPTY_GROUP_BY: Final[Version] = (0, 31)
"""Since when ``group_by: []`` means one group for all; before, it says nothing and inherits."""

MAX_REMEMBERED: Final = 200_000
"""Answers that a router keeps for alerts that no route can tell apart; then it starts anew."""


@dataclass(frozen=True, slots=True)
class RouteOptions:
    """How a route groups and repeats, after inheritance.

    Attributes:
        group_by: label names in the order in which they were written; empty where
            `group_by_all` holds, and where all alerts form one group.
        group_by_all: ``group_by: ['...']``.
    """

    group_by: tuple[str, ...]
    group_by_all: bool
    group_wait_seconds: float
    group_interval_seconds: float
    repeat_interval_seconds: float

    def group_labels(self, labels: Mapping[str, str]) -> dict[str, str]:
        """The labels of the group that an alert with `labels` joins; absent ones are left out."""
        names = labels if self.group_by_all else self.group_by
        return {name: labels[name] for name in names if labels.get(name)}


DEFAULT_OPTIONS: Final = RouteOptions((), False, 30.0, 300.0, 14_400.0)
"""What a root route that says nothing has."""


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """One route that an alert takes.

    Attributes:
        path: which child at each level, from 0; the root is ``()``.
        receiver: the route's own or the inherited one.
        key: the matchers of the route and of those above it, which begin its groups' keys.
    """

    path: tuple[int, ...]
    route: Route
    receiver: str
    options: RouteOptions
    key: str

    def group_key(self, labels: Mapping[str, str]) -> str:
        """The key of the group that an alert with `labels` joins, as the server prints it.

        Receivers are no part of it, and two routes with the same matchers share their keys.
        """
        return f"{self.key}:{label_set_text(self.options.group_labels(labels))}"


@dataclass(frozen=True, slots=True)
class RouteNode:
    """A route made ready to be walked.

    Attributes:
        match: the route as an alert takes it.
        conditions: its matchers; all must hold.
        continues: whether the walk goes on behind it although it matched.
    """

    match: RouteMatch
    conditions: tuple[Condition, ...]
    continues: bool
    children: Siblings[RouteNode]


class Router:
    """The route tree of one configuration, ready to be asked about many alerts."""

    def __init__(self, config: AlertmanagerConfig) -> None:
        """Take a configuration that `read` returned; its matchers and durations are valid."""
        self.root = _node(config.route, None, 0, DEFAULT_OPTIONS, config.version)
        """The whole tree."""
        self.labels_asked: tuple[str, ...] = tuple(
            dict.fromkeys(
                asked.matcher.name for node in _walk_nodes(self.root) for asked in node.conditions
            )
        )
        """The labels that some route asks for: no other can change where an alert goes."""
        self._remembered: dict[tuple[str | None, ...], tuple[RouteMatch, ...]] = {}

    def route(self, labels: Mapping[str, str]) -> tuple[RouteMatch, ...]:
        """The routes that an alert with exactly `labels` takes, in the order of notification."""
        seen = tuple(map(labels.get, self.labels_asked))
        matches = self._remembered.get(seen)
        if matches is None:
            found: list[RouteMatch] = []
            _walk(self.root, labels, found)
            matches = tuple(found)
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[seen] = matches
        return matches

    def every(self) -> Iterator[RouteMatch]:
        """Each route as if an alert took it, parents before children, in the order of the file."""
        return (node.match for node in _walk_nodes(self.root))


def _node(
    route: Route, parent: RouteMatch | None, place: int, inherited: RouteOptions, version: Version
) -> RouteNode:
    options = _options(route, inherited, version)
    own_key = matchers_text(route.matchers)
    match = RouteMatch(
        path=() if parent is None else (*parent.path, place),
        route=route,
        receiver=route.receiver or (parent.receiver if parent is not None else ""),
        options=options,
        key=own_key if parent is None else f"{parent.key}/{own_key}",
    )
    children = tuple(
        _node(child, match, index, options, version) for index, child in enumerate(route.routes)
    )
    return RouteNode(
        match,
        tuple(condition(matcher) for matcher in route.matchers),
        route.continues,
        Siblings(children, [child.conditions for child in children]),
    )


def _walk_nodes(node: RouteNode) -> Iterator[RouteNode]:
    yield node
    for child in node.children.all:
        yield from _walk_nodes(child)


def _options(route: Route, inherited: RouteOptions, version: Version) -> RouteOptions:
    options = inherited
    if route.group_by or (route.group_by is not None and version >= FIRST_EMPTY_GROUP_BY):
        group_by_all = GROUP_BY_ALL in route.group_by
        group_by = () if group_by_all else route.group_by
        options = replace(options, group_by=group_by, group_by_all=group_by_all)
    if route.group_wait is not None:
        options = replace(options, group_wait_seconds=parse_duration(route.group_wait))
    if route.group_interval is not None:
        options = replace(options, group_interval_seconds=parse_duration(route.group_interval))
    if route.repeat_interval is not None:
        options = replace(options, repeat_interval_seconds=parse_duration(route.repeat_interval))
    return options


def _walk(node: RouteNode, labels: Mapping[str, str], matches: list[RouteMatch]) -> bool:
    """Append the matches at and below `node`; whether there were any."""
    for asked in node.conditions:
        if not asked.holds(labels.get(asked.matcher.name, "")):
            return False
    found = len(matches)
    for child in node.children.candidates(labels, ""):
        if _walk(child, labels, matches) and not child.continues:
            break
    if len(matches) == found:
        matches.append(node.match)
    return True
