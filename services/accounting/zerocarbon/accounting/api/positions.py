"""How far accounting has read: a caller that recorded something can wait until it counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from zerocarbon.accounting.api.access import FACTORY_PREFIX, SERVICE, Reader
from zerocarbon.accounting.store import positions, reference
from zerocarbon.common.consumer.parked import Parked
from zerocarbon.common.http.scope import context_of

router = APIRouter(prefix=f"{FACTORY_PREFIX}/positions", tags=["positions"])


@router.get("")
async def get_positions(request: Request, factory_id: UUID, scope: Reader) -> dict[str, Any]:
    """Positions by consumer and partition, the sources and meters known, and the events that stand parked.

    Positions are opaque: they are compared for equality with what a bus says, never ordered.
    """
    factory = str(factory_id)
    async with context_of(request, SERVICE).database.reader() as session:
        known = await reference.factory(session.connection, scope.organisation_id, factory)
        read_to = await positions.read_to(session.connection)
        parked = await Parked(positions.ACTIVITY_CONSUMER).waiting(session.connection, key=factory)
    return {
        "positions": [
            {
                "consumer": one.consumer,
                "topic": one.partition.topic,
                "partition": one.partition.partition,
                "position": one.position,
                "halted": one.halted,
            }
            for one in read_to
        ],
        "sources": sorted(source.code for source in known.sources.values()),
        "meters": sorted(meter.code for meter in known.meters.values()),
        "parked": [
            {"event_id": one.record.event_id, "type": one.record.type, "reason": one.reason} for one in parked
        ],
    }
