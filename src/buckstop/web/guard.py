"""What every request passes: names, sites, tokens, budgets and sizes; what every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from math import ceil
from typing import Any
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from buckstop.web.access import Access, Refusal
from buckstop.web.aside import Aside
from buckstop.web.budgets import Budgets
from buckstop.web.probes import HEALTHY, READY
from buckstop.web.refusing import refuse_scope
from buckstop.web.tokens import Identity

INTAKE_BYTES = 16 * 1024 * 1024
"""The largest body of an intake; Prometheus sends 64 alerts at a time."""
BODY_BYTES = 64 * 1024
"""The largest body of any other request."""
BODY_SECONDS = 10.0
"""A request's body must have arrived within this."""

READING = frozenset({"read", "metrics"})
"""Scopes whose requests pay for the processor time that they cause."""

ACTING = frozenset({"act", "erase"})
"""Scopes whose requests change something, and are counted."""

LISTENING_PATH = "/events"
"""Hardly any work, for a long time."""
MACHINE_PATHS = ("/api/", "/events", "/feed/", "/intake/", "/metrics", "/static/", "/-/")
"""Where programs ask: refusals are JSON there, never a page."""

ERASURES = "/api/v1/erasures"
PROBES = frozenset({HEALTHY, READY})
"""Whoever asks these would restart the ledger if nobody answered."""
_ANYBODY = PROBES | {"/sign-in", "/sign-out"}

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    # With no-referrer a browser would send our own forms with "Origin: null".
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware: turns away what may not pass; puts who is there into the request's state."""

    def __init__(self, app: ASGIApp, access: Access, budgets: Budgets, aside: Aside) -> None:
        self._app = app
        self._access = access
        self._budgets = budgets
        self._aside = aside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        path: str = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not path.startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        response = self._turned_away(scope)
        if response is not None:
            await self._record_refusal(scope)
            await response(scope, receive, send_with_headers)
            return
        needed = needed_scope(scope["method"], path)
        limit = INTAKE_BYTES if needed == "intake" else BODY_BYTES
        limited = _limited(scope, receive, limit)
        if needed in {None, "intake"} or path == LISTENING_PATH:
            await self._app(scope, limited, send_with_headers)
        elif self._access.tokens is None or needed in ACTING:
            await self._aside.answer(self._app, scope, limited, send_with_headers, _free)
        else:
            with self._budgets.reading(scope["state"]["identity"].person) as spend:
                await self._aside.answer(self._app, scope, limited, send_with_headers, spend)

    def _turned_away(self, scope: Scope) -> Response | None:
        connection = HTTPConnection(scope)
        method, path = scope["method"], scope["path"]
        refusal = self._access.refusal(connection, method)
        if refusal is not None:
            self._access.turned_away["name or site"] += 1
            return _refused(refusal)
        needed = needed_scope(method, path)
        identity = self._access.identify(connection)
        scope.setdefault("state", {})["identity"] = identity
        wait_seconds = self._wait_seconds(connection, identity, needed)
        if wait_seconds:
            self._access.turned_away["too many requests"] += 1
            headers = {"retry-after": str(ceil(wait_seconds))}
            return _refused(Refusal(429, "too many requests; slow down"), headers)
        if needed is None or (identity is not None and needed in identity.scopes):
            return None
        self._access.turned_away["no token" if identity is None else "scope"] += 1
        if identity is not None:
            return _refused(Refusal(403, f"{identity.person} lacks the scope {needed!r}"))
        if _is_page(method, path):
            query = scope.get("query_string", b"").decode("latin-1")
            wanted = quote(f"{path}?{query}" if query else path)
            return RedirectResponse(f"/sign-in?next={wanted}", HTTPStatus.SEE_OTHER)
        refusal = Refusal(401, "a token is needed: Authorization: Bearer TOKEN")
        return _refused(refusal, {"www-authenticate": "Bearer"})

    async def _record_refusal(self, scope: Scope) -> None:
        """Put on record what a known person's token does not allow."""
        identity = scope.get("state", {}).get("identity")
        needed = needed_scope(scope["method"], scope["path"])
        if identity is not None and needed is not None and needed not in identity.scopes:
            await refuse_scope(scope["app"].state.site, identity, scope["path"], needed)

    def _wait_seconds(
        self, connection: HTTPConnection, identity: Identity | None, needed: str | None
    ) -> float:
        """How long the sender must wait before they ask that again; 0: they need not."""
        if self._access.tokens is None or connection.scope["path"] in PROBES:
            return 0.0
        if identity is None:
            address = connection.client.host if connection.client is not None else ""
            return self._budgets.stranger.charge(address)
        if needed in READING:
            return self._budgets.reading_wait_seconds(identity.person)
        return self._budgets.actor.charge(identity.person) if needed in ACTING else 0.0


def needed_scope(method: str, path: str) -> str | None:
    """The scope that a request needs; None for what anybody may see."""
    if path in _ANYBODY or path.startswith("/static/"):
        return None
    if path.startswith(("/intake/", "/feed/")):
        return "intake"
    if path == "/metrics":
        return "metrics"
    if path == ERASURES and method not in {"GET", "HEAD"}:
        return "erase"
    return "read" if method in {"GET", "HEAD"} else "act"


def _is_page(method: str, path: str) -> bool:
    return method == "GET" and not path.startswith(MACHINE_PATHS)


def _refused(refusal: Refusal, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"detail": refusal.message}, refusal.status, headers)


def _free(_seconds: float) -> None:
    """Nobody pays."""


def _limited(
    scope: Scope, receive: Receive, limit: int
) -> Callable[[], Coroutine[Any, Any, Message]]:
    """`receive`, refusing bodies that are larger than `limit` bytes, packed, or too slow."""
    headers = HTTPConnection(scope).headers
    declared = headers.get("content-length", "")
    packed = headers.get("content-encoding", "identity").strip().lower() != "identity"
    received, is_whole, deadline = 0, False, asyncio.get_running_loop().time() + BODY_SECONDS

    async def limited() -> Message:
        nonlocal received, is_whole
        if is_whole:
            # What is awaited now is that the sender goes away.
            return await receive()
        if packed:
            # A few kilobytes could unpack to gigabytes.
            raise HTTPException(415, "a packed body is not read: send no Content-Encoding")
        if declared.isdecimal() and int(declared[:20]) > limit:
            raise HTTPException(413, f"the body is larger than {limit} bytes")
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408, "the body did not arrive in time") from error
        received += len(message.get("body", b""))
        if received > limit:
            raise HTTPException(413, f"the body is larger than {limit} bytes")
        is_whole = not message.get("more_body", False)
        return message

    return limited
