"""What a supervisor asks: whether the process answers, and whether it can put alerts on record.

Anybody may ask, for a kubelet has no token; the answers say nothing else.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from buckstop.web.site import site_of

HEALTHY: Final = "/-/healthy"
READY: Final = "/-/ready"


async def healthy(request: Request) -> Response:  # noqa: ARG001
    """``/-/healthy``: 200 as long as the process answers; restart it when it does not."""
    return PlainTextResponse("healthy\n")


async def ready(request: Request) -> Response:
    """``/-/ready``: 200 while the store takes what is recorded, else 503."""
    if site_of(request).ledger.store_error is None:
        return PlainTextResponse("ready\n")
    return PlainTextResponse("the store fails\n", HTTPStatus.SERVICE_UNAVAILABLE)


routes = [Route(HEALTHY, healthy), Route(READY, ready)]
