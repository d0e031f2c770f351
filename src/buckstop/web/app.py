"""The web application: intakes, API and pages over one ledger."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from buckstop import __version__
from buckstop.ledger.ledger import Ledger
from buckstop.web import (
    act_api,
    act_forms,
    answers_pages,
    api,
    comparison_view,
    erasing_api,
    intake,
    pages,
    probes,
    refusals_view,
    sign_in,
)
from buckstop.web.access import Access
from buckstop.web.acts import ActNotDone
from buckstop.web.aside import Aside
from buckstop.web.budgets import Budgets
from buckstop.web.guard import MACHINE_PATHS, Guard
from buckstop.web.live import Hub
from buckstop.web.metrics import Metrics
from buckstop.web.site import Site, site_of

log = logging.getLogger(__name__)

Task = Callable[[Site], Coroutine[Any, Any, None]]
"""Something that runs beside the web application, until it stops."""

_STATIC = Path(__file__).parent / "static"


@dataclass
class Application:
    """The ASGI application, and its site once it has started."""

    app: FastAPI
    site: Site | None = field(default=None)


def create_app(
    ledger: Ledger, access: Access, tasks: Sequence[Task] = (), budgets: Budgets | None = None
) -> Application:
    """The application over `ledger`, which it starts and stops."""

    aside = Aside()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        hub = Hub()
        site = Site(ledger, access, Metrics(ledger, access.turned_away), hub)
        site.metrics.registry.register(site.vigil)
        ledger.listen(lambda commit: hub.announce(commit.position))
        application.site = app.state.site = site
        ledger.start()
        aside.start()
        running = [asyncio.create_task(task(site)) for task in tasks]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            hub.close()
            await asyncio.to_thread(aside.stop)
            await asyncio.to_thread(ledger.stop)

    app = FastAPI(
        title="Buckstop ledger",
        version=__version__,
        description="Who is accountable for what, from when to when, on what authority.",
        openapi_url="/api/v1/openapi.json",
        # FastAPI's own pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        # It would lead to whatever name the request's Host gives.
        redirect_slashes=False,
        lifespan=lifespan,
        exception_handlers={
            HTTPException: _problem,
            RequestValidationError: _invalid,
            Exception: _failure,
        },
    )
    app.include_router(api.router)
    app.include_router(act_api.router)
    app.include_router(refusals_view.router)
    app.include_router(comparison_view.router)
    app.include_router(erasing_api.router)
    app.router.routes.extend(
        [
            *intake.routes,
            *pages.routes,
            *answers_pages.routes,
            *act_forms.routes,
            *refusals_view.routes,
            *comparison_view.routes,
            *sign_in.routes,
            *probes.routes,
            Route("/metrics", metrics),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ]
    )
    app.add_middleware(Guard, access=access, budgets=budgets or Budgets(), aside=aside)
    application = Application(app)
    return application


async def metrics(request: Request) -> Response:
    """``/metrics``: the ledger's own numbers."""
    text = await asyncio.to_thread(generate_latest, site_of(request).metrics.registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if _wants_page(request):
        response = await pages.not_found(request, error.status_code, error.detail)
        response.headers.update(error.headers or {})
        return response
    said: dict[str, str] = {"detail": error.detail}
    if isinstance(error, ActNotDone):
        said["reason"] = error.reason
    return JSONResponse(said, error.status_code, error.headers)


async def _invalid(_request: Request, error: Exception) -> Response:
    """What is wrong with an API request, and where; the input itself is not echoed."""
    assert isinstance(error, RequestValidationError)
    said = [
        f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"
        for found in error.errors()[:20]
    ]
    return JSONResponse({"detail": "; ".join(said)}, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _failure(request: Request, error: Exception) -> Response:
    # By its name, not by its address, which may carry a token.
    asked = getattr(request.scope.get("endpoint"), "__name__", "a request")
    log.error("%s %s failed", request.method, asked, exc_info=error)
    return JSONResponse({"detail": "the ledger failed; its log says how"}, 500)


def _wants_page(request: Request) -> bool:
    asks_page = "text/html" in request.headers.get("accept", "")
    return asks_page and not request.url.path.startswith(MACHINE_PATHS)
