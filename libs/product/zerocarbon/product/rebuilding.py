"""Rebuilds a projection from its topic beside the live one, and puts it in the live one's place.

The rebuilt rows lie in tables of a schema of their own, made like the live ones; the consumer's code is the
same, it only finds those tables first. Services go on meanwhile: the live consumer waits for the last step.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from zerocarbon.common.assembly import assemble
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.bus.record import Run
from zerocarbon.common.clock import MachineClock
from zerocarbon.common.composition import ConsumerSpec
from zerocarbon.common.consumer.processor import Prepared, Processor
from zerocarbon.common.consumer.rebuild import Rebuild, Version
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.roles import RoleNames
from zerocarbon.common.postgres.session import Connection, WorkerSession
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.settings import Settings
from zerocarbon.product.catalogue import SERVICES
from zerocarbon.product.host import bus_over

SCHEMA = "rebuilding"
_BEHIND = f"SET LOCAL search_path TO {SCHEMA}, public"

_SUMS = """
SELECT count(*) || ':' || coalesce(sum(hashtextextended(total::text, 0)::numeric), 0) FROM (
    SELECT source_id, unit, low, low + width AS high, recorded_day, trim_scale(sum(quantity))
    FROM (
        SELECT d.source_id, d.unit, d.recorded_day, d.quantity,
            CASE WHEN bucket_end - bucket_start < seconds THEN bucket_start - bucket_start % seconds
                ELSE bucket_start END AS low,
            greatest(bucket_end - bucket_start, seconds) AS width
        FROM sum_delta AS d LEFT JOIN source USING (source_id) LEFT JOIN factory USING (factory_id),
            coalesce(bucket_seconds, 900) AS seconds
    ) AS bucketed
    GROUP BY source_id, unit, low, width, recorded_day
) AS total
"""
# Deltas in the buckets of their factory: those that came before the factory was known are finer.


@dataclass(frozen=True, slots=True)
class Projection:
    """What of a service can be rebuilt: the consumer that writes it, its tables, and their digest in SQL."""

    service: str
    consumer: str
    tables: tuple[str, ...]
    digest: str


PROJECTIONS = {("accounting", "sums"): Projection("accounting", "accounting-activity", ("sum_delta",), _SUMS)}
"""By service and name."""


class _Beside:
    """Implements `Processor`: the live one's work, into the tables beside."""

    def __init__(self, processor: Processor) -> None:
        self._processor = processor

    def prepare(self, runs: Sequence[Run]) -> Prepared:
        """See `Processor.prepare`."""
        return self._processor.prepare(runs)

    async def flush(self, session: WorkerSession, work: Any) -> None:
        """See `Processor.flush`."""
        await session.connection.execute(_BEHIND)
        await self._processor.flush(session, work)
        await session.connection.execute("SET LOCAL search_path TO DEFAULT")


async def rebuild(
    projection: Projection, spec: ConsumerSpec, database: Database, bus: Bus, *, must_agree: bool = True
) -> None:
    """Rebuilds from the first event on and swaps; what an earlier attempt left is thrown away.

    Args:
        must_agree: false where the rebuilt projection is meant to say something else than the live one.

    Raises:
        DigestsDiffer: the two say different things; nothing was swapped, and the rebuilt tables stay.
    """
    name = f"{spec.name}-rebuilt"
    await _make_tables(projection, database, name)

    async def live(connection: Connection) -> str:
        return str(await connection.fetchval(projection.digest))

    async def rebuilt(connection: Connection) -> str:
        await connection.execute(_BEHIND)
        found = await live(connection)
        await connection.execute("SET LOCAL search_path TO DEFAULT")
        return found

    async def swap(connection: Connection) -> None:
        for table in projection.tables:
            await connection.execute(f"DELETE FROM public.{table}")  # noqa: S608 - names of ours
            await connection.execute(f"INSERT INTO public.{table} SELECT * FROM {SCHEMA}.{table}")  # noqa: S608

    beside = _Beside(spec.processor)
    await Rebuild(
        projection.consumer,
        spec.topics,
        bus,
        database,
        Version(spec.name, spec.processor, live),
        Version(name, beside, rebuilt),
    ).run(swap, digests_must_agree=must_agree)
    await _drop_tables(projection, database)


async def rebuild_over(
    settings: Settings, projection: Projection, urls: Mapping[str, Urls], *, must_agree: bool
) -> None:
    """Opens what `rebuild` needs, and closes it. `urls` are as for `host`.

    Raises:
        DigestsDiffer: see `rebuild`.
    """
    async with contextlib.AsyncExitStack() as stack:
        databases = {}
        for name, where in urls.items():
            databases[name] = await Database.open(where, name=f"{name} rebuild")
            stack.push_async_callback(databases[name].close)
        bus = bus_over(settings, databases)
        stack.push_async_callback(bus.close)
        database = databases[projection.service]
        context = assemble(
            projection.service,
            database,
            bus,
            MachineClock(),
            Notifier(database),
            data_directory=settings.data_directory,
        )
        specs = {spec.name: spec for spec in SERVICES[projection.service].consumers(context, bus)}
        await rebuild(projection, specs[projection.consumer], database, bus, must_agree=must_agree)


async def _make_tables(projection: Projection, database: Database, consumer: str) -> None:
    await _drop_tables(projection, database)
    async with database.worker() as session:
        for table in ("consumer_offset", "parked_event"):
            await session.connection.execute(f"DELETE FROM {table} WHERE consumer = $1", consumer)  # noqa: S608
    worker = RoleNames.of(projection.service).worker
    made = []
    for table in projection.tables:
        made.append(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
        made.append(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {SCHEMA}.{table} TO {worker}")
    await _as_owner(database, made)


async def _drop_tables(projection: Projection, database: Database) -> None:
    drops = [f"DROP TABLE IF EXISTS {SCHEMA}.{table}" for table in projection.tables]
    await _as_owner(database, ["SET LOCAL client_min_messages = warning", *drops])


async def _as_owner(database: Database, statements: list[str]) -> None:
    connection = await asyncpg.connect(database.urls.owner)
    try:
        async with connection.transaction():
            for statement in statements:
                await connection.execute(statement)
    finally:
        await connection.close()
