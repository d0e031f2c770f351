"""What the real servers say at one moment, and what that adds to what was seen of a break.

Reading the servers' JSON and folding it into `Seen` are pure; `buckstop.demo.observer` asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from buckstop.demo.pagers import Received
from buckstop.demo.story import Seen

TEAM_LABEL = "accountable_team"
CLOCK_SLACK_SECONDS = 0.5
"""How much earlier than the breach a server's own moment may seem: evaluations have a nominal
time that they are a little late for."""


@dataclass(frozen=True, slots=True)
class ActiveAlert:
    """An alert that Prometheus holds: pending or firing, since `active_at` (Unix time)."""

    name: str
    team: str
    state: str
    active_at: float


@dataclass(frozen=True, slots=True)
class Member:
    """An alert of an incident, in Unix time.

    Attributes:
        starts_at: when it began to fire.
        joined_at: when the ledger put it on record, by the ledger's clock.
    """

    name: str
    starts_at: float
    joined_at: float


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as the ledger tells it; moments are Unix time by the ledger's clock.

    Attributes:
        team: the last accountable team on record, None where nobody needs to answer.
        owner_since: since when it is; None where there is none.
    """

    id: str
    team: str | None
    owner_since: float | None
    resolved_at: float | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """All that is to be seen at one moment."""

    alerts: tuple[ActiveAlert, ...]
    incidents: tuple[Incident, ...]
    received: tuple[Received, ...]


def unix_seconds(text: str) -> float:
    """An RFC 3339 time as Unix time. Nanoseconds, which Go writes, are cut to microseconds."""
    whole, dot, rest = text.partition(".")
    if dot:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        text = f"{whole}.{digits[:6]}{rest[len(digits) :]}"
    return datetime.fromisoformat(text).timestamp()


def read_alert(alert: Mapping[str, Any]) -> ActiveAlert:
    """One entry of Prometheus's ``/api/v1/alerts``."""
    labels = alert["labels"]
    return ActiveAlert(
        name=labels["alertname"],
        team=labels.get(TEAM_LABEL, ""),
        state=alert["state"],
        active_at=unix_seconds(alert["activeAt"]),
    )


def read_incident(incident: Mapping[str, Any]) -> Incident:
    """One entry of the ledger's ``/api/v1/incidents``."""
    resolved_at = incident["resolved_at"]
    # `team` is whose it is now, which is nobody's once it is resolved; `owners` is the record.
    owner = incident["owners"][-1] if incident["owners"] else None
    return Incident(
        id=str(incident["id"]),
        team=None if owner is None else owner["team"],
        owner_since=None if owner is None else unix_seconds(owner["since"]),
        resolved_at=None if resolved_at is None else unix_seconds(resolved_at),
        members=tuple(
            Member(
                member["labels"]["alertname"],
                unix_seconds(member["starts_at"]),
                unix_seconds(member["joined_at"]),
            )
            for member in incident["members"]
        ),
    )


def add(seen: Seen, sight: Sight) -> Seen:
    """`seen` with what `sight` adds. A moment once seen stays, except the ledger's corrections."""
    made = seen.made
    if made is None:
        return seen
    seen = _add_alert(seen, sight.alerts, made)
    seen = _add_incident(seen, sight.incidents, made)
    return _add_pages(seen, sight.received, made)


def _add_alert(seen: Seen, alerts: Sequence[ActiveAlert], made: float) -> Seen:
    active = [
        alert.active_at
        for alert in alerts
        if alert.name == seen.what.alert and alert.active_at >= made - CLOCK_SLACK_SECONDS
    ]
    if seen.crossed is None and active:
        seen = replace(seen, crossed=min(active))
    return seen


def _add_incident(seen: Seen, incidents: Sequence[Incident], made: float) -> Seen:
    for incident in incidents:
        mine = [
            member
            for member in incident.members
            if member.name == seen.what.alert and member.starts_at >= made - CLOCK_SLACK_SECONDS
        ]
        if not mine or incident.owner_since is None:
            continue
        # The incident may be older than this alert; the team answers for it since it joined.
        joined = min(member.joined_at for member in mine)
        return replace(
            seen,
            incident=incident.id,
            firing=min(member.starts_at for member in mine),
            owned=max(incident.owner_since, joined),
            owner=incident.team,
            resolved=incident.resolved_at,
        )
    return seen


def _add_pages(seen: Seen, received: Sequence[Received], made: float) -> Seen:
    about = [one for one in received if one.at_seconds >= made and seen.what.alert in one.page.text]
    right = [
        one.at_seconds
        for one in about
        if (one.page.service, one.page.recipient) == (seen.what.service, seen.what.recipient)
    ]
    return replace(
        seen,
        paged=min(right, default=None),
        recipients=tuple(dict.fromkeys(one.page.recipient for one in about)),
    )
