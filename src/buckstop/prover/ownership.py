"""Which receiver is whose: declared by a build's manifest or a teams file, else inferred.

The inference reads the route tree: a route that asks for ``<team label>="x"`` leads to the
receivers of x. It never gives the catch-all to anybody: who answers for the unrecognised must be
named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.model import AlertmanagerConfig, Matcher, Route

if TYPE_CHECKING:
    # The compiler brings the charter's libraries, which hand-written files do not need.
    from buckstop.compiler.manifest import Manifest

_ALTERNATIVES: Final = re.compile(r"\(?(?:\?:)?([\w\- ]+(?:\|[\w\- ]+)*)\)?")
"""A pattern that lists names, ``a|b`` or ``(a|b)``, and means nothing else."""

Role = Literal["accountable", "informed", "not accountable"]
Kind = Literal[
    "accountable", "informed", "not accountable", "catch-all", "in passing", "shared", "not known"
]


@dataclass(frozen=True, slots=True)
class Holder:
    """What a file declares of a receiver; `team` is None unless it is accountable."""

    role: Role
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Ownership:
    """Which receiver is whose.

    Attributes:
        source: what declared it, for people (``accountability.json``), or None if only inferred.
        declared: receiver to what a file says of it.
        led_to: receiver to the teams whose routes lead to it.
        teams: every team known, in order of first mention.
        shared: of `led_to`, the receivers to which routes for different teams lead, so that the
            routes do not say whose they are. One route that lists several teams is one answer.
    """

    source: str | None
    declared: Mapping[str, Holder]
    led_to: Mapping[str, tuple[str, ...]]
    teams: tuple[str, ...]
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one reached receiver means for an alert.

    Attributes:
        kind: ``accountable`` (`team` answers), ``informed``, ``not accountable`` (nobody needs
            to), ``catch-all`` (reached without any condition, and no team is named for it),
            ``in passing`` (a ``continue`` route that names no team), ``shared`` (routes for
            different teams lead to it), or ``not known``.
    """

    receiver: str
    kind: Kind
    team: str | None
    match: RouteMatch


def infer(config: AlertmanagerConfig, team_label: str) -> Ownership:
    """The ownership that the route tree alone shows."""
    led_to: dict[str, dict[str, None]] = {}
    teams: dict[str, None] = {}
    answers: dict[str, set[frozenset[str]]] = {}

    def walk(route: Route, receiver: str, named: frozenset[str] | None) -> None:
        own = route.receiver or receiver
        here = _narrowed(named, route.matchers, team_label)
        if here:
            answers.setdefault(own, set()).add(here)
        for team in sorted(here or ()):
            led_to.setdefault(own, {})[team] = None
            teams[team] = None
        for child in route.routes:
            walk(child, own, here)

    walk(config.route, config.route.receiver or "", None)
    return Ownership(
        source=None,
        declared={},
        led_to={receiver: tuple(names) for receiver, names in led_to.items()},
        teams=tuple(teams),
        shared={
            receiver: tuple(led_to[receiver]) for receiver, sets in answers.items() if len(sets) > 1
        },
    )


def declare(inferred: Ownership, source: str, declared: Mapping[str, Holder]) -> Ownership:
    """`inferred`, with what the file `source` declares above it."""
    names = [holder.team for holder in declared.values() if holder.team is not None]
    return Ownership(
        source=source,
        declared=dict(declared),
        led_to=inferred.led_to,
        teams=tuple(dict.fromkeys((*inferred.teams, *names))),
        shared=inferred.shared,
    )


def of_manifest(manifest: Manifest, source: str) -> Ownership:
    """The ownership that a build declares."""
    roles: dict[str, Role] = {
        "accountable": "accountable",
        "informed": "informed",
        "ledger": "informed",
        "not_accountable": "not accountable",
    }
    return Ownership(
        source=source,
        declared={
            receiver.name: Holder(
                roles[receiver.role], receiver.team if receiver.role == "accountable" else None
            )
            for receiver in manifest.receivers
        },
        led_to={},
        teams=tuple(team.id for team in manifest.teams),
    )


def claim(
    ownership: Ownership,
    config: AlertmanagerConfig,
    match: RouteMatch,
    team_label: str,
    value: str | None,
) -> Claim:
    """What the receiver that `match` reached means for an alert.

    `value` is the alert's team label, or None where it has none or it is not known.
    """
    holder = ownership.declared.get(match.receiver)
    if holder is not None:
        return Claim(match.receiver, holder.role, holder.team, match)
    path = nodes_on(config.route, match.path)
    catch_all = not any(node.matchers or node.continues for node in path)
    if match.receiver in ownership.shared and not catch_all:
        return Claim(match.receiver, "shared", None, match)
    named: frozenset[str] | None = None
    for node in path:
        named = _narrowed(named, node.matchers, team_label)
    if named is not None:
        if value in named:
            return Claim(match.receiver, "accountable", value, match)
        if len(named) == 1:
            return Claim(match.receiver, "accountable", next(iter(named)), match)
    return _unnamed(ownership, path, match)


def _unnamed(ownership: Ownership, path: tuple[Route, ...], match: RouteMatch) -> Claim:
    goes_on = any(node.continues for node in path)
    if not any(node.matchers for node in path):
        return Claim(match.receiver, "informed" if goes_on else "catch-all", None, match)
    teams = ownership.led_to.get(match.receiver, ())
    if len(teams) == 1:
        return Claim(match.receiver, "accountable", teams[0], match)
    return Claim(match.receiver, "in passing" if goes_on else "not known", None, match)


def nodes_on(root: Route, path: tuple[int, ...]) -> tuple[Route, ...]:
    """The nodes on the way from `root`, itself included, by the children's places."""
    nodes = [root]
    for index in path:
        nodes.append(nodes[-1].routes[index])
    return tuple(nodes)


def teams_named(matcher: Matcher) -> frozenset[str] | None:
    """The values that `matcher` admits where it lists them; None where it does not."""
    match matcher.operator:
        case "=":
            return frozenset({matcher.value}) if matcher.value else None
        case "=~":
            listed = _ALTERNATIVES.fullmatch(matcher.value)
            return frozenset(listed.group(1).split("|")) if listed else None
        case _:
            return None


def _narrowed(
    named: frozenset[str] | None, matchers: tuple[Matcher, ...], team_label: str
) -> frozenset[str] | None:
    for matcher in matchers:
        if matcher.name == team_label:
            values = teams_named(matcher)
            if values is not None:
                named = values if named is None else named & values
    return named
