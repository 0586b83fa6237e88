"""Setting the business clock, where an installation allows it: demos and tests."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Security
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, ConfigDict, Field

from zerocarbon.common.business_clock import SettableBusinessClock
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.http.scope import BEARER, principal_of
from zerocarbon.common.identity.access import Denied
from zerocarbon.contracts.base import Instant, instant_text


class ClockForm(BaseModel):
    """Where the business clock is to stand."""

    model_config = ConfigDict(extra="forbid")
    instant: Instant = Field(examples=["2025-06-30T01:00:00Z"])


def router(context: ServiceContext, clock: SettableBusinessClock) -> APIRouter:
    """`PUT /<service>/v1/business-clock`, for the installation's administrator."""
    routes = APIRouter(prefix=f"/{context.name}/v1", tags=["business clock"])

    @routes.put("/business-clock")
    async def set_business_clock(
        request: Request,
        form: ClockForm,
        _declared: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)] = None,
    ) -> dict[str, str]:
        """Moves the business clock of this service; never back behind a recorded fact."""
        principal = await principal_of(request, context)
        if not principal.installation_admin:
            raise Denied
        async with context.database.worker() as session:
            await clock.set(session.connection, form.instant)
        return {"instant": instant_text(form.instant)}

    return routes
