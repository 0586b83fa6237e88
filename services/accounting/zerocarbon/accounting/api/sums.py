"""Sums of activity, in both clocks: when it happened, and when it was recorded."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from zerocarbon.accounting.api.access import FACTORY_PREFIX, SERVICE, SpanReader
from zerocarbon.accounting.api.shown import Sums
from zerocarbon.accounting.service.rollups import rolled_up
from zerocarbon.common.http.scope import context_of
from zerocarbon.contracts.base import Code
from zerocarbon.proof.rollup import Level

router = APIRouter(prefix=f"{FACTORY_PREFIX}/sums", tags=["sums"])


@router.get("", response_model=None, responses={200: {"model": Sums}})
async def get_sums(
    request: Request,
    factory_id: UUID,
    scope: SpanReader,
    source: Annotated[Code, Query(description="The code of a source.")],
    level: Annotated[Level, Query()],
    start: Annotated[date, Query(alias="from", description="First local day.")],
    end: Annotated[date, Query(alias="to", description="The local day after the last.")],
    known_on: Annotated[
        date | None, Query(description="Only what had been recorded by the end of that UTC day.")
    ] = None,
) -> dict[str, Any]:
    """Sums by hour, day or month in the factory's time zone; they add up at every level (R111)."""
    context = context_of(request, SERVICE)
    return await rolled_up(
        context, scope.organisation_id, str(factory_id), source, level, start, end, known_on
    )
