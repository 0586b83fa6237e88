"""`/livez`, `/readyz` and `/metrics`: for orchestrators and monitoring, without a credential."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from zerocarbon.common.http.database_health import DatabaseHealth

Check = Callable[[], Awaitable[str | None]]
"""Gives nothing when all is well, else what is not."""


def router(databases: Sequence[DatabaseHealth], ready: Sequence[Check], whole: Sequence[Check]) -> APIRouter:
    """The routes.

    `ready` are checks without which no request can be served (503). `whole` are checks of what goes on
    beside requests, such as a halted consumer: they are named, but requests are still served (200,
    "degraded"). Every replica sees the same halted partition; taking all of them out of service would take
    away the very routes that show and mend it.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.get("/livez")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @routes.get("/readyz")
    async def readiness() -> Response:
        troubles = await _all([*(database.trouble for database in databases), *ready])
        # What is beside the requests is looked up in the database as well.
        degraded = await _all(whole) if not troubles else []
        status = "not ready" if troubles else "degraded" if degraded else "ready"
        return JSONResponse({"status": status, "troubles": [*troubles, *degraded]}, 503 if troubles else 200)

    @routes.get("/metrics")
    async def metrics() -> Response:
        await _all([database.trouble for database in databases])
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return routes


async def _all(checks: Sequence[Check]) -> list[str]:
    # At once: several databases that do not answer are waited for as long as one.
    found = await asyncio.gather(*(check() for check in checks))
    return [trouble for trouble in found if trouble is not None]
