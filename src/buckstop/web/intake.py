"""The doors for alerts: Alertmanager's webhook, and the feed of a Prometheus.

200 means that every alert of the request is durably on record. 400 means that some could not be
read; the others are on record. 503 means that none is, and the sender shall try again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import Final, Literal

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buckstop.ledger.payload import Payload, read_feed, read_webhook
from buckstop.ledger.writer import OverloadedError
from buckstop.web.room import NoRoomError, Place
from buckstop.web.site import UNAVAILABLE, Site, durable, overloaded, person_of, site_of

FEED_WAIT_SECONDS = 0.8
"""A feed's answer comes within this: Prometheus waits for all its targets, and is wired to wait
one second for this one. A commit that comes later is answered when Prometheus sends again."""
WEBHOOK_WAIT_SECONDS = 10.0
PARSED_AT_ONCE_BYTES = 128 * 1024
"""Larger bodies are taken apart beside the event loop, which goes on meanwhile."""
SOURCES = 256
"""The most sources that post; each is a name in pages and metrics."""
SHOWN_MISTAKES = 50

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

Kind = Literal["feed", "webhook"]
_READERS: Final[dict[Kind, Callable[[bytes, str, datetime], Payload]]] = {
    "feed": read_feed,
    "webhook": read_webhook,
}
_WAITS: Final[dict[Kind, float]] = {"feed": FEED_WAIT_SECONDS, "webhook": WEBHOOK_WAIT_SECONDS}


async def feed(request: Request) -> Response:
    """``POST /feed/NAME/api/v2/alerts``: what Prometheus posts to an Alertmanager."""
    return await _take(request, "feed")


async def webhook(request: Request) -> Response:
    """``POST /intake/alertmanager/NAME``: Alertmanager's webhook, version 4."""
    return await _take(request, "webhook")


routes = [
    Route("/feed/{name}/api/v2/alerts", feed, methods=["POST"]),
    Route("/feed/{name}/{token}/api/v2/alerts", feed, methods=["POST"]),
    Route("/intake/alertmanager/{name}", webhook, methods=["POST"]),
    Route("/intake/alertmanager/{name}/{token}", webhook, methods=["POST"]),
]


async def _take(request: Request, kind: Kind) -> Response:
    site, name = site_of(request), request.path_params["name"]
    started = perf_counter()
    if not _NAME.fullmatch(name) or ((kind, name) not in site.heard and len(site.heard) >= SOURCES):
        raise HTTPException(404, "a source's name has 1 to 64 letters, digits, '_', '.', '-'")
    try:
        with site.room.place(person_of(request).name) as place:
            body = await _body(request, place)
            response = await _record(site, kind, name, body, started)
    except HTTPException as refused:
        site.metrics.answered(kind, name, refused.status_code)
        raise
    site.metrics.answered(kind, name, response.status_code)
    return response


async def _record(site: Site, kind: Kind, name: str, body: bytes, started: float) -> Response:
    now = site.ledger.now()
    payload = await _payload(site, kind, name, body, now)
    recorded = 0
    if payload.observations:
        try:
            future = site.ledger.record(payload.observations)
        except OverloadedError as error:
            raise overloaded(error) from error
        try:
            # Shielded: what is in the queue is committed, whether or not its sender still waits.
            outcomes = await asyncio.wait_for(asyncio.shield(durable(future)), _WAITS[kind])
        except TimeoutError as error:
            raise HTTPException(503, "the store is slow; send again", UNAVAILABLE) from error
        recorded = len(payload.observations)
        site.heard[kind, name] = now
        seconds = perf_counter() - started
        site.metrics.recorded(kind, name, seconds, now.timestamp(), outcomes)
        if outcomes["opened"]:
            earliest = min(seen.starts_at for seen in payload.observations)
            site.metrics.opened(kind, (site.ledger.now() - earliest).total_seconds())
    elif not payload.mistakes:
        site.heard[kind, name] = now
    if payload.mistakes:
        shown = payload.mistakes[:SHOWN_MISTAKES]
        value = {
            "detail": f"{len(payload.mistakes)} mistakes; {recorded} alerts are on record",
            "recorded": recorded,
            "mistakes": [{"where": m.where, "message": m.message} for m in shown],
        }
        return JSONResponse(value, 400)
    return JSONResponse({"recorded": recorded})


async def _payload(site: Site, kind: Kind, name: str, body: bytes, now: datetime) -> Payload:
    read = _READERS[kind]
    if len(body) <= PARSED_AT_ONCE_BYTES:
        return read(body, name, now)
    async with site.parsing:
        return await asyncio.to_thread(read, body, name, now)


async def _body(request: Request, place: Place) -> bytes:
    chunks: list[bytes] = []
    try:
        async for chunk in request.stream():
            place.grow(len(chunk))
            chunks.append(chunk)
    except ClientDisconnect as error:
        raise HTTPException(400, "the sender went away") from error
    except NoRoomError as error:
        raise HTTPException(503, str(error), UNAVAILABLE) from error
    return b"".join(chunks)
