"""The HTTP application of one or several services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from zerocarbon.common.business_clock import SettableBusinessClock
from zerocarbon.common.http import business_clock, problems
from zerocarbon.common.http.body_limit import BodyLimit
from zerocarbon.common.http.context import ServiceContext

Check = Callable[[], Awaitable[str | None]]
"""Gives nothing when all is well, else what is not."""


def create_app(
    contexts: Sequence[ServiceContext],
    routers: Sequence[APIRouter],
    ready: Sequence[Check],
    body_limit_bytes: int,
) -> FastAPI:
    """One application with the routes of the given services, health, readiness and metrics."""
    app = FastAPI(
        title="Zero-Carbon Factory",
        version="1",
        openapi_url="/openapi.json",
        docs_url="/docs",
        redoc_url=None,
    )
    app.state.contexts = {context.name: context for context in contexts}
    app.add_middleware(BodyLimit, limit=body_limit_bytes)
    problems.install(app)
    for router in routers:
        app.include_router(router)
    for context in contexts:
        if isinstance(context.business_clock, SettableBusinessClock):
            app.include_router(business_clock.router(context, context.business_clock))

    @app.get("/livez", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def readiness(response: Response) -> dict[str, object]:
        troubles = [trouble for check in ready if (trouble := await check()) is not None]
        response.status_code = 503 if troubles else 200
        return {"status": "not ready" if troubles else "ready", "troubles": troubles}

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app
