"""Readings and records of six plants, and the state that accounting makes of them, in normalised form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from zerocarbon.common.eventstore.event import NewEvent, StreamAppend
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.ids import natural_id, new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.contracts.activity import ActivityEvent, ActivityRecorded, ReadingsRecorded
from zerocarbon.proof.fold import Delta, Sums

PROCESSOR = "zerocarbon.accounting.consumers.activity_fold:ActivityProcessor"
PLANTS = 6
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def fact(number: int) -> ActivityEvent:
    """One fact of one plant: an hour of its meter in quarter-hours, now and then the gas of an hour."""
    hour, plant = divmod(number, PLANTS)
    factory = natural_id("factory", f"plant-{plant}")
    start = BEGIN + timedelta(hours=hour)
    recorded_at = BEGIN + timedelta(days=1 + hour // 24)
    if hour % 10 == 9:
        return ActivityRecorded(
            factory_id=factory,
            source_id=natural_id("source", factory, "gas"),
            recorded_at=recorded_at,
            record=f"gas-{hour}",
            start=start,
            end=start + timedelta(hours=1),
            quantity=Decimal(number) / 8 + 1,
            unit="Nm3",
        )
    return ReadingsRecorded(
        factory_id=factory,
        source_id=natural_id("source", factory, "grid"),
        recorded_at=recorded_at,
        meter_id=natural_id("meter", factory, "grid"),
        unit="kWh",
        start=start,
        interval_seconds=900,
        values=[Decimal(100_000 + number * 4 + quarter) / 1000 for quarter in range(4)],
    )


async def publish(database: Database, facts: Sequence[ActivityEvent]) -> None:
    """Appends facts in one transaction, each on a stream of its own."""
    appends = [StreamAppend(f"activity/{new_id()}", 0, (NewEvent(it, None, new_id()),)) for it in facts]
    store = EventStore()
    async with database.worker() as session:
        await store.append(session.connection, appends, BEGIN)
        await store.notify(session.connection)


def plain_totals(facts: Iterable[ActivityEvent]) -> dict[str, Decimal]:
    """What each source comes to, by plain addition over the facts."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for it in facts:
        if isinstance(it, ReadingsRecorded):
            totals[it.source_id] += sum(it.values, Decimal(0))
        else:
            assert isinstance(it, ActivityRecorded)
            totals[it.source_id] += it.quantity
    return dict(totals)


async def totals(database: Database) -> dict[str, Decimal]:
    """What each source comes to in accounting's sums."""
    async with database.reader() as session:
        rows = await session.connection.fetch(
            "SELECT source_id::text, sum(quantity) AS quantity FROM sum_delta GROUP BY source_id"
        )
    return {row["source_id"]: row["quantity"] for row in rows}


async def digest(database: Database) -> str:
    """The digest of accounting's sums by source, bucket and recorded day, however many deltas they lie in."""
    async with database.reader() as session:
        rows = await session.connection.fetch(
            "SELECT source_id || E'\\t' || unit, bucket_start, bucket_end, quantity, recorded_day"
            " FROM sum_delta"
        )
    sums = Sums()
    sums.add(Delta(*row) for row in rows)
    return sums.digest()


def holds(database: Database, facts: Sequence[ActivityEvent]) -> Callable[[], Awaitable[bool]]:
    """Whether as much as these facts has arrived; more than that ends the waiting too, and shows."""
    wanted = sum(plain_totals(facts).values())

    async def enough() -> bool:
        return sum((await totals(database)).values()) >= wanted

    return enough
