"""What all parts of the web application share for one ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident, fold
from buckstop.ledger.domain.membership import Person
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.owner import Accountability
from buckstop.ledger.store import StoreError
from buckstop.ledger.writer import OverloadedError
from buckstop.web.access import Access
from buckstop.web.live import Hub
from buckstop.web.matrix_view import Matrix
from buckstop.web.metrics import Metrics
from buckstop.web.room import Room
from buckstop.web.today import Today
from buckstop.web.tokens import Identity
from buckstop.web.vigil import Vigil

P = ParamSpec("P")
T = TypeVar("T")

UNAVAILABLE = {"retry-after": "5"}


@dataclass
class Site:
    """One ledger on the web.

    Attributes:
        heard: when each source, by kind and name, last posted alerts that were recorded.
        problems: what the ledger cannot do at the moment, by subject; for `/api/v1/health`.
        matrix: who answers for what, and the configuration of which that is so.
        room: for what is posted, while it lies in memory.
        vigil: what the ledger notices of itself and of the servers that it asks.
        today: in shadow, what the Alertmanager has loaded, by which nobody here finds owners.
        parsing: held while a large body is taken apart, of which one at a time is enough.
    """

    ledger: Ledger
    access: Access
    metrics: Metrics
    hub: Hub
    heard: dict[tuple[str, str], datetime] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    matrix: tuple[Accountability, Matrix] | None = None
    today: Today | None = None
    room: Room = field(default_factory=Room)
    vigil: Vigil = field(default_factory=Vigil)
    parsing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def all_problems(self) -> dict[str, str]:
        """`problems`, and the store's where it fails; a copy, for any thread."""
        error = self.ledger.store_error
        return dict(self.problems) if error is None else {"store": error, **self.problems}

    def find(self, number: str) -> int:
        """The incident's number that an address gives. Raises a 404."""
        if number.isascii() and number.isdecimal() and len(number) < 16 and int(number):
            return int(number)
        # 0 too: events that belong to no incident are recorded under it.
        raise HTTPException(404, "no such incident")

    async def read(self, number: str) -> tuple[Incident, tuple[Event, ...]]:
        """The incident and its record. Raises a 404 or a 503."""
        history = await self._ask(self.ledger.history, self.find(number))
        if not history:
            raise HTTPException(404, "no such incident")
        return fold(history), history

    async def opened(
        self, since: datetime, until: datetime, limit: int, offset: int = 0
    ) -> tuple[tuple[Event, ...], ...]:
        """The record of each incident that was opened in a time. Raises a 503."""
        return await self._ask(self.ledger.opened, since, until, limit, offset)

    async def erasures(self, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """What was erased, the newest first. Raises a 503."""
        return await self._ask(self.ledger.erasures, limit, offset)

    async def refusals(self, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """What was refused, the newest first. Raises a 503."""
        return await self._ask(self.ledger.refusals, limit, offset)

    async def resolved(self, limit: int, offset: int = 0) -> tuple[Incident, ...]:
        """The latest resolved incidents. Raises a 503."""
        return await self._ask(self.ledger.resolved, limit, offset)

    async def _ask(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await run_in_threadpool(question, *args, **kwargs)
        except StoreError as error:
            raise HTTPException(503, str(error), UNAVAILABLE) from error


async def durable(future: Future[T]) -> T:
    """The result of a command once it is on disk. Raises a 503 where that failed."""
    try:
        return await asyncio.wrap_future(future)
    except StoreError as error:
        raise HTTPException(503, str(error), UNAVAILABLE) from error


def overloaded(error: OverloadedError) -> HTTPException:
    """The answer to a request that the ledger has no time for."""
    return HTTPException(503, str(error), UNAVAILABLE)


def site_of(request: Request) -> Site:
    """The site that serves `request`."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site


def person_of(request: Request) -> Person:
    """Who sends `request`; the guard has let them in."""
    identity = request.state.identity
    assert isinstance(identity, Identity)
    return Person(identity.person, known=site_of(request).access.tokens is not None)
