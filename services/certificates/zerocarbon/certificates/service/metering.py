"""What a plant generated, by its meters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zerocarbon.certificates.store import generation
from zerocarbon.common.business_clock import BusinessClock
from zerocarbon.common.eventstore.event import NewEvent, StreamAppend
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.contracts.alert import AlertRaised
from zerocarbon.contracts.certificate import GenerationMetered


async def register_metered(
    database: Database,
    store: EventStore,
    clock: BusinessClock,
    plant: str,
    month: date,
    mwh: Decimal,
    remainder_mwh: Decimal,
) -> GenerationMetered:
    """Registers a month's generation in MWh, also a correction. Below what is claimed it cannot be refused:
    the shortfall is noted and alarmed, and blocks further certificates of that month.

    Raises:
        VersionConflict: another correction of the month was faster.
    """
    stream = f"generation/{plant}/{month:%Y-%m}"
    async with database.worker() as session:
        connection = session.connection
        version = (await store.versions(connection, [stream]))[stream]
        shortfall = await generation.meter(connection, plant, month, mwh, remainder_mwh)
        fact = GenerationMetered(
            plant=plant, month=month, mwh=mwh, remainder_mwh=remainder_mwh, shortfall_mwh=shortfall
        )
        appends = [StreamAppend(stream, version, (NewEvent(fact, None, new_id()),))]
        if shortfall:
            alert = AlertRaised(
                subject_id=stream,
                rule="generation-shortfall",
                severity="alarm",
                message=f"certificates for {shortfall} MWh more than {plant} generated in {month:%Y-%m}",
            )
            event = NewEvent(alert, None, new_id())
            appends.append(StreamAppend(f"alert/{stream}/{version}", 0, (event,)))
        await store.append(connection, appends, await clock.now(connection))
    return fact
