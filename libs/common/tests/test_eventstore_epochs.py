"""Epochs: a store in another database begins one, and what is older stays before what is newer."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
import pytest_asyncio

from zerocarbon.common.eventstore import store as module
from zerocarbon.common.eventstore.event import BEGINNING, Cursor, NewEvent, StoredEvent, StreamAppend
from zerocarbon.common.eventstore.identity import NotRecognised, recognise, verified
from zerocarbon.common.eventstore.store import COPY_FROM_ROWS, EventStore
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.restored import put_elsewhere
from zerocarbon.common.testing.transport import eventually
from zerocarbon.common.testing.trial import NOW, ORGANISATION, Fact, alert

TOPIC = alert(Fact("s", 0)).TOPIC
store = EventStore()


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> Database:
    return await service_database("ingest")


async def append(connection: Connection, stream: str, count: int = 1) -> None:
    events = tuple(NewEvent(alert(Fact(stream, number)), ORGANISATION, new_id()) for number in range(count))
    await store.append(connection, [StreamAppend(stream, 0, events)], NOW)


async def write(database: Database, *streams: str) -> None:
    for stream in streams:
        async with database.worker() as session:
            await append(session.connection, stream)


async def exchanged(database: Database) -> None:
    await put_elsewhere(database.urls)
    await recognise(database.urls)


async def read(
    database: Database, count: int, after: Cursor = BEGINNING, page: int = 100
) -> list[StoredEvent]:
    """So many events in pages, once nothing holds them back any longer."""
    found: list[StoredEvent] = []

    async def enough() -> bool:
        async with database.reader() as session:
            cursor = found[-1].cursor if found else after
            found.extend(await store.read_after(session.connection, cursor, page))
        return len(found) >= count

    await eventually(enough)
    assert len(found) == count
    return found


async def test_a_store_in_another_database_begins_once(database: Database) -> None:
    async with database.reader() as session:
        first = await verified(session.connection)
    assert first.epoch == 1
    assert await recognise(database.urls) == first
    await put_elsewhere(database.urls)
    async with database.reader() as session:
        with pytest.raises(NotRecognised, match="another database of its cluster"):
            await verified(session.connection)
    both = await asyncio.gather(recognise(database.urls), recognise(database.urls))
    assert both[0] == both[1]
    assert (both[0].epoch, both[0].name != first.name) == (2, True)
    async with database.reader() as session:
        assert await verified(session.connection) == both[0]


async def test_every_way_to_append_takes_the_epoch_that_is_now(database: Database) -> None:
    await write(database, "one")
    await exchanged(database)
    await write(database, "two")
    async with database.worker() as session:
        await append(session.connection, "copied", COPY_FROM_ROWS)
    async with database.request(ORGANISATION) as requested:
        await append(requested.connection, "asked for", COPY_FROM_ROWS)
    events = await read(database, 2 + 2 * COPY_FROM_ROWS)
    assert [event.epoch for event in events] == [1] + [2] * (1 + 2 * COPY_FROM_ROWS)


async def test_pages_go_on_over_epochs_even_over_empty_ones(database: Database) -> None:
    await write(database, "a", "b", "c")
    await exchanged(database)
    await exchanged(database)
    await write(database, "d", "e")
    for page in (1, 2, 3, 4):
        events = await read(database, 5, page=page)
        assert [(event.stream, event.epoch) for event in events] == [
            ("a", 1), ("b", 1), ("c", 1), ("d", 3), ("e", 3),
        ]  # fmt: skip
    assert [event.stream for event in await read(database, 3, events[1].cursor)] == ["c", "d", "e"]
    async with database.reader() as session:
        assert await store.read_after(session.connection, events[-1].cursor, 10) == []
        assert await store.holds(session.connection, events[2].cursor)
        assert not await store.holds(session.connection, events[2].cursor._replace(epoch=2))


async def test_events_of_an_old_epoch_come_first_whatever_their_transaction_ids(database: Database) -> None:
    await write(database, "young")
    async with database.worker() as session:
        # As a dump brings them: ids that this server has not reached yet.
        await session.connection.execute(
            "INSERT INTO event"
            " (tx, stream_id, version, event_id, type, topic, key, subject, recorded_at, data) SELECT"
            " (pg_current_xact_id()::text::bigint + 1000000)::text::xid8, 'old', 1, gen_random_uuid(),"
            " 't', $1, 'k', 's', now(), ''",
            TOPIC,
        )
    async with database.reader() as session:
        before = await store.read_after(session.connection, BEGINNING, 10)
    assert "old" not in [event.stream for event in before], "in its own epoch it is not settled"
    await exchanged(database)
    await write(database, "new")
    events = await read(database, 3)
    assert [event.stream for event in events] == ["young", "old", "new"]
    assert events[1].transaction > events[2].transaction
    async with database.reader() as session:
        last = events[-1].cursor
        of_key = await store.read_key(session.connection, TOPIC, "k", BEGINNING, last, 10)
        assert [event.stream for event in of_key] == ["old"]
        assert await store.read_key(session.connection, TOPIC, "k", BEGINNING, events[0].cursor, 10) == []


async def test_a_new_epoch_waits_for_what_is_being_appended(database: Database) -> None:
    async with database.worker() as session:
        await append(session.connection, "under way")
        await put_elsewhere(database.urls)
        beginning = asyncio.create_task(recognise(database.urls))
        await asyncio.sleep(0.2)
        assert not beginning.done()
    assert (await beginning).epoch == 2
    await write(database, "later")
    assert [(event.stream, event.epoch) for event in await read(database, 2)] == [
        ("under way", 1),
        ("later", 2),
    ]


async def test_a_page_is_read_in_the_order_of_the_index(database: Database) -> None:
    await exchanged(database)
    async with database.worker() as session:
        await append(session.connection, "s", 10_000)
    # Of one epoch, as nearly always, and with statistics that say so.
    owner = await asyncpg.connect(database.urls.owner)
    try:
        await owner.execute("ANALYZE event")
    finally:
        await owner.close()
    async with database.reader() as session:
        await session.connection.execute(f"PREPARE page AS {module._PAGE}")
        for mode in ("force_custom_plan", "force_generic_plan"):
            await session.connection.execute(f"SET LOCAL plan_cache_mode = {mode}")
            rows = await session.connection.fetch(f"EXPLAIN EXECUTE page (2, '0', 0, 1000, ARRAY['{TOPIC}'])")
            plan = "\n".join(row[0] for row in rows)
            assert "event_p0_epoch_tx_position_idx" in plan, plan
            assert "Sort  " not in plan, f"everything that is to come is sorted for each page\n{plan}"
