"""Signing in and out: a token exchanged for a session's cookie.

Forms are plain: everything works without JavaScript.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from buckstop.web.access import COOKIE, SESSION_HOURS
from buckstop.web.frame import frame
from buckstop.web.rendering import page
from buckstop.web.site import site_of


async def sign_in_page(request: Request) -> Response:
    """The form that asks for a token."""
    return _sign_in(request, request.query_params.get("next", "/"), None)


async def sign_in(request: Request) -> Response:
    """Exchange a token for a session's cookie."""
    form = await request.form(max_files=0, max_fields=8)
    back = _own_path(str(form.get("next", "/")))
    secret = site_of(request).access.sign_in(str(form.get("token", "")).strip())
    if secret is None:
        return _sign_in(request, back, "Nobody holds this token.")
    response = RedirectResponse(back, HTTPStatus.SEE_OTHER)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=SESSION_HOURS * 3600,
        httponly=True,
        samesite="lax",
        secure=_is_https(request),
    )
    return response


async def sign_out(request: Request) -> Response:
    """End the session."""
    site_of(request).access.sign_out(request)
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE)
    return response


routes = [
    Route("/sign-in", sign_in_page),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
]


def _sign_in(request: Request, back: str, refused: str | None) -> Response:
    status = HTTPStatus.OK if refused is None else HTTPStatus.FORBIDDEN
    context = {**frame(request), "next": _own_path(back), "refused": refused}
    return page("sign_in.html", context, status)


def _own_path(path: str) -> str:
    """`path` if it leads back to one of our pages, else the board: no open redirect."""
    parts = urlsplit(path)
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path
    printable = path.isascii() and path.isprintable()
    return path if own and printable and not parts.netloc and not parts.scheme else "/"


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
