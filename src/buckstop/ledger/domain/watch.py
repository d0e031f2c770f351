"""What the ledger notices by itself: leases that run out, routes and silences that change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.ending import LEDGER, change_owner, end_proposal
from buckstop.ledger.domain.events import (
    Actor,
    Event,
    OwnerChanged,
    Rerouted,
    SourceLost,
    Unheard,
    Withheld,
    Withholding,
)
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.member import Member
from buckstop.ledger.domain.membership import Membership
from buckstop.ledger.domain.observe import Grouping, close_if_over, incident_key
from buckstop.ledger.domain.routing import Accountable, Resolver

LEASES = Actor("system", "leases")
CONFIGURATION = Actor("system", "configuration")


def expire(draft: Draft, now: datetime) -> None:
    """Mark sources whose lease has run out as lost; that resolves nothing anybody answers for."""
    for incident in draft.open_incidents():
        for member in incident.members.values():
            for stream, source in member.sources.items():
                until = source.lease_until
                if source.state != "live" or until is None or until > now:
                    continue
                why = (
                    f"{stream.source} has not reported it since its word ran out. "
                    "Lost is not resolved."
                )
                body = SourceLost(member.id, stream, until)
                draft.record(Event(incident.number, now, LEASES, why, None, body))
        if incident.not_accountable is not None:
            close_if_over(draft, incident.number, now)


def find_unheard(draft: Draft, now: datetime, grace_seconds: float) -> None:
    """Flag members that Prometheus reports and Alertmanager has not within `grace_seconds`."""
    for incident in draft.open_incidents():
        if incident.not_accountable is not None:
            continue
        for member in incident.members.values():
            kinds = {stream.kind for stream in member.sources}
            late = now - member.joined_at > timedelta(seconds=grace_seconds)
            is_held = not kinds.isdisjoint({"webhook", "asked_alertmanager"})
            if member.unheard or not late or is_held or member.state != "firing":
                continue
            why = (
                f"Prometheus reports it for {grace_seconds:.0f} s and Alertmanager has not: "
                "recorded; whether anybody was notified is unknown."
            )
            draft.record(Event(incident.number, now, LEDGER, why, None, Unheard(member.id)))


def time_out(draft: Draft, now: datetime) -> None:
    """End proposals that nobody has answered in time; the team that made them stays accountable."""
    for incident in draft.open_incidents():
        if incident.proposal is not None and incident.proposal.until <= now:
            end_proposal(draft, incident.number, now, "timed_out")


def reroute(
    draft: Draft,
    now: datetime,
    grouping: Grouping,
    resolver: Resolver,
    membership: Membership,
) -> None:
    """Follow a newly loaded configuration: where members go, and so who answers.

    What a team has accepted, or was assigned, it keeps until the incident is resolved, as long as
    the charter has that team.
    """
    for incident in draft.open_incidents():
        if incident.not_accountable is not None:
            continue
        for member in incident.members.values():
            answer = resolver(member.labels)
            if answer.route != member.route:
                why = (
                    f"The loaded configuration changed: routed to {_names(answer.route.receivers)}."
                )
                body = Rerouted(member.id, answer.route)
                draft.record(
                    Event(incident.number, now, CONFIGURATION, why, answer.authority, body)
                )
        if incident.proposal is not None and incident.proposal.to_team not in membership.teams:
            end_proposal(draft, incident.number, now, "team_gone")
        assert incident.owner is not None, "somebody answers for it"
        if not incident.owner.stands or incident.owner.team not in membership.teams:
            _move(draft, incident, now, grouping, resolver)


def withhold(
    draft: Draft,
    now: datetime,
    reports: Mapping[str, tuple[Withholding, ...]],
    alertmanager: str,
) -> None:
    """Take up what Alertmanager says it withholds: member id to its reasons, empty for none.

    A member that is not in `reports` is unknown to Alertmanager; nothing is said of it.
    """
    actor = Actor("system", f"alertmanager {alertmanager}")
    for incident in draft.open_incidents():
        for member in incident.members.values():
            report = reports.get(member.id)
            if report is None or report == member.withholdings:
                continue
            if not report and member.withholdings is None:
                why = "Alertmanager withholds nothing."
            elif not report:
                why = "Alertmanager no longer withholds it."
            else:
                why = f"Recorded, not notified ({'; '.join(map(describe, report))})."
            body = Withheld(member.id, report)
            draft.record(Event(incident.number, now, actor, why, None, body))


def describe(withholding: Withholding) -> str:
    """One line for people: ``silenced by jo until 2030-01-01 09:00 UTC``."""
    until = "" if withholding.until is None else f" until {withholding.until:%Y-%m-%d %H:%M} UTC"
    comment = f": {withholding.comment}" if withholding.comment else ""
    return f"{withholding.reason} by {withholding.by}{until}{comment}"


def _move(
    draft: Draft, incident: Incident, now: datetime, grouping: Grouping, resolver: Resolver
) -> None:
    member = _leading(incident)
    answer = resolver(member.labels)
    owner = incident.owner
    if not isinstance(answer, Accountable) or owner is None or owner.team == answer.team:
        return
    key = incident_key(grouping, answer, member.labels, member.fingerprint)
    why = (
        f"The loaded configuration changed: {answer.team_name} is accountable, "
        f"{answer.authority.text}"
    )
    body = OwnerChanged(answer.team, answer.team_name, key)
    change_owner(draft, Event(incident.number, now, CONFIGURATION, why, answer.authority, body))


def _leading(incident: Incident) -> Member:
    """The member whose routing decides the owner: the first that has not ended."""
    members = list(incident.members.values())
    return next((member for member in members if member.state != "resolved"), members[0])


def _names(receivers: tuple[str, ...]) -> str:
    return ", ".join(receivers) if receivers else "no receiver"
