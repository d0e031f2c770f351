"""Handing an incident over: one team proposes, the other accepts. Until then nothing moves."""

from __future__ import annotations

from datetime import timedelta

from buckstop.ledger.domain.act_events import Accepted, Assigned, Declined, Proposed, Withdrawn
from buckstop.ledger.domain.acting import Acting, required, said
from buckstop.ledger.domain.ending import change_owner
from buckstop.ledger.domain.events import Actor, Event
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.ownership import OwnerInterval, Proposal
from buckstop.ledger.domain.refusal import ActRefusedError


def propose(
    acting: Acting, number: int, team: str, reason: str, seconds: float | None = None
) -> Incident:
    """Ask `team` to take the incident over, for the accountable team, which stays accountable.

    The same proposal by the same person changes nothing.

    Args:
        seconds: how long it waits for an answer; None: as long as the charter says, which is the
            most.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: the person is no member; the charter has no such team, or it is
            accountable already; another proposal waits; no reason, or no such time.
    """
    incident, owner = acting.owned(number)
    acting.must_act_for(owner.team, "hand over what it is accountable for")
    why = required(reason, "a proposal needs a reason")
    _known(acting, team, owner)
    limit = acting.membership.answer_seconds
    seconds = limit if seconds is None else seconds
    if not 0 < seconds <= limit:
        raise ActRefusedError(
            "time_limit", f"a proposal waits for {limit:.0f} s at the most, and longer than 0 s"
        )
    open_one = incident.proposal
    if open_one is not None:
        if (open_one.to_team, open_one.by, open_one.why) == (team, acting.person.name, why):
            return incident
        raise ActRefusedError(
            "proposal_open",
            f"it is proposed to {open_one.to_team_name} already; withdraw that first",
        )
    body = Proposed(
        proposal=incident.proposals + 1,
        to_team=team,
        to_team_name=acting.membership.name(team),
        until=acting.now + timedelta(seconds=seconds),
    )
    return acting.record(number, owner.team, why, body)


def accept(acting: Acting, number: int, proposal: int | None, note: str) -> Incident:
    """Take the incident over for the team that was asked, which is accountable from now on.

    It has not acknowledged by that. A second time changes nothing.

    Args:
        proposal: which one is meant; None: the one that waits.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: the person is no member of that team, its time is over, no proposal
            waits, or not this one; the note is too long.
    """
    incident, owner = acting.owned(number)
    is_done = owner.by == "handover" and incident.proposal is None
    if is_done and proposal in {None, incident.proposals}:
        acting.must_act_for(owner.team, "accept what is proposed to it")
        return incident
    waiting = _waiting(incident, proposal)
    acting.must_act_for(waiting.to_team, "accept what is proposed to it")
    if acting.now >= waiting.until:
        raise ActRefusedError(
            "proposal_over",
            f"the time to answer ended at {waiting.until:%Y-%m-%d %H:%M:%S} UTC; "
            f"{owner.team_name} is still accountable and may propose it again",
        )
    body = Accepted(waiting.number, waiting.to_team, waiting.to_team_name)
    authority = acting.authority(
        f"handover {waiting.number}: proposed by {owner.team_name}, "
        f"accepted by {waiting.to_team_name}"
    )
    return acting.record(number, waiting.to_team, said(note), body, authority)


def decline(acting: Acting, number: int, proposal: int | None, reason: str) -> Incident:
    """Answer no for the team that was asked.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: the person is no member of that team, no proposal waits, or not this one;
            no reason.
    """
    incident, _ = acting.owned(number)
    waiting = _waiting(incident, proposal)
    acting.must_act_for(waiting.to_team, "decline what is proposed to it")
    why = required(reason, "whoever asked must know why: say a reason")
    return acting.record(number, waiting.to_team, why, Declined(waiting.number))


def withdraw(acting: Acting, number: int, proposal: int | None, note: str) -> Incident:
    """Take the proposal back for the accountable team.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: the person is no member, no proposal waits, or not this one; the note is
            too long.
    """
    incident, owner = acting.owned(number)
    waiting = _waiting(incident, proposal)
    acting.must_act_for(owner.team, "withdraw what it has proposed")
    return acting.record(number, owner.team, said(note), Withdrawn(waiting.number))


def assign(acting: Acting, number: int, team: str, reason: str) -> Incident:
    """Give what nobody recognised to the team that it belongs to, without asking that team.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: the team for the unrecognised is not accountable for it; the person does
            not lead that team; the charter has no `team`, or it is accountable already; no reason.
    """
    _, owner = acting.owned(number)
    membership = acting.membership
    sorter = membership.name(membership.unrecognised)
    if not membership.may_assign(acting.person):
        raise ActRefusedError("not_the_lead", f"only the lead of {sorter} assigns incidents")
    if owner.team != membership.unrecognised:
        raise ActRefusedError(
            "not_the_lead",
            f"{owner.team_name} is accountable: only what {sorter} is accountable for can be "
            "assigned; anything else is proposed",
        )
    why = required(reason, "an assignment needs a reason")
    _known(acting, team, owner)
    name = membership.name(team)
    by = Actor("person", acting.person.name, owner.team)
    authority = acting.authority(f"assigned to {name} by the lead of {sorter}")
    assigned = Event(number, acting.now, by, why, authority, Assigned(team, name))
    return change_owner(acting.draft, assigned)


def _known(acting: Acting, team: str, owner: OwnerInterval) -> None:
    known = acting.membership.teams
    if team not in known:
        raise ActRefusedError(
            "team_unknown", f"the charter has no team {team!r}; it has {', '.join(sorted(known))}"
        )
    if team == owner.team:
        raise ActRefusedError(
            "team_accountable_already", f"{owner.team_name} is accountable already"
        )


def _waiting(incident: Incident, number: int | None) -> Proposal:
    waiting = incident.proposal
    if waiting is None:
        raise ActRefusedError("no_proposal", "no proposal waits for an answer")
    if number is not None and number != waiting.number:
        raise ActRefusedError(
            "proposal_over",
            f"proposal {number} has ended; proposal {waiting.number} waits now, "
            f"to {waiting.to_team_name}",
        )
    return waiting
