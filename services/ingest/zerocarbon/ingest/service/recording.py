"""Writes blocks of readings: events and intervals together."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.store import VersionConflict
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.activity import ReadingsCorrected, ReadingsRecorded
from zerocarbon.contracts.base import instant_text
from zerocarbon.ingest.store import readings as store

Block = ReadingsRecorded | ReadingsCorrected


async def append(work: UnitOfWork, blocks: Sequence[Block]) -> None:
    """Appends the blocks to the streams of their meters and keeps each interval.

    Raises:
        VersionConflict: some of the intervals came in meanwhile; tried again, they are found and named.
    """
    by_stream: dict[str, list[Block]] = {}
    for block in blocks:
        by_stream.setdefault(f"meter/{block.meter_id}", []).append(block)
    versions = await work.versions(list(by_stream))
    appends = [
        (stream, versions[stream], facts, [_event_id(fact) for fact in facts])
        for stream, facts in by_stream.items()
    ]
    await work.append_many(appends)
    try:
        await store.record(work.connection, work.organisation_id, blocks)
    except asyncpg.UniqueViolationError as twin:
        raise VersionConflict(list(by_stream)) from twin


def _event_id(fact: Block) -> str:
    revision = fact.revision if isinstance(fact, ReadingsCorrected) else 1
    return natural_id("readings", fact.meter_id, instant_text(fact.start), str(revision))
