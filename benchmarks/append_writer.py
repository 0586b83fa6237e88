"""Writes blocks of events, as a process: through the event store, or the same rows by bare COPY."""

from __future__ import annotations

import time

from benchmarks.facts import COLUMNS, appends, rows
from benchmarks.turn import Arguments, Lap, Play, take_turn
from benchmarks.workload import RECORDED, Generator, Workload
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.urls import Urls

BLOCK = 5_000


async def prepare(arguments: Arguments) -> Play:
    """All blocks in memory: as facts for the store, as rows for COPY."""
    workload = Workload(arguments["items"], sources=50, hours=0, interval=3600, good=True)
    versions: dict[str, int] = {}
    blocks = [appends(page, versions) for page in Generator(workload, arguments["seed"]).pages(BLOCK)]
    database = await Database.open(Urls(**arguments["urls"]), name="benchmark")
    async with database.worker() as session:
        await session.connection.execute("SELECT 1")

    async def through_the_store() -> Lap:
        store = EventStore()
        begun = time.monotonic()
        for block in blocks:
            async with database.worker() as session:
                await store.append(session.connection, block, RECORDED)
        ended = time.monotonic()
        await database.close()
        return Lap(begun, ended, arguments["items"])

    # The store stamps one time for all, and so do the rows.
    at = COLUMNS.index("recorded_at")
    copied = [
        [(*row[:at], RECORDED, *row[at + 1 :]) for row in rows(block)]
        for block in (blocks if arguments["bare"] else [])
    ]

    async def by_bare_copy() -> Lap:
        begun = time.monotonic()
        for block in copied:
            async with database.worker() as session:
                await session.connection.copy_records_to_table("event", records=block, columns=COLUMNS)
        ended = time.monotonic()
        await database.close()
        return Lap(begun, ended, arguments["items"])

    return by_bare_copy if arguments["bare"] else through_the_store


if __name__ == "__main__":
    take_turn(prepare)
