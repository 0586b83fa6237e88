"""Setting the business clock, where an installation allows it: demos and tests."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from zerocarbon.common.business_clock import SettableBusinessClock
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.http.scope import installation_admin
from zerocarbon.contracts.base import Instant, instant_text


class ClockForm(BaseModel):
    """Where the business clock is to stand."""

    model_config = ConfigDict(extra="forbid")
    instant: Instant = Field(examples=["2025-06-30T01:00:00Z"])


def router(context: ServiceContext, clock: SettableBusinessClock) -> APIRouter:
    """`PUT /<service>/v1/business-clock`, for the installation's administrator."""
    routes = APIRouter(prefix=f"/{context.name}/v1", tags=["business clock"])

    @routes.put("/business-clock", dependencies=[Depends(installation_admin(context.name))])
    async def set_business_clock(form: ClockForm) -> dict[str, str]:
        """Moves the business clock of this service; never back behind a recorded fact."""
        async with context.database.worker() as session:
            await clock.set(session.connection, form.instant)
        return {"instant": instant_text(form.instant)}

    return routes
