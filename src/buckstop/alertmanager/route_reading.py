"""The route tree: read node by node, then checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from buckstop.alertmanager.codes import (
    GROUP_BY_INVALID,
    INTERVAL_ZERO,
    RECEIVER_UNDEFINED,
    ROUTE_MISSING,
    ROUTE_ROOT_CONDITIONAL,
    TIME_INTERVAL_UNDEFINED,
)
from buckstop.alertmanager.kinds import ROUTE
from buckstop.alertmanager.matcher_fields import label_name_fault, read_matchers
from buckstop.alertmanager.model import Route
from buckstop.alertmanager.routing import GROUP_BY_ALL
from buckstop.alertmanager.sections import duration_fault, is_misspelt, too_new
from buckstop.diagnostics import Diagnostic, Related
from buckstop.diagnostics.nearest import did_you_mean
from buckstop.document import Fields, Mapping, Node, Scalar, Sequence, finish_section
from buckstop.document.versions import Version
from buckstop.prometheus import parse_duration


@dataclass(slots=True)
class RouteReader:
    """Reads routes; `decided` tells whether all that decides where alerts go could be read.

    Attributes:
        version: the Alertmanager that is aimed at.
        findings: to which everything wrong is appended.
    """

    version: Version
    findings: list[Diagnostic]
    decided: bool = True

    def read(self, node: Node) -> Route | None:
        """The route at `node` with everything below it; None where it is no mapping."""
        fields = Fields.of(node, "a route", self.findings)
        if fields is None:
            self.decided = False
            return None
        before = len(self.findings)
        receiver = fields.text("receiver")
        continues = fields.boolean("continue") or False
        if len(self.findings) > before:
            self.decided = False
        matchers = read_matchers(fields, "", self.version)
        if matchers is None:
            self.decided = False
        group_by = self._group_by(fields)
        group_wait = self._duration(fields, "group_wait", may_be_zero=True)
        group_interval = self._duration(fields, "group_interval", may_be_zero=False)
        repeat_interval = self._duration(fields, "repeat_interval", may_be_zero=False)
        muted = _names(fields, "mute_time_intervals")
        active = _names(fields, "active_time_intervals")
        before = len(self.findings)
        children = tuple(fields.sequence("routes", "routes"))
        if len(self.findings) > before:
            self.decided = False
        fields.pairs("labels", "label names and values")
        finish_section(fields, ROUTE, too_new(self.version))
        routes = tuple(route for child in children if (route := self.read(child)) is not None)
        return Route(
            span=node.span,
            node=fields.node,
            receiver=receiver or None,
            matchers=matchers or (),
            continues=continues,
            group_by=group_by,
            group_wait=group_wait,
            group_interval=group_interval,
            repeat_interval=repeat_interval,
            mute_time_intervals=muted,
            active_time_intervals=active,
            routes=routes,
        )

    def _group_by(self, fields: Fields) -> tuple[str, ...] | None:
        labels = fields.scalars("group_by", "labels")
        if labels is None:
            return None
        seen: dict[str, Scalar] = {}
        for label in labels:
            first = seen.setdefault(label.text, label)
            if label.text == GROUP_BY_ALL:
                continue
            fault = label_name_fault(label, self.version)
            if fault is not None:
                self.findings.append(fault)
            if first is not label:
                self.findings.append(
                    Diagnostic(
                        GROUP_BY_INVALID,
                        f"'{label.text}' stands in group_by twice",
                        label.span,
                        related=(Related(first.span, "it is here already"),),
                    )
                )
        if GROUP_BY_ALL in seen and len(seen) > 1:
            self.findings.append(
                Diagnostic(
                    GROUP_BY_INVALID,
                    "'...' means all labels and cannot stand beside others",
                    seen[GROUP_BY_ALL].span,
                )
            )
        return tuple(seen)

    def _duration(self, fields: Fields, key: str, *, may_be_zero: bool) -> str | None:
        """A duration as written; None, with a finding, where the servers refuse it."""
        value = fields.scalar(key, "a duration such as 30s")
        if value is None:
            return None
        fault = duration_fault(value)
        if fault is None and not may_be_zero and parse_duration(value.text) == 0:
            fault = Diagnostic(INTERVAL_ZERO, f"'{key}' cannot be zero", value.span)
        if fault is not None:
            self.findings.append(fault)
            return None
        return value.text


def check_tree(
    root: Route,
    receivers: tuple[str, ...],
    time_intervals: tuple[str, ...],
    findings: list[Diagnostic],
) -> bool:
    """Append what is wrong with the tree as a whole; whether every receiver is defined."""
    _check_root(root, findings)
    all_defined = root.receiver is not None
    defined = frozenset(receivers)
    for route in walk_routes(root):
        if route.receiver is not None and route.receiver not in defined:
            all_defined = False
            findings.append(
                Diagnostic(
                    RECEIVER_UNDEFINED,
                    f"there is no receiver '{route.receiver}'",
                    _value(route.node, "receiver").span,
                    hint=did_you_mean(route.receiver, receivers),
                )
            )
        for key, named in (
            ("mute_time_intervals", route.mute_time_intervals),
            ("active_time_intervals", route.active_time_intervals),
        ):
            findings.extend(
                Diagnostic(
                    TIME_INTERVAL_UNDEFINED,
                    f"there is no time interval '{name.text}'",
                    name.span,
                    hint=did_you_mean(name.text, time_intervals),
                )
                for name in (_scalars(route.node, key) if named else ())
                if name.text not in time_intervals
            )
    return all_defined


def walk_routes(route: Route) -> Iterator[Route]:
    """`route` and every route below it, parents before children, in the order of the file."""
    yield route
    for child in route.routes:
        yield from walk_routes(child)


def _check_root(root: Route, findings: list[Diagnostic]) -> None:
    if root.receiver is None and not is_misspelt(root.node, "receiver", ROUTE):
        findings.append(
            Diagnostic(
                ROUTE_MISSING,
                "the root route names no receiver: what no other route takes reaches nobody",
                root.span,
                hint="add 'receiver:' with the team that answers for the unrecognised",
            )
        )
    if root.continues:
        findings.append(
            Diagnostic(
                ROUTE_ROOT_CONDITIONAL,
                "the root route cannot continue: there is nothing beside it",
                _value(root.node, "continue").span,
            )
        )
    conditions = {"match", "match_re", "mute_time_intervals", "active_time_intervals"}
    if root.matchers:
        conditions.add("matchers")
    for key, value in ((entry.key.text, entry.value) for entry in root.node):
        if key in conditions and _has_items(value):
            findings.append(
                Diagnostic(
                    ROUTE_ROOT_CONDITIONAL,
                    f"the root route cannot have '{key}': every alert must be able to end there",
                    value.span,
                    hint="move it to a child route",
                )
            )


def _has_items(value: Node) -> bool:
    match value:
        case Mapping():
            return bool(value.entries)
        case Sequence():
            return bool(value.items)
        case Scalar():
            return False


def _names(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(name.text for name in fields.scalars(key, "time intervals") or ())


def _scalars(node: Mapping, key: str) -> tuple[Scalar, ...]:
    value = node.get(key)
    items = value.items if isinstance(value, Sequence) else ()
    return tuple(item for item in items if isinstance(item, Scalar))


def _value(node: Mapping, key: str) -> Node:
    value = node.get(key)
    assert value is not None, f"the route has a '{key}'"
    return value
