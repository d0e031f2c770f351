"""The end of a proposal, and what ends one with it: a new owner by the charter, a resolution."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from buckstop.ledger.domain.act_events import Assigned, Cause, ProposalEnded
from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.events import Actor, Event, OwnerChanged, Resolved
from buckstop.ledger.domain.incident import Incident

LEDGER: Final = Actor("system", "ledger")

_WHY: Final[dict[Cause, str]] = {
    "timed_out": "{team} has not answered in time; {owner} stays accountable.",
    "resolved": "The incident is over before {team} has answered.",
    "owner_changed": "Another team became accountable before {team} has answered.",
    "team_gone": "The charter has no team {team} any more; {owner} stays accountable.",
}


def end_proposal(draft: Draft, number: int, now: datetime, cause: Cause) -> None:
    """End the proposal of incident `number` that waits, if there is one, and record why."""
    incident = draft.incident(number)
    assert incident is not None, "only open incidents have proposals"
    if incident.proposal is None:
        return
    assert incident.owner is not None, "a proposal is made by the owner"
    why = _WHY[cause].format(team=incident.proposal.to_team_name, owner=incident.owner.team_name)
    body = ProposalEnded(incident.proposal.number, cause)
    draft.record(Event(number, now, LEDGER, why, None, body))


def change_owner(draft: Draft, event: Event) -> Incident:
    """Record `event`, a new owner whom no proposal asked; one that waits ends."""
    assert isinstance(event.body, OwnerChanged | Assigned), "that is what a new owner comes by"
    end_proposal(draft, event.incident, event.at, "owner_changed")
    return _recorded(draft, event)


def end_incident(draft: Draft, event: Event) -> Incident:
    """Record `event`, a resolution; a proposal that waits ends with it."""
    assert isinstance(event.body, Resolved), "that is what an incident ends by"
    end_proposal(draft, event.incident, event.at, "resolved")
    return _recorded(draft, event)


def _recorded(draft: Draft, event: Event) -> Incident:
    after = draft.record(event)
    assert after is not None, "it is of an open incident"
    return after
