"""What every request passes: names, sites, tokens and sizes; what every answer carries."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from buckstop.web.access import Access, Refusal

INTAKE_BYTES = 16 * 1024 * 1024
"""The largest body of an intake; Prometheus sends 64 alerts at a time."""
BODY_BYTES = 64 * 1024
"""The largest body of any other request."""

MACHINE_PATHS = ("/api/", "/events", "/feed/", "/intake/", "/metrics", "/static/")
"""Where programs ask: refusals are JSON there, never a page."""

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

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

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
            await response(scope, receive, send_with_headers)
            return
        limit = INTAKE_BYTES if needed_scope("POST", path) == "intake" else BODY_BYTES
        await self._app(scope, _limited(scope, receive, limit), send_with_headers)

    def _turned_away(self, scope: Scope) -> Response | None:
        connection = HTTPConnection(scope)
        method, path = scope["method"], scope["path"]
        refusal = self._access.refusal(connection, method)
        if refusal is not None:
            return _refused(refusal)
        needed = needed_scope(method, path)
        identity = self._access.identify(connection)
        scope.setdefault("state", {})["identity"] = identity
        if needed is None or (identity is not None and needed in identity.scopes):
            return None
        if identity is not None:
            return _refused(Refusal(403, f"{identity.person} lacks the scope {needed!r}"))
        if _is_page(method, path):
            query = scope.get("query_string", b"").decode("latin-1")
            wanted = quote(f"{path}?{query}" if query else path)
            return RedirectResponse(f"/sign-in?next={wanted}", HTTPStatus.SEE_OTHER)
        refusal = Refusal(401, "a token is needed: Authorization: Bearer TOKEN")
        return _refused(refusal, {"www-authenticate": "Bearer"})


def needed_scope(method: str, path: str) -> str | None:
    """The scope that a request needs; None for what anybody may see."""
    if path in {"/sign-in", "/sign-out"} or path.startswith("/static/"):
        return None
    if path.startswith(("/intake/", "/feed/")):
        return "intake"
    if path == "/metrics":
        return "metrics"
    return "read" if method in {"GET", "HEAD"} else "act"


def _is_page(method: str, path: str) -> bool:
    return method == "GET" and not path.startswith(MACHINE_PATHS)


def _refused(refusal: Refusal, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"detail": refusal.message}, refusal.status, headers)


def _limited(scope: Scope, receive: Receive, limit: int) -> Receive:
    """`receive`, refusing bodies larger than `limit` bytes."""
    declared = HTTPConnection(scope).headers.get("content-length", "")
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit or (declared.isdecimal() and int(declared) > limit):
            raise HTTPException(413, f"the body is larger than {limit} bytes")
        return message

    return limited
