"""What was refused, as API and page show it from the record."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response
from starlette.routing import Route

from buckstop.ledger.domain.act_events import Refused, RefusedReason
from buckstop.ledger.domain.events import Event
from buckstop.web.api import READ_PROBLEMS, TOKEN, Limit, Offset
from buckstop.web.frame import frame
from buckstop.web.rendering import page
from buckstop.web.site import site_of

SHOWN = 100
"""The most on the page."""


class RefusalView(BaseModel):
    """Something that a person was not let do."""

    at: datetime
    person: str
    act: str = Field(description="the act's name, or the scope that was needed")
    incident: int | None
    reason: RefusedReason
    why: str
    times: int = Field(description="how often since `since`, beyond earlier entries")
    since: datetime


class Refusals(BaseModel):
    """What was refused, the newest first."""

    refusals: list[RefusalView]


router = APIRouter(prefix="/api/v1", responses=READ_PROBLEMS, dependencies=[TOKEN])


@router.get("/refusals")
async def list_refusals(
    request: Request,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Refusals:
    """Who tried what they may not, the newest first."""
    found = await site_of(request).refusals(limit, offset)
    return Refusals(refusals=[refusal_view(event) for event in found])


async def refusals_page(request: Request) -> Response:
    """``/refusals``: who tried what they may not, and why not."""
    found = await site_of(request).refusals(SHOWN)
    context = {**frame(request), "refusals": [refusal_view(event) for event in found]}
    return page("refusals.html", context)


routes = [Route("/refusals", refusals_page)]


def refusal_view(event: Event) -> RefusalView:
    """The view of a `Refused` event."""
    body = event.body
    assert isinstance(body, Refused), "only refusals are read here"
    return RefusalView(
        at=event.at,
        person=event.by.name,
        act=body.act,
        incident=body.about,
        reason=body.reason,
        why=event.why,
        times=body.times,
        since=body.since,
    )
