"""Where a concrete alert goes: the walk of the route tree exactly as Alertmanager walks it.

A node must match. Its children run in order, and the walk stops at the first child that returned
matches unless that child continues. Only where no child matched is the node itself the match: a
matched child suppresses its parent. A receiver that is reached twice is listed twice.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from buckstop.alertmanager.conditions import Condition, condition
from buckstop.alertmanager.model import AlertmanagerConfig, Matcher, Route
from buckstop.prometheus import parse_duration

GROUP_BY_ALL: Final = "..."
"""In ``group_by``: every distinct label set is a group of its own."""


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
        return {
            name: value
            for name, value in labels.items()
            if value and (self.group_by_all or name in self.group_by)
        }


DEFAULT_OPTIONS: Final = RouteOptions((), False, 30.0, 300.0, 14_400.0)
"""What a root route that says nothing has."""


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """One route that an alert takes.

    Attributes:
        path: which child at each level, from 0; the root is ``()``.
        receiver: the route's own or the inherited one.
    """

    path: tuple[int, ...]
    route: Route
    receiver: str
    options: RouteOptions


@dataclass(frozen=True, slots=True)
class Decided:
    """Every alert with the labels that were asked about takes exactly these routes."""

    matches: tuple[RouteMatch, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """Where the alert goes depends on `label`, of which nothing is known, through `matcher`."""

    label: str
    matcher: Matcher


Explored = Decided | Undecided


@dataclass(frozen=True, slots=True)
class _Node:
    """A route made ready.

    Attributes:
        label: the label that most children compare for equality, or None.
        children_by_value: the places of the children that ask for one value of it.
        other_children: the places of those that do not compare it.
    """

    match: RouteMatch
    conditions: tuple[Condition, ...]
    continues: bool
    children: tuple[_Node, ...]
    label: str | None
    children_by_value: Mapping[str, tuple[int, ...]]
    other_children: tuple[int, ...]

    def candidates(self, labels: Mapping[str, str], unless_known: str | None) -> Iterable[_Node]:
        """The children that can match, in order: hundreds of teams are one look-up, not a scan.

        Args:
            labels: those of the alert.
            unless_known: the value of a label that `labels` lacks; None where it may be any.
        """
        if self.label is None:
            return self.children
        value = labels.get(self.label, unless_known)
        if value is None:
            return self.children
        asking = self.children_by_value.get(value, ())
        return (self.children[place] for place in heapq.merge(asking, self.other_children))


class Router:
    """The route tree of one configuration, ready to be asked about many alerts."""

    def __init__(self, config: AlertmanagerConfig) -> None:
        """Take a configuration that `read` returned; its matchers and durations are valid."""
        self._root = _node(config.route, (), "", DEFAULT_OPTIONS)

    def route(self, labels: Mapping[str, str]) -> tuple[RouteMatch, ...]:
        """The routes that an alert with exactly `labels` takes, in the order of notification."""
        matches: list[RouteMatch] = []
        _walk(self._root, labels, matches)
        return tuple(matches)

    def explore(self, known: Mapping[str, str], absent: Collection[str]) -> Explored:
        """The walk when only some labels are known.

        Sound: the result is `Decided` only if every label set that agrees with what is known takes
        these routes. It may be `Undecided` although all label sets agree in the end.

        Args:
            known: labels that have exactly this value.
            absent: labels that are known to be missing. Any other label may have any value.
        """
        assert not any(known.get(name) for name in absent), "a label cannot be known and absent"
        labels = {**dict.fromkeys(absent, ""), **known}
        matches: list[RouteMatch] = []
        open_condition = _explore(self._root, labels, matches)
        if open_condition is None:
            return Decided(tuple(matches))
        return Undecided(open_condition.matcher.name, open_condition.matcher)


def _node(route: Route, path: tuple[int, ...], receiver: str, inherited: RouteOptions) -> _Node:
    receiver = route.receiver or receiver
    options = _options(route, inherited)
    children = tuple(
        _node(child, (*path, index), receiver, options) for index, child in enumerate(route.routes)
    )
    label, by_value, others = _index(children)
    return _Node(
        RouteMatch(path, route, receiver, options),
        tuple(condition(matcher) for matcher in route.matchers),
        route.continues,
        children,
        label,
        by_value,
        others,
    )


def _index(
    children: Sequence[_Node],
) -> tuple[str | None, Mapping[str, tuple[int, ...]], tuple[int, ...]]:
    """The label that most children compare for equality, and which of them ask for which value."""
    asked = [
        {
            one.matcher.name: one.matcher.value
            for one in child.conditions
            if one.matcher.operator == "="
        }
        for child in children
    ]
    names = Counter(name for equalities in asked for name in equalities)
    if not names:
        return None, {}, ()
    label = names.most_common(1)[0][0]
    by_value: dict[str, list[int]] = {}
    others: list[int] = []
    for place, equalities in enumerate(asked):
        if label in equalities:
            by_value.setdefault(equalities[label], []).append(place)
        else:
            others.append(place)
    places = {value: tuple(found) for value, found in by_value.items()}
    return label, places, tuple(others)


def _options(route: Route, inherited: RouteOptions) -> RouteOptions:
    options = inherited
    if route.group_by:
        # An empty list inherits, as in every version before 0.31.
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


def _walk(node: _Node, labels: Mapping[str, str], matches: list[RouteMatch]) -> bool:
    """Append the matches at and below `node`; whether there were any."""
    if not all(asked.holds(labels.get(asked.matcher.name, "")) for asked in node.conditions):
        return False
    found = len(matches)
    for child in node.candidates(labels, ""):
        if _walk(child, labels, matches) and not child.continues:
            break
    if len(matches) == found:
        matches.append(node.match)
    return True


def _explore(node: _Node, labels: Mapping[str, str], matches: list[RouteMatch]) -> Condition | None:
    """Append the matches at and below `node`; the condition that stopped the walk, if one did."""
    open_condition: Condition | None = None
    for asked in node.conditions:
        value = labels.get(asked.matcher.name)
        holds = asked.always if value is None else asked.holds(value)
        if holds is False:
            # One condition that fails decides the node, whatever the others would say.
            return None
        if holds is None and open_condition is None:
            open_condition = asked
    if open_condition is not None:
        return open_condition
    found = len(matches)
    for child in node.candidates(labels, None):
        before = len(matches)
        open_condition = _explore(child, labels, matches)
        if open_condition is not None:
            return open_condition
        if len(matches) > before and not child.continues:
            break
    if len(matches) == found:
        matches.append(node.match)
    return None
