"""The database refuses double counting where the application does not look: SQL as the working roles, and as
the owner where those may not even try."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from zerocarbon.certificates.service import retirements
from zerocarbon.common.ids import natural_id

OTHER = natural_id("organisation", "other")
Attempt = Callable[..., Awaitable[None]]


@pytest_asyncio.fixture
async def ledger(installation: Any, gec: Any, make_order: Any) -> Any:
    """A block of 1,000: 0 to 100 retired, 100 to 200 reserved, the rest held."""
    registry = installation.registry()
    await registry.issue(gec())
    store = installation.store
    await installation.run(retirements.reserve(store, make_order("first", 0, 100), submit=True))
    await registry.tell("retired", 0, 100, correlation_id=make_order("first").correlation_id)
    await installation.run(retirements.reserve(store, make_order("second", 100, 200), submit=True))
    assert await installation.tiles() == [(0, 100, "retired"), (100, 200, "reserved"), (200, 1000, "held")]
    return installation


@pytest.fixture
def as_worker(ledger: Any) -> Attempt:
    """Runs SQL as the worker role, to its commit."""

    async def attempt(*statements: str) -> None:
        async with ledger.database.worker() as session:
            for statement in statements:
                await session.connection.execute(statement)

    return attempt


@pytest.fixture
def as_owner(ledger: Any) -> Attempt:
    """Runs SQL as the owner of the tables, to its commit."""

    async def attempt(*statements: str) -> None:
        connection = await asyncpg.connect(ledger.database.urls.owner)
        try:
            async with connection.transaction():
                await connection.execute("ALTER TABLE holding NO FORCE ROW LEVEL SECURITY")
                await connection.execute("ALTER TABLE block NO FORCE ROW LEVEL SECURITY")
                for statement in statements:
                    await connection.execute(statement)
        finally:
            await connection.close()

    return attempt


REFUSALS = (asyncpg.IntegrityConstraintViolationError, asyncpg.InsufficientPrivilegeError)


STEPS_OF_A_WORKER = [
    ("free a retired unit", "UPDATE holding SET state = 'held', retirement_id = NULL WHERE low = 0"),
    (
        "reserve a retired unit",
        "UPDATE holding SET state = 'reserved', retirement_id = NULL, reservation_id = gen_random_uuid(),"
        " expires_at = now(), correlation_id = (SELECT correlation_id FROM retirement_request LIMIT 1)"
        " WHERE low = 0",
    ),
    (
        "give a retired unit to another claim",
        "UPDATE holding SET retirement_id = gen_random_uuid() WHERE low = 0",
    ),
    ("move a retired unit", f"UPDATE holding SET organisation_id = '{OTHER}' WHERE low = 0"),
    ("move a reserved unit", f"UPDATE holding SET organisation_id = '{OTHER}' WHERE low = 100"),
    ("retire without a retirement", "UPDATE holding SET state = 'retired' WHERE low = 200"),
    (
        "retire beyond the retirement",
        "UPDATE holding SET state = 'retired', retirement_id = (SELECT retirement_id FROM retirement)"
        " WHERE low = 200",
    ),
    ("reserve without a request", "UPDATE holding SET state = 'reserved' WHERE low = 200"),
    (
        "reserve for a request of nobody",
        "UPDATE holding SET state = 'reserved', reservation_id = gen_random_uuid(), expires_at = now(),"
        " correlation_id = gen_random_uuid() WHERE low = 200",
    ),
    ("let a tile grow over its neighbour", "UPDATE holding SET high = 150 WHERE low = 0"),
    ("move the beginning of a tile", "UPDATE holding SET low = 150 WHERE low = 100"),
    ("delete a tile", "DELETE FROM holding WHERE low = 200"),
    ("empty the tiles", "TRUNCATE holding"),
    (
        "make a tile",
        "INSERT INTO holding (block_id, low, high, block_low, block_high, unit, organisation_id, state)"
        " SELECT block_id, 0, 1, 0, 1000, 'MWh', organisation_id, 'held' FROM holding WHERE low = 0",
    ),
    ("enlarge a block", "UPDATE block SET high = 2000"),
    ("delete a block", "DELETE FROM block"),
    ("forget a retirement", "DELETE FROM retirement"),
    ("change a retirement", "UPDATE retirement SET low = 50"),
    ("write the sum of the register", "UPDATE generation SET claimed_mwh = 0"),
    ("lower what a month generated", "UPDATE generation SET registered_mwh = 999"),
    ("free generation without a withdrawal", "DELETE FROM generation_claim"),
    ("make a certificate a tonne", "UPDATE retirement_request SET unit = 'tCO2e'"),
    ("change what a retirement is for", "UPDATE retirement_request SET purpose = 'neutrality-claim'"),
]


@pytest.mark.requirement("R132")
async def test_a_worker_can_do_none_of_these(as_worker: Attempt, ledger: Any) -> None:
    before = await ledger.rows("SELECT * FROM holding ORDER BY low")
    assert await went_through(as_worker, STEPS_OF_A_WORKER) == []
    assert await ledger.rows("SELECT * FROM holding ORDER BY low") == before


async def went_through(attempt: Attempt, steps: list[tuple[str, str]]) -> list[str]:
    """The steps that the database allowed; each is a transaction of its own."""
    allowed = []
    for what, statement in steps:
        try:
            await attempt(statement)
        except REFUSALS:
            continue
        allowed.append(what)
    return allowed


async def test_a_unit_is_retired_once_even_with_new_ids(as_worker: Attempt) -> None:
    with pytest.raises(asyncpg.ExclusionViolationError, match="retirement_once"):
        await as_worker(
            "INSERT INTO retirement (retirement_id, organisation_id, correlation_id, block_id, low, high,"
            " unit, retired_on, registry_reference) SELECT gen_random_uuid(), organisation_id,"
            " correlation_id, block_id, 99, 120, unit, retired_on, 'again' FROM retirement"
        )


def _block(low: int, high: int, serial: str = "A", claim_mwh: int | None = None) -> list[str]:
    """SQL for a second block of the same registry, with its claim on the register."""
    block_id, mwh = natural_id("second", serial, str(low)), claim_mwh or high - low
    return [
        "INSERT INTO generation (plant, month, basis, registered_mwh)"
        " VALUES ('other', '2024-01-01', 'metered', 9999) ON CONFLICT DO NOTHING",
        "INSERT INTO generation_claim (claim_id, plant, month, route, mwh)"
        f" VALUES ('{block_id}', 'other', '2024-01-01', 'cn-gec', {mwh})",
        "INSERT INTO block (block_id, issued_to, scheme, registry, serial, low, high, unit, project,"
        " vintage_start, vintage_end, issued_on)"
        f" SELECT '{block_id}', issued_to, scheme, registry, '{serial}', {low}, {high}, unit, project,"
        " vintage_start, vintage_end, issued_on FROM block LIMIT 1",
    ]


@pytest.mark.parametrize(("low", "high"), [(0, 1000), (999, 1001), (500, 501)])
async def test_a_serial_number_is_never_in_two_blocks(as_worker: Attempt, low: int, high: int) -> None:
    with pytest.raises(asyncpg.ExclusionViolationError, match="block_serial_numbers"):
        await as_worker(*_block(low, high))


async def test_numbers_beside_and_in_another_space_are_free(as_worker: Attempt, ledger: Any) -> None:
    await as_worker(*_block(1000, 1100), *_block(0, 1000, serial="B"))
    assert len(await ledger.rows("SELECT FROM block")) == 3


async def test_a_certificate_without_generation_is_refused_at_commit(as_worker: Attempt) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="block_takes_generation"):
        await as_worker(_block(1000, 1100)[2])
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="block_takes_generation"):
        await as_worker(*_block(1000, 1100, claim_mwh=99))


@pytest.mark.requirement("R132")
async def test_more_than_was_generated_cannot_be_claimed(as_worker: Attempt) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="generation_claimed_once"):
        await as_worker(
            "INSERT INTO generation_claim (claim_id, plant, month, route, mwh)"
            " VALUES (gen_random_uuid(), 'wind-01', '2024-01-01', 'evident', 1)"
        )


STEPS_WITHOUT_TRIGGERS = [
    ("a hole", "UPDATE holding SET high = 190 WHERE low = 100"),
    ("a lost end", "UPDATE holding SET high = 900 WHERE low = 200"),
    ("a lost tile", "DELETE FROM holding WHERE low = 100"),
    ("a lost last tile", "DELETE FROM holding WHERE low = 200"),
    ("an overlap", "UPDATE holding SET high = 150 WHERE low = 0"),
    ("two tiles with one end", "UPDATE holding SET high = 200 WHERE low = 0"),
    ("a tile outside", "UPDATE holding SET high = 1001 WHERE low = 200"),
    ("a shifted beginning", "UPDATE holding SET low = 50 WHERE low = 0"),
]


async def test_tiles_cover_their_block_even_for_the_owner_and_without_triggers(as_owner: Attempt) -> None:
    await as_owner("ALTER TABLE holding DISABLE TRIGGER USER")
    assert await went_through(as_owner, STEPS_WITHOUT_TRIGGERS) == []
    # The same way of asking lets a cut through that loses nothing.
    whole = "UPDATE holding SET high = 40 WHERE low = 0"
    rest = (
        "INSERT INTO holding (block_id, low, high, block_low, block_high, unit, organisation_id, state,"
        " retirement_id) SELECT block_id, 40, 100, block_low, block_high, unit, organisation_id, state,"
        " retirement_id FROM holding WHERE low = 0"
    )
    await as_owner(whole, rest)


async def test_a_cut_keeps_everything_of_the_rest(as_worker: Attempt, ledger: Any) -> None:
    await as_worker(
        f"SELECT cut_holding('{ledger.block_id}', 40)", f"SELECT cut_holding('{ledger.block_id}', 150)"
    )
    rows = await ledger.rows(
        "SELECT low, high, state, retirement_id, correlation_id FROM holding WHERE low < 200 ORDER BY low"
    )
    assert [(row["low"], row["high"]) for row in rows] == [(0, 40), (40, 100), (100, 150), (150, 200)]
    assert rows[0]["retirement_id"] == rows[1]["retirement_id"] is not None
    assert rows[2]["correlation_id"] == rows[3]["correlation_id"] is not None


async def test_requests_see_their_own_tiles_and_blocks_only(ledger: Any) -> None:
    async with ledger.database.request(OTHER) as session:
        for table in ("holding", "retirement", "retirement_request"):
            assert await session.connection.fetchval(f"SELECT count(*) FROM {table}") == 0
        assert await session.connection.fetchval("SELECT count(block_id) FROM block") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await session.connection.fetchval("SELECT issued_to FROM block")
