"""Whether a mended ``alertmanager.yml`` means what it meant before."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager import Router
from buckstop.alertmanager.label_text import anchored
from buckstop.alertmanager.model import AlertmanagerConfig, Matcher, Route
from buckstop.language.patterns import listed_values
from buckstop.mends.anchors import leaves_its_anchors

MAX_LABEL_SETS = 400
"""Label sets that are routed through the old and the new file."""
_OTHER_VALUES = ("", "\n", "none of them")


def agree(old: AlertmanagerConfig, new: AlertmanagerConfig) -> bool:
    """Whether both route, group, mute and inhibit every alert alike.

    Every route must ask the same of the same labels, pattern by pattern; then the concrete router
    takes label sets made of the values that the matchers name through both.
    """
    return (
        _routes(old.route) == _routes(new.route)
        and [receiver.name for receiver in old.receivers]
        == [receiver.name for receiver in new.receivers]
        and _inhibitions(old) == _inhibitions(new)
        and _intervals(old) == _intervals(new)
        and old.templates == new.templates
        and _routed_alike(old, new)
    )


def _routes(route: Route) -> tuple[object, ...]:
    return (
        _conditions(route.matchers),
        route.receiver,
        route.continues,
        route.group_by,
        route.group_wait,
        route.group_interval,
        route.repeat_interval,
        route.mute_time_intervals,
        route.active_time_intervals,
        tuple(map(_routes, route.routes)),
    )


def _inhibitions(config: AlertmanagerConfig) -> list[tuple[object, ...]]:
    return [
        (_conditions(rule.source), _conditions(rule.target), rule.equal)
        for rule in config.inhibit_rules
    ]


def _intervals(config: AlertmanagerConfig) -> dict[str, tuple[object, ...]]:
    return {interval.name: interval.ranges for interval in config.time_intervals}


def _conditions(matchers: tuple[Matcher, ...]) -> tuple[tuple[str, str, str], ...]:
    """Each as name, operator and value; a pattern that leaves its anchors as it is then read."""
    return tuple(sorted((one.name, one.operator, _value(one)) for one in matchers))


def _value(matcher: Matcher) -> str:
    if matcher.operator in {"=", "!="}:
        return matcher.value
    read = anchored(matcher)
    inner = read.removeprefix("^(?:").removesuffix(")$")
    is_anchored = f"^(?:{inner})$" == read
    return inner if is_anchored and not leaves_its_anchors(inner) else read


def _routed_alike(old: AlertmanagerConfig, new: AlertmanagerConfig) -> bool:
    before, after = Router(old), Router(new)
    return all(
        [match.path for match in before.route(labels)]
        == [match.path for match in after.route(labels)]
        for labels in _label_sets(old)
    )


def _label_sets(config: AlertmanagerConfig) -> Iterator[dict[str, str]]:
    """What satisfies each route of the tree and its ancestors, and what comes close."""
    made = 0
    pending: list[tuple[Route, dict[str, str]]] = [(config.route, {})]
    while pending:
        route, inherited = pending.pop()
        labels = dict(inherited)
        for matcher in route.matchers:
            labels[matcher.name] = _satisfying(matcher)
        pending += [(child, labels) for child in route.routes]
        for name in (None, *(matcher.name for matcher in route.matchers)):
            for value in ("",) if name is None else _OTHER_VALUES:
                if made == MAX_LABEL_SETS:
                    return
                made += 1
                yield labels if name is None else {**labels, name: value}


def _satisfying(matcher: Matcher) -> str:
    """A value that `matcher` probably takes."""
    if matcher.operator == "=":
        return matcher.value
    listed = listed_values(matcher.value) if matcher.operator == "=~" else None
    return min(listed) if listed else "some value"
