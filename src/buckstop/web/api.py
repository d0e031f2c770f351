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
"""The most resolved incidents in one answer; `offset` gives the others."""


class Problem(BaseModel):
    """Why a request was refused."""

    detail: str


class Incidents(BaseModel):
    """A list of incidents."""

    incidents: list[IncidentView]


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
    limit: Annotated[int, Query(ge=1, le=LISTED, description="of the resolved ones")] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Incidents:
    """The incidents that a team answers for: the open ones, then the resolved, newest first."""
    site = site_of(request)
    found: list[Incident] = []
    if state != "resolved":
        found += [i for i in site.ledger.book.incidents.values() if i.owner is not None]
    if state != "open":
        found += await site.resolved(limit, offset)
    return Incidents(incidents=[incident_view(incident) for incident in found])


@router.get("/not-accountable")
async def list_not_accountable(request: Request) -> Incidents:
    """What fires now and the charter says nobody needs to answer for."""
    book = site_of(request).ledger.book
    return Incidents(
        incidents=[incident_view(i) for i in book.incidents.values() if i.owner is None]
    )


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
