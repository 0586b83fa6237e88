"""The HTTP application of one or several services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, FastAPI

from zerocarbon.common.business_clock import SettableBusinessClock
from zerocarbon.common.composition import ConsumerSpec
from zerocarbon.common.http import business_clock, documentation, health, openapi, parked, problems
from zerocarbon.common.http.body_limit import BodyLimit
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.http.database_health import DatabaseHealth
from zerocarbon.common.http.health import Check
from zerocarbon.common.http.observing import Observe


def create_app(
    contexts: Sequence[ServiceContext],
    routers: Sequence[APIRouter],
    ready: Sequence[Check],
    body_limit_bytes: int,
    whole: Sequence[Check] = (),
    consumers: Mapping[str, Sequence[ConsumerSpec]] | None = None,
) -> FastAPI:
    """One application with the routes of the given services, health, readiness and metrics.

    The services' databases are always part of readiness; `ready` and `whole` are what else is.
    `consumers` are those of each service: what they parked is shown to the installation's administrator.
    """
    app = FastAPI(
        title="Zero-Carbon Factory",
        version="1",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
    )
    app.state.contexts = {context.name: context for context in contexts}
    app.add_middleware(BodyLimit, limit=body_limit_bytes)
    app.add_middleware(Observe)
    problems.install(app)
    for router in routers:
        app.include_router(router)
    for context in contexts:
        if isinstance(context.business_clock, SettableBusinessClock):
            app.include_router(business_clock.router(context, context.business_clock))
        specs = (consumers or {}).get(context.name, ())
        if specs:
            app.include_router(parked.router(context, specs))
    databases = [DatabaseHealth(context.name, context.database) for context in contexts]
    app.include_router(health.router(databases, ready, whole))
    openapi.install(app)
    documentation.install(app)
    return app
