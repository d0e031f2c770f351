"""Erasing a person through the running ledger, and what was erased, under ``/api/v1/erasures``."""

from __future__ import annotations

import asyncio
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field

from buckstop.ledger.domain.acting import WHY_CHARACTERS
from buckstop.ledger.domain.events import Erased, Event
from buckstop.ledger.erasing import ErasureRefusedError
from buckstop.ledger.store import StoreError, StoreRefusedError
from buckstop.ledger.writer import OverloadedError
from buckstop.web.api import READ_PROBLEMS, TOKEN, Limit, Offset, problems
from buckstop.web.site import UNAVAILABLE, overloaded, person_of, site_of

MENTIONS = 1_000
"""The most events that are named for having the person's name in texts of others."""


class Erase(BaseModel):
    """Whom to erase, and why."""

    person: str = Field(min_length=1, max_length=200, description="exactly as on record")
    reason: str = Field(
        min_length=1, max_length=WHY_CHARACTERS, description="stays on record; without the name"
    )


class Done(BaseModel):
    """What was erased."""

    texts: int
    events: int = Field(description="of so many events")
    mentions: list[int] = Field(
        description="positions of events in which texts of others have the name in them, and stay; "
        "the first ones"
    )


class ErasureView(BaseModel):
    """An erasure as it is on record: without the name of whoever was erased."""

    at: datetime
    by: str
    reason: str
    texts: int
    events: list[int] = Field(description="positions of the events")


class Erasures(BaseModel):
    """What was erased, the newest first."""

    erasures: list[ErasureView]


router = APIRouter(prefix="/api/v1", responses=READ_PROBLEMS, dependencies=[TOKEN])


@router.post("/erasures", responses=problems(400, 408, 409, 413, 415))
async def erase(request: Request, body: Erase) -> Done:
    """Erase what the record says of a person; needs the scope `erase`. It cannot be undone."""
    site = site_of(request)
    by = person_of(request).name
    try:
        done = await asyncio.to_thread(site.ledger.erase, body.person, by, body.reason)
    except ErasureRefusedError as error:
        raise HTTPException(409, str(error)) from error
    except (StoreError, StoreRefusedError) as error:
        raise HTTPException(503, str(error), UNAVAILABLE) from error
    except OverloadedError as error:
        raise overloaded(error) from error
    return Done(texts=done.texts, events=done.events, mentions=list(done.mentions[:MENTIONS]))


@router.get("/erasures")
async def list_erasures(request: Request, limit: Limit = 100, offset: Offset = 0) -> Erasures:
    """Who erased what, when and why, the newest first."""
    found = await site_of(request).erasures(limit, offset)
    return Erasures(erasures=[_view(event) for event in found])


def _view(event: Event) -> ErasureView:
    body = event.body
    assert isinstance(body, Erased), "only erasures are read here"
    positions = [position for some in body.places.values() for position in some]
    return ErasureView(
        at=event.at,
        by=event.by.name,
        reason=event.why,
        texts=len(positions),
        events=sorted(set(positions)),
    )
