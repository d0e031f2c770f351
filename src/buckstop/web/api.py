"""The API under ``/api/v1``, described by OpenAPI from the models of `view`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

from buckstop import __version__
from buckstop.ledger.domain.incident import Incident
from buckstop.web.history_view import IncidentWithHistory, with_history
from buckstop.web.site import site_of
from buckstop.web.view import IncidentView, incident_view

LISTED = 500
"""The most incidents in one answer; `offset` gives the others."""


class Problem(BaseModel):
    """Why a request was refused."""

    detail: str


class IncidentsPage(BaseModel):
    """A part of a list of incidents."""

    incidents: list[IncidentView]
    more: bool = Field(description="whether there are others after these")
    shadow: bool = Field(description="the teams would answer, and are not asked to")


class SourceHealth(BaseModel):
    """A source of alerts."""

    kind: Literal["feed", "webhook"]
    name: str
    last_heard_seconds_ago: float


class ProofHealth(BaseModel):
    """What is proven of what the servers have loaded."""

    holds: bool
    since: datetime
    rules: int
    proven: int
    witness: str = Field(description="the first rule that is not proven, and why; or empty")
    differs: list[str] = Field(description="the parts in which what runs is not the build")


class Health(BaseModel):
    """Whether the ledger does its work, and by which configuration it finds owners."""

    status: Literal["ok", "degraded"]
    shadow: bool = Field(description="whether it only observes who would answer")
    version: str
    organization: str
    charter_digest: str
    config_digest: str
    open_incidents: int
    sources: list[SourceHealth]
    proof: ProofHealth | None = Field(
        description="of what the servers have loaded; null before there is one"
    )
    problems: dict[str, str]


Id = Annotated[str, Path(description="the incident's id")]
Limit = Annotated[int, Query(ge=1, le=LISTED)]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="so many are passed over")]
Answers = dict[int | str, dict[str, object]]


def problems(*statuses: int) -> Answers:
    """How OpenAPI describes answers that are a `Problem`."""
    return {status: {"model": Problem} for status in statuses}


READ_PROBLEMS = problems(401, 403, 421, 422, 429, 503)
"""How whoever reads may be turned away."""
TOKEN = Security(
    HTTPBearer(auto_error=False, description="not needed where the ledger is open, on loopback")
)
"""For the description alone: the guard has let in whoever comes this far."""

router = APIRouter(prefix="/api/v1", responses=READ_PROBLEMS, dependencies=[TOKEN])


@router.get("/incidents")
async def list_incidents(
    request: Request,
    state: Literal["open", "resolved", "all"] = "open",
    limit: Limit = 100,
    offset: Offset = 0,
) -> IncidentsPage:
    """The incidents that a team answers for: the open ones as they were opened, then the
    resolved, newest first."""
    site = site_of(request)
    still_open: list[Incident] = []
    if state != "resolved":
        still_open = [i for i in site.ledger.book.incidents.values() if i.owner is not None]
    # One more than is shown says whether there are more.
    found = still_open[offset : offset + limit + 1]
    if state != "open" and len(found) <= limit:
        passed_over = max(0, offset - len(still_open))
        found += await site.resolved(limit + 1 - len(found), passed_over)
    shown = [incident_view(incident) for incident in found[:limit]]
    shadow = site.ledger.is_shadow
    return IncidentsPage(incidents=shown, more=len(found) > limit, shadow=shadow)


@router.get("/not-accountable")
async def list_not_accountable(
    request: Request, limit: Limit = 100, offset: Offset = 0
) -> IncidentsPage:
    """What fires now and the charter says nobody needs to answer for, as it was opened."""
    ledger = site_of(request).ledger
    found = [i for i in ledger.book.incidents.values() if i.owner is None][offset:]
    shown = [incident_view(incident) for incident in found[:limit]]
    return IncidentsPage(incidents=shown, more=len(found) > limit, shadow=ledger.is_shadow)


@router.get("/incidents/{incident_id}", responses=problems(404))
async def show_incident(request: Request, incident_id: Id) -> IncidentWithHistory:
    """One incident with its whole record."""
    return with_history(*await site_of(request).read(incident_id))


@router.get("/health")
async def health(request: Request) -> Health:
    """Whether the ledger does its work."""
    site = site_of(request)
    accountability = site.ledger.accountability
    now = site.ledger.now()
    problems = site.all_problems()
    proof = site.vigil.proof
    return Health(
        status="degraded" if problems else "ok",
        shadow=site.ledger.is_shadow,
        version=__version__,
        organization=accountability.manifest.organization,
        charter_digest=accountability.manifest.charter_digest,
        config_digest=accountability.config_digest,
        open_incidents=sum(
            incident.owner is not None for incident in site.ledger.book.incidents.values()
        ),
        sources=[
            SourceHealth(
                kind="feed" if kind == "feed" else "webhook",
                name=name,
                last_heard_seconds_ago=round((now - at).total_seconds(), 3),
            )
            for (kind, name), at in sorted(site.heard.items())
        ],
        proof=None
        if proof is None
        else ProofHealth(
            holds=proof.holds,
            since=proof.since,
            rules=proof.rules,
            proven=proof.proven,
            witness=proof.witness,
            differs=list(proof.differs),
        ),
        problems=problems,
    )
