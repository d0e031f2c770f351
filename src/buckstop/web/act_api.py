"""The acts of persons under ``/api/v1/incidents/ID/``, described by OpenAPI."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from buckstop.ledger.domain.acting import WHY_CHARACTERS
from buckstop.ledger.domain.refusal import Reason as RefusalReason
from buckstop.web.acts import act
from buckstop.web.api import Id, Problem
from buckstop.web.view import IncidentView, incident_view


class Refused(Problem):
    """Why an act was refused: a sentence for people, and a word that programs may rely on."""

    reason: RefusalReason | None = Field(
        None, description="null: the token does not allow acts at all"
    )


class Note(BaseModel):
    """What a person says beside an act; it may be empty."""

    note: str = Field("", max_length=WHY_CHARACTERS)


class Text(BaseModel):
    """What a person writes down."""

    text: str = Field(min_length=1, max_length=WHY_CHARACTERS)


class Reason(BaseModel):
    """Why a person does it."""

    reason: str = Field(min_length=1, max_length=WHY_CHARACTERS)


class Assignment(Reason):
    """To which team, and why."""

    team: str = Field(min_length=1, max_length=100, description="a team's id")


class Proposal(Assignment):
    """To which team, why, and for how long it waits for an answer."""

    within_seconds: float | None = Field(
        None, gt=0, description="the charter's time, which is the most, where it is left out"
    )


class Answer(Note):
    """Which proposal is meant (the one that waits, where it is left out), and a note."""

    proposal: int | None = Field(None, ge=1, le=1_000_000)


class Decline(Reason):
    """Which proposal is meant, and why not."""

    proposal: int | None = Field(None, ge=1, le=1_000_000)


class Correction(Text):
    """Which entry of the incident's record, and what is right."""

    entry: int = Field(ge=1, le=1_000_000)


_ANSWERS: dict[int | str, dict[str, object]] = {
    401: {"model": Problem},
    403: {"model": Refused},
    404: {"model": Problem},
    409: {"model": Refused},
    503: {"model": Problem},
}
router = APIRouter(prefix="/api/v1/incidents/{incident_id}", responses=_ANSWERS)


@router.post("/acknowledge")
async def acknowledge(request: Request, incident_id: Id, body: Note | None = None) -> IncidentView:
    """Take notice of an open incident for the accountable team. It stays accountable."""
    note = "" if body is None else body.note
    return incident_view(
        await act(request, incident_id, lambda ledger, n, who: ledger.acknowledge(n, who, note))
    )


@router.post("/note")
async def note(request: Request, incident_id: Id, body: Text) -> IncidentView:
    """Write something down for the accountable team."""
    return incident_view(
        await act(request, incident_id, lambda ledger, n, who: ledger.note(n, who, body.text))
    )


@router.post("/resolve")
async def resolve(request: Request, incident_id: Id, body: Reason) -> IncidentView:
    """End an open incident by hand, for the accountable team."""
    return incident_view(
        await act(request, incident_id, lambda ledger, n, who: ledger.resolve(n, who, body.reason))
    )


@router.post("/propose")
async def propose(request: Request, incident_id: Id, body: Proposal) -> IncidentView:
    """Ask another team to take it over. Until it accepts, nothing moves."""
    return incident_view(
        await act(
            request,
            incident_id,
            lambda ledger, n, who: ledger.propose(
                n, who, body.team, body.reason, seconds=body.within_seconds
            ),
        )
    )


@router.post("/accept")
async def accept(request: Request, incident_id: Id, body: Answer | None = None) -> IncidentView:
    """Take it over for the team that was asked, which is accountable from now on."""
    said = Answer.model_validate({}) if body is None else body
    return incident_view(
        await act(
            request,
            incident_id,
            lambda ledger, n, who: ledger.accept(n, who, said.proposal, said.note),
        )
    )


@router.post("/decline")
async def decline(request: Request, incident_id: Id, body: Decline) -> IncidentView:
    """Say no for the team that was asked."""
    return incident_view(
        await act(
            request,
            incident_id,
            lambda ledger, n, who: ledger.decline(n, who, body.proposal, body.reason),
        )
    )


@router.post("/withdraw")
async def withdraw(request: Request, incident_id: Id, body: Answer | None = None) -> IncidentView:
    """Take the proposal back for the accountable team."""
    said = Answer.model_validate({}) if body is None else body
    return incident_view(
        await act(
            request,
            incident_id,
            lambda ledger, n, who: ledger.withdraw(n, who, said.proposal, said.note),
        )
    )


@router.post("/assign")
async def assign(request: Request, incident_id: Id, body: Assignment) -> IncidentView:
    """Give what nobody recognised to a team, as the lead of the team for the unrecognised."""
    return incident_view(
        await act(
            request,
            incident_id,
            lambda ledger, n, who: ledger.assign(n, who, body.team, body.reason),
        )
    )


@router.post("/correct")
async def correct(request: Request, incident_id: Id, body: Correction) -> IncidentView:
    """Say what is wrong in an entry of the record, which stays as it is."""
    return incident_view(
        await act(
            request,
            incident_id,
            lambda ledger, n, who: ledger.correct(n, who, body.entry, body.text),
        )
    )
