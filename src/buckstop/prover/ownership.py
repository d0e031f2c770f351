"""Which receiver is whose: declared by a build's manifest or a teams file, else inferred.

The inference reads the route tree: a route that asks for ``<team label>="x"`` leads to the
receivers of x, unless it only inherits the receiver from above. A receiver to which the routes of
several teams lead, or one route that lists several, is nobody's until a file says whose. The
catch-all is given to nobody either: who answers for the unrecognised must be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.conditions import condition
from buckstop.alertmanager.model import AlertmanagerConfig, Matcher, Route
from buckstop.diagnostics import Span

if TYPE_CHECKING:
    # The compiler brings the charter's libraries, which hand-written files do not need.
    from buckstop.compiler.manifest import Manifest

_ALTERNATIVES: Final = re.compile(r"\(?(?:\?:)?([\w\- ]+(?:\|[\w\- ]+)*)\)?")
"""A pattern that lists names, ``a|b`` or ``(a|b)``, and means nothing else."""

_HOLD_OF_EVERY_ALERT: Final = {("alertname", "!=", ""), ("alertname", "=~", ".+")}
"""Matchers as name, operator, value: every alert has a name."""

Role = Literal["accountable", "informed", "not accountable"]
Kind = Literal[
    "accountable",
    "informed",
    "not accountable",
    "catch-all",
    "in passing",
    "another's",
    "shared",
    "not known",
]


@dataclass(frozen=True, slots=True)
class Holder:
    """What a file declares of a receiver.

    Attributes:
        team: None unless it is accountable.
        place: where a teams file says so, or None.
    """

    role: Role
    team: str | None = None
    place: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Which receiver is whose.

    Attributes:
        source: what declared it, for people (``accountability.json``), or None if only inferred.
        declared: receiver to what a file says of it.
        led_to: receiver to the teams whose routes lead to it.
        teams: every team known, in order of first mention.
    """

    source: str | None
    declared: Mapping[str, Holder]
    led_to: Mapping[str, tuple[str, ...]]
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What one reached receiver means for an alert.

    Attributes:
        kind: ``accountable`` (`team` answers), ``informed``, ``not accountable`` (nobody needs
            to), ``catch-all`` (reached without any condition that tells alerts of one team from
            others, and no team is named for it), ``in passing`` (a ``continue`` route that names
            no team), ``shared`` (the routes lead there for several teams), or ``not known``.
    """

    receiver: str
    kind: Kind
    team: str | None
    match: RouteMatch


def infer(config: AlertmanagerConfig, team_label: str) -> Ownership:
    """The ownership that the route tree alone shows."""
    led_to: dict[str, dict[str, None]] = {}
    teams: dict[str, None] = {}

    def walk(route: Route, above: tuple[Route, ...], receiver: str) -> None:
        path = (*above, route)
        own = route.receiver or receiver
        naming = _naming(path, team_label)
        for team in sorted(naming.teams or ()):
            teams[team] = None
            if naming.is_chosen:
                led_to.setdefault(own, {})[team] = None
        for child in route.routes:
            walk(child, path, own)

    walk(config.route, (), "")
    return Ownership(
        source=None,
        declared={},
        led_to={receiver: tuple(names) for receiver, names in led_to.items()},
        teams=tuple(teams),
    )


def declare(inferred: Ownership, source: str, declared: Mapping[str, Holder]) -> Ownership:
    """`inferred`, with what the file `source` declares above it."""
    names = [holder.team for holder in declared.values() if holder.team is not None]
    return Ownership(
        source=source,
        declared=dict(declared),
        led_to=inferred.led_to,
        teams=tuple(dict.fromkeys((*inferred.teams, *names))),
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
    teams = ownership.led_to.get(match.receiver, ())
    if _is_catch_all(path, team_label) and (value is None or teams != (value,)):
        if not any(node.continues for node in path):
            return Claim(match.receiver, "catch-all", None, match)
        if not teams:
            return Claim(match.receiver, "informed", None, match)
        if len(teams) == 1:
            return Claim(match.receiver, "another's", teams[0], match)
    if len(teams) > 1:
        return Claim(match.receiver, "shared", None, match)
    naming = _naming(path, team_label)
    if teams and (naming.teams is None or naming.is_chosen):
        return Claim(match.receiver, "accountable", teams[0], match)
    goes_on = any(node.continues for node in path)
    return Claim(match.receiver, "in passing" if goes_on else "not known", None, match)


def paged_teams(claims: Iterable[Claim]) -> tuple[str, ...]:
    """Those who answer, or believe so since their own receiver is told too; each once.

    Nobody, where no receiver that is told is one of those who answer.
    """
    paged = [found for found in claims if found.kind in {"accountable", "another's"}]
    if not any(found.kind == "accountable" for found in paged):
        return ()
    return tuple(dict.fromkeys(str(found.team) for found in paged))


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


def chosen_teams(path: tuple[Route, ...], team_label: str) -> frozenset[str]:
    """The teams that the matchers on `path` name, where its end has a receiver chosen for them."""
    naming = _naming(path, team_label)
    return naming.teams if naming.teams and naming.is_chosen else frozenset()


class _Naming(NamedTuple):
    """What a path says of teams.

    Attributes:
        teams: those whose alerts get to its end; None where it does not list them.
        is_chosen: whether the receiver at its end is set where teams are named, or below. One that
            is inherited from above serves whoever has no route of their own.
    """

    teams: frozenset[str] | None
    is_chosen: bool


def _naming(path: tuple[Route, ...], team_label: str) -> _Naming:
    teams: frozenset[str] | None = None
    are_named = is_chosen = False
    for node in path:
        for matcher in node.matchers:
            values = teams_named(matcher) if matcher.name == team_label else None
            if values is not None:
                teams = values if teams is None else teams & values
        are_named = are_named or bool(teams)
        is_chosen = is_chosen or (are_named and bool(node.receiver))
    return _Naming(teams, is_chosen)


def _is_catch_all(path: tuple[Route, ...], team_label: str) -> bool:
    """Whether alerts of any sort get to the end of `path`, those without a team among them."""
    return all(_is_open(matcher, team_label) for node in path for matcher in node.matchers)


def _is_open(matcher: Matcher, team_label: str) -> bool:
    """Whether `matcher` picks out nothing, or only what the routes of teams leave over."""
    if matcher.operator == "=":
        return matcher.name == team_label and matcher.value == ""
    if (matcher.name, matcher.operator, matcher.value) in _HOLD_OF_EVERY_ALERT:
        return True
    if (matcher.operator, matcher.value) == ("=~", ".*"):
        return True
    asked = condition(matcher)
    return asked.always is True or (matcher.name == team_label and asked.holds(""))
