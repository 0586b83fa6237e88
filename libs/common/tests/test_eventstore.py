"""The event store: order, versions, immutability, and what a caller must not do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from zerocarbon.common.eventstore.aggregate import Loaded, keep_snapshot_when_due, load
from zerocarbon.common.eventstore.decider import Decider, Snapshots
from zerocarbon.common.eventstore.event import BEGINNING, Cursor, NewEvent, StreamAppend
from zerocarbon.common.eventstore.store import (
    COPY_FROM_ROWS,
    ClockMovedBack,
    EventStore,
    EventTooLarge,
    LoadedAfterWrite,
    VersionConflict,
)
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.contracts.alert import AlertRaised
from zerocarbon.contracts.base import Event

NOW = datetime(2025, 6, 30, tzinfo=UTC)
ORGANISATION = "0190a000-0000-7000-8000-000000000001"
OTHER = "0190a000-0000-7000-8000-000000000002"
store = EventStore()


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> AsyncIterator[Database]:
    yield await service_database("ingest")


def alert(message: str, subject: str = "meter-1") -> AlertRaised:
    return AlertRaised(
        organisation_id=ORGANISATION, subject_id=subject, rule="R119", severity="warning", message=message
    )


def append(stream: str, expected: int, *messages: str, organisation: str = ORGANISATION) -> StreamAppend:
    events = tuple(NewEvent(alert(message), organisation, new_id()) for message in messages)
    return StreamAppend(stream, expected, events)


async def write(database: Database, *appends: StreamAppend, at: datetime = NOW) -> list[int]:
    async with database.worker() as session:
        return await store.append(session.connection, appends, at)


async def read_now(database: Database, cursor: Cursor = BEGINNING, limit: int = 100) -> Sequence[str]:
    async with database.worker() as session:
        found = await store.read_after(session.connection, cursor, limit)
    return [AlertRaised.model_validate_json(event.data).message for event in found]


async def settled(database: Database) -> None:
    """Waits until nothing older runs: transactions of other tests' databases hold reading back too."""
    query = "SELECT bool_and(tx < pg_snapshot_xmin(pg_current_snapshot())) IS NOT FALSE FROM event"
    for _ in range(1000):
        async with database.worker() as session:
            if await session.connection.fetchval(query):
                return
        await asyncio.sleep(0.01)
    raise AssertionError("an older transaction ran for ten seconds")


async def read(database: Database, cursor: Cursor = BEGINNING, limit: int = 100) -> Sequence[str]:
    await settled(database)
    return await read_now(database, cursor, limit)


async def test_a_stream_is_read_back_in_the_order_of_its_versions(database: Database) -> None:
    assert await write(database, append("s", 0, "a", "b")) == [2]
    assert await write(database, append("s", 2, "c")) == [3]
    async with database.worker() as session:
        events = await store.load_stream(session.connection, "s")
    assert [event.version for event in events] == [1, 2, 3]
    assert events[0].data == alert("a").data()


async def test_two_writers_of_one_version_do_not_both_win(database: Database) -> None:
    await write(database, append("s", 0, "a"))
    outcomes = await asyncio.gather(
        *(write(database, append("s", 1, str(number))) for number in range(4)), return_exceptions=True
    )
    assert [outcome for outcome in outcomes if not isinstance(outcome, VersionConflict)] == [[2]]


async def test_several_streams_are_appended_together_or_not_at_all(database: Database) -> None:
    await write(database, append("s", 0, "a"))
    with pytest.raises(VersionConflict):
        await write(database, append("t", 0, "new"), append("s", 0, "late"))
    assert await read(database) == ["a"]


@pytest.mark.parametrize("count", [COPY_FROM_ROWS - 1, COPY_FROM_ROWS, 500])
async def test_many_rows_arrive_whole_by_either_way(database: Database, count: int) -> None:
    await write(database, append("s", 0, *map(str, range(count))))
    assert await read(database, limit=1000) == [str(number) for number in range(count)]


async def test_a_lower_number_that_commits_later_is_not_skipped(database: Database) -> None:
    slow = database.worker()
    session = await slow.__aenter__()
    await store.append(session.connection, [append("slow", 0, "first begun")], NOW)
    await write(database, append("fast", 0, "first done"))
    # The fast one stays unread while an older transaction may still come before it.
    assert await read_now(database) == []
    await slow.__aexit__(None, None, None)
    assert await read(database) == ["first begun", "first done"]


async def test_reading_goes_on_where_a_cursor_stands(database: Database) -> None:
    for number in range(5):
        await write(database, append(f"s{number}", 0, str(number)))
    await settled(database)
    async with database.worker() as session:
        page = await store.read_after(session.connection, BEGINNING, 2)
    assert await read(database, page[-1].cursor) == ["2", "3", "4"]


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET key = 'x'", "DELETE FROM event", "TRUNCATE event", "TRUNCATE event_p0"]
)
async def test_nobody_changes_an_event(database: Database, statement: str) -> None:
    await write(database, append("s", 0, "a"))
    owner = await asyncpg.connect(database.urls.owner)
    try:
        # The owner would pass every check of rights: the database itself has to refuse.
        await owner.execute("ALTER TABLE event NO FORCE ROW LEVEL SECURITY")
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="immutable"):
            await owner.execute(statement)
    finally:
        await owner.close()
    assert await read(database) == ["a"]


async def test_an_event_that_no_broker_would_take_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zerocarbon.common.eventstore.store.MAX_EVENT_BYTES", 1000)
    with pytest.raises(EventTooLarge):
        await write(database, append("s", 0, "fits", "y" * 1000))
    assert await read(database) == []


async def test_an_aggregate_is_loaded_before_the_first_write(database: Database) -> None:
    async with database.worker() as session:
        await store.append(session.connection, [append("s", 0, "a")], NOW)
        with pytest.raises(LoadedAfterWrite):
            await store.load_stream(session.connection, "t")


async def test_the_business_clock_does_not_move_back_within_a_stream(database: Database) -> None:
    await write(database, append("s", 0, "a"))
    with pytest.raises(ClockMovedBack):
        await write(database, append("s", 1, "b"), at=NOW - timedelta(seconds=1))
    assert await read(database) == ["a"]


async def test_an_old_version_is_a_race_and_not_a_matter_of_the_clock(database: Database) -> None:
    await write(database, append("s", 0, "a"))
    await write(database, append("s", 1, "b"), at=NOW + timedelta(seconds=1))
    with pytest.raises(VersionConflict) as lost:
        await write(database, append("s", 1, "late"), at=NOW)
    assert type(lost.value) is VersionConflict


async def test_a_request_moves_no_stream_of_another_organisation(database: Database) -> None:
    await write(database, append("s", 0, "theirs", organisation=OTHER))
    async with database.request(ORGANISATION) as session:
        assert await store.versions(session.connection, ["s"]) == {"s": 0}
        with pytest.raises(VersionConflict):
            await store.append(session.connection, [append("s", 1, "mine")], NOW)


async def test_a_request_reads_and_writes_its_own_organisation_only(database: Database) -> None:
    await write(database, append("s", 0, "theirs", organisation=OTHER))
    async with database.request(ORGANISATION) as session:
        assert await session.connection.fetch("SELECT * FROM event") == []
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await store.append(session.connection, [append("t", 0, "x", organisation=OTHER)], NOW)


def _count(state: int, _event: Event) -> int:
    return state + 1


def _counter(fold: str) -> Decider[int]:
    kept: Snapshots[int] = Snapshots(fold, encode=lambda state: str(state).encode(), decode=int, every=2)
    return Decider(initial=int, evolve=_count, snapshots=kept)


async def keep(database: Database, stream: str, decider: Decider[int]) -> Loaded[int]:
    async with database.worker() as session:
        loaded = await load(session.connection, store, stream, decider)
        return await keep_snapshot_when_due(session.connection, ORGANISATION, loaded, decider)


async def loaded_now(database: Database, stream: str, decider: Decider[int]) -> tuple[int, int, int]:
    """State, version, and the version of the snapshot that it was loaded from."""
    async with database.worker() as session:
        loaded = await load(session.connection, store, stream, decider)
    return loaded.state, loaded.version, loaded.kept


async def test_a_snapshot_of_another_fold_is_ignored_and_replaced(database: Database) -> None:
    await write(database, append("s", 0, "a", "b"))
    await keep(database, "s", _counter("1"))
    async with database.worker() as session:
        # Marked, to see which way a load went.
        await session.connection.execute("UPDATE snapshot SET state = '40'::bytea")
    await write(database, append("s", 2, "c"))
    assert await loaded_now(database, "s", _counter("1")) == (41, 3, 2)
    assert await loaded_now(database, "s", _counter("2")) == (3, 3, 0)
    assert (await keep(database, "s", _counter("2"))).kept == 3
    assert await loaded_now(database, "s", _counter("2")) == (3, 3, 3)


async def test_a_snapshot_is_written_only_when_enough_has_happened_since(database: Database) -> None:
    await write(database, append("s", 0, "a"))
    assert (await keep(database, "s", _counter("1"))).kept == 0
    await write(database, append("s", 1, "b"))
    assert (await keep(database, "s", _counter("1"))).kept == 2
    await write(database, append("s", 2, "c"))
    assert (await keep(database, "s", _counter("1"))).kept == 2


async def test_a_request_folds_no_snapshot_of_another_organisation(database: Database) -> None:
    await write(database, append("s", 0, "a", "b"))
    await keep(database, "s", _counter("1"))
    for organisation, expected in ((ORGANISATION, 2), (OTHER, 0)):
        async with database.request(organisation) as session:
            loaded = await load(session.connection, store, "s", _counter("1"))
        assert (loaded.state, loaded.version, loaded.kept) == (expected, expected, expected)
