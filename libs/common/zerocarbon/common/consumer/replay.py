"""Brings parked records in after all, once whatever was wrong has been mended."""

from __future__ import annotations

from collections.abc import Sequence

from zerocarbon.common.bus.record import RecordRun
from zerocarbon.common.consumer import metrics
from zerocarbon.common.consumer.parked import Parked, ParkedEvent, Place
from zerocarbon.common.consumer.processor import Acting, Processor
from zerocarbon.common.postgres.database import Database


class StillRejected(Exception):
    """A parked record is still not usable; nothing was replayed. The reason is the processor's."""


async def replay_parked(
    database: Database, consumer: str, processor: Processor, places: Sequence[Place]
) -> int:
    """Runs parked records through the consumer's processor, in order, in one transaction; gives how many.

    Those replayed already are left out, so that nothing counts twice.

    Raises:
        StillRejected: the processor still refuses one of them.
    """
    async with database.worker() as session:
        parked = await Parked(consumer).take(session.connection, places)
        if not parked:
            return 0
        run = RecordRun([it.record for it in parked])
        prepared = processor.prepare([run])
        if prepared.rejected:
            first = prepared.rejected[0]
            raise StillRejected(f"{_named(parked[first.index])}: {first.reason}")
        if isinstance(processor, Acting):
            refused = await processor.perform(prepared.work)
            if refused:
                raise StillRejected(f"{_named(parked[refused[0].index])}: {refused[0].reason}")
        await processor.flush(session, prepared.work)
    metrics.REPLAYED.labels(consumer).inc(len(parked))
    return len(parked)


def _named(one: ParkedEvent) -> str:
    return f"{one.record.topic}/{one.record.partition}/{one.record.offset}"
