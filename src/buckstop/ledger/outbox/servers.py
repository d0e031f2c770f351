"""What one Alertmanager says, as far as handed over alerts are concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.alertmanager.muting import muted_by
from buckstop.alertmanager.routing import Router
from buckstop.alertmanager.time_ranges import TimeZoneUnknownError
from buckstop.ledger.alertmanagers import Saying
from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.outbox.copies import Labels, is_marked
from buckstop.ledger.outbox.silences import Silence, equalities, named_in
from buckstop.ledger.text import neutral

Delivery = Literal["waiting", "delivered", "hidden"]
"""Of a copy: not looked at by the server yet; notified of; there, and nobody hears of it."""


@dataclass(frozen=True, slots=True)
class PostedCopy:
    """A copy on a server.

    Attributes:
        labels: all of them; `fingerprint` is the original's.
        team: in its label.
        why: it is hidden; else empty.
        ends_at: when it ends by itself unless posted again.
    """

    labels: Labels
    fingerprint: str
    team: str
    delivery: Delivery
    why: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Original:
    """An alert that is no copy; `silenced_by` are ids."""

    member: str
    labels: Labels
    silenced_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Server:
    """An Alertmanager that answered."""

    url: str
    copies: tuple[PostedCopy, ...]
    originals: tuple[Original, ...]
    silences: tuple[Silence, ...]

    def copy(self, labels: Labels) -> PostedCopy | None:
        """The copy with exactly `labels`, or None."""
        return next((one for one in self.copies if one.labels == labels), None)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration that a server has loaded, and whose its receivers are."""

    config: AlertmanagerConfig
    router: Router
    teams: Mapping[str, str]


def server(saying: Saying, loaded: Loaded, rule: IdentityRule, now: datetime) -> Server:
    """What `saying` comes to."""
    copies: list[PostedCopy] = []
    originals: list[Original] = []
    for alert in saying.alerts:
        labels = _labels(alert)
        identity = rule.identify(labels)
        status = _status(alert)
        if not is_marked(labels):
            silenced_by = tuple(str(one) for one in _list(status.get("silencedBy")))
            originals.append(Original(identity.member, labels, silenced_by))
            continue
        team = labels.get(rule.team_label, "")
        why = _hidden(alert, labels, team, loaded, now)
        delivery: Delivery = "delivered"
        if why:
            delivery = "hidden"
        elif status.get("state") != "active":
            delivery = "waiting"
        ends = _time(alert.get("endsAt")) or now
        copies.append(PostedCopy(labels, identity.fingerprint, team, delivery, why, ends))
    silences = tuple(filter(None, (_silence(one, rule) for one in saying.silences)))
    return Server(saying.url, tuple(copies), tuple(originals), silences)


def _hidden(
    alert: Mapping[str, Any], labels: Labels, team: str, loaded: Loaded, now: datetime
) -> str:
    """Why nobody hears of a copy; empty where `team` does."""
    status = _status(alert)
    for field, word in (
        ("silencedBy", "a silence holds the copy back"),
        ("inhibitedBy", "another alert inhibits the copy"),
        ("mutedBy", "a time interval mutes the copy"),
    ):
        if _list(status.get(field)):
            return word
    receivers = [str(one.get("name")) for one in _list(alert.get("receivers"))]
    # What it has loaded meanwhile may differ from what the alert was dispatched by: ask both.
    routes = [m for m in loaded.router.route(labels) if loaded.teams.get(m.receiver) == team]
    if not routes or not any(loaded.teams.get(name) == team for name in receivers):
        named = ", ".join(neutral(name, 100) for name in receivers) or "no receiver"
        return f"the loaded routes lead the copy to {named}, and not to {team}"
    intervals = {one.name: one for one in loaded.config.time_intervals}
    try:
        muted = [muted_by(match.route, intervals, now) for match in routes]
    except TimeZoneUnknownError as error:
        return f"it is not known whether a time interval mutes the copy: {error}"
    if all(muted):
        return f"the time interval {muted[0][0]} mutes the copy"
    return ""


def _silence(value: Mapping[str, Any], rule: IdentityRule) -> Silence | None:
    named = named_in(str(value.get("comment", "")))
    ends = _time(value.get("endsAt"))
    if named is None or ends is None:
        return None
    asked = tuple(
        one for one in _list(value.get("matchers")) if isinstance(one, dict) and "name" in one
    )
    status = value.get("status")
    state = status.get("state") if isinstance(status, dict) else None
    return Silence(
        id=str(value.get("id")),
        incident=named[0],
        member=named[1],
        fingerprint=rule.identify(equalities(asked)).fingerprint,
        active=state in {"active", "pending"},
        starts_at=str(value.get("startsAt")),
        ends_at=ends,
        matchers=asked,
        comment=str(value.get("comment")),
    )


def _labels(alert: Mapping[str, Any]) -> dict[str, str]:
    labels = alert.get("labels")
    if not isinstance(labels, dict):
        return {}
    return {str(name): str(value) for name, value in labels.items()}


def _status(alert: Mapping[str, Any]) -> Mapping[str, Any]:
    status = alert.get("status")
    return status if isinstance(status, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
