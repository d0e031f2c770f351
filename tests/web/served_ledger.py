"""A ledger on the web without sockets: the application, driven through ASGI."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
from tests.ledger.ledger_machine import accountability
from tests.ledger.ledger_world import Clock, feed_alert, labels

from buckstop.ledger.ledger import Ledger
from buckstop.ledger.store import SqliteStore
from buckstop.web.access import LOOPBACK_HOSTS, Access
from buckstop.web.app import create_app
from buckstop.web.site import Site
from buckstop.web.tokens import Identity, Token, Tokens

T = TypeVar("T")

FEED = "/feed/prometheus/api/v2/alerts"
WEBHOOK = "/intake/alertmanager/main"
BASE = "http://127.0.0.1:9890"


@dataclass
class Served:
    """A running application and a client of it."""

    client: httpx.AsyncClient
    clock: Clock
    site: Site

    async def fire(self, *, annotations: dict[str, str] | None = None, **changes: str) -> None:
        """Have Prometheus report an alert."""
        alert = feed_alert(labels(**changes), self.clock.now, annotations=annotations)
        response = await self.client.post(FEED, json=[alert])
        assert response.status_code == 200, response.text

    async def resolve(self, **changes: str) -> None:
        """Have Prometheus report the alert's end."""
        alert = feed_alert(labels(**changes), self.clock.now, ended_seconds_ago=0)
        response = await self.client.post(FEED, json=[alert])
        assert response.status_code == 200, response.text

    async def incidents(self, state: str = "open") -> list[dict[str, Any]]:
        """What the API lists."""
        response = await self.client.get("/api/v1/incidents", params={"state": state})
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()["incidents"]
        return found


def tokens(**holders: str) -> Tokens:
    """Persons and their scopes; each one's token is ``token-of-PERSON``."""
    return Tokens(
        tuple(
            Token(
                hashlib.sha256(f"token-of-{person}".encode()).hexdigest(),
                Identity(person, frozenset(scopes.split())),
            )
            for person, scopes in holders.items()
        )
    )


@contextlib.asynccontextmanager
async def serving(
    folder: Path,
    known: Tokens | None = None,
    *,
    max_pages: int | None = None,
    in_shadow: bool = False,
) -> AsyncIterator[Served]:
    """The application on a new store; open as on loopback unless there are tokens."""
    clock = Clock()
    store = SqliteStore(folder / "ledger.db", max_pages=max_pages)
    ledger = Ledger(store, accountability(), clock=clock, in_shadow=in_shadow)
    hosts = frozenset(LOOPBACK_HOSTS) if known is None else None
    application = create_app(ledger, Access(known, "maria", hosts, clock))
    transport = httpx.ASGITransport(application.app)
    async with (
        application.app.router.lifespan_context(application.app),
        httpx.AsyncClient(transport=transport, base_url=BASE) as client,
    ):
        assert application.site is not None
        yield Served(client, clock, application.site)


def run(
    folder: Path,
    scenario: Callable[[Served], Coroutine[Any, Any, T]],
    known: Tokens | None = None,
    *,
    max_pages: int | None = None,
    in_shadow: bool = False,
) -> T:
    """Run `scenario` against a new ledger."""

    async def whole() -> T:
        async with serving(folder, known, max_pages=max_pages, in_shadow=in_shadow) as served:
            return await scenario(served)

    return asyncio.run(whole())
