"""Many connections want the same units at once: one wins, nothing is lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

from zerocarbon.certificates.service import retirements
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.eventstore.store import VersionConflict
from zerocarbon.common.eventstore.upcast import decode
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.certificate import UnitsReserved, UnitsRetired

SEED = 20250615


async def attempt(installation: Any, order: Any) -> str:
    """Reserves and submits; how that ended."""
    use_case = retirements.reserve(installation.store, order, submit=True)
    try:
        answer: Answer = await installation.run(use_case)
    except VersionConflict:
        return "outrun"
    return "won" if answer.status == 202 else answer.body["errors"][0]["rule"]


async def test_of_many_that_want_the_same_range_one_wins(
    installation: Any, gec: Any, make_order: Any
) -> None:
    await installation.registry().issue(gec())
    orders = [make_order(f"caller-{number}", 0, 500) for number in range(16)]
    ended = Counter(await asyncio.gather(*(attempt(installation, order) for order in orders)))
    assert ended["won"] == 1
    assert set(ended) <= {"won", "DC09", "outrun"}
    assert await installation.tiles() == [(0, 500, "reserved"), (500, 1000, "held")]
    assert len(await installation.events(UnitsReserved)) == 1


async def test_any_interleaving_keeps_the_sum_and_retires_no_unit_twice(
    installation: Any, gec: Any, make_order: Any
) -> None:
    """Reservations, confirmations and releases of overlapping ranges, from many connections."""
    source = random.Random(SEED)
    registry = installation.registry()
    await registry.issue(gec())

    async def caller(name: str) -> None:
        for step in range(4):
            low = source.randrange(0, 950)
            order = make_order(f"{name}-{step}", low, low + source.randrange(1, 50))
            if await attempt(installation, order) == "won" and source.random() < 0.4:
                await installation.run(
                    retirements.release(installation.store, order.correlation_id, "called back")
                )

    async def registry_side() -> None:
        for _ in range(25):
            waiting = await installation.rows(
                "SELECT low, high, correlation_id::text FROM holding WHERE state = 'reserved'"
            )
            if waiting:
                tile = source.choice(waiting)
                await registry.tell(
                    "retired", tile["low"], tile["high"], correlation_id=tile["correlation_id"]
                )
            await asyncio.sleep(0.005)

    await asyncio.gather(registry_side(), *(caller(f"caller-{number}") for number in range(8)))

    tiles = await installation.tiles()
    assert sum(high - low for low, high, _ in tiles) == 1000, f"seed {SEED}"
    retired = [
        unit for event in await installation.events(UnitsRetired) for unit in range(event.low, event.high)
    ]
    assert len(retired) == len(set(retired)), f"seed {SEED}"
    assert len(retired) == sum(high - low for low, high, state in tiles if state == "retired")


async def test_the_tiles_are_the_fold_of_the_events(
    installation: Any, gec: Any, make_order: Any, given: Any
) -> None:
    registry = installation.registry()
    await registry.issue(gec())
    first, second = make_order("first", 100, 300), make_order("second", 250, 260)
    await attempt(installation, first)
    await installation.run(retirements.release(installation.store, first.correlation_id, "called back"))
    await attempt(installation, second)
    await registry.tell("retired", 250, 255, correlation_id=second.correlation_id)
    await registry.tell("withdrawn", 200, 252, reason="issued in error")
    await registry.tell("transferred", 0, 10, holder_organisation_id=natural_id("organisation", "buyer"))

    async with installation.database.reader() as session:
        stream = f"block/{installation.block_id}"
        stored = await installation.store.load_stream(session.connection, stream)
    folded = given([decode(event.type, event.data) for event in stored])
    shown = [
        (
            tile.range.low,
            tile.range.high,
            tile.state,
            tile.organisation_id,
            tile.transfers,
            tile.retirement_id,
        )
        for tile in folded.holdings
    ]
    rows = await installation.rows(
        "SELECT low, high, state, organisation_id::text, transfers, retirement_id::text FROM holding"
        " ORDER BY low"
    )
    assert shown == [tuple(row.values()) for row in rows]
