"""A real projection is rebuilt beside the live one: accounting's sums."""

from __future__ import annotations

import pytest

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.stage import Stage
from zerocarbon.common.composition import ConsumerSpec
from zerocarbon.common.consumer.parked import Parked
from zerocarbon.common.consumer.rebuild import DigestsDiffer
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.product.catalogue import SERVICES
from zerocarbon.product.rebuilding import PROJECTIONS, SCHEMA, rebuild

SUMS = PROJECTIONS["accounting", "sums"]
_TOTAL = "SELECT count(DISTINCT (source_id, unit, bucket_start)), sum(quantity) FROM sum_delta"


def spec_of(stage: Stage) -> ConsumerSpec:
    specs = SERVICES["accounting"].consumers(stage.service.context, stage.bus)
    return next(spec for spec in specs if spec.name == SUMS.consumer)


async def total(stage: Stage) -> tuple[object, ...]:
    async with stage.database.worker() as session:
        row = await session.connection.fetchrow(_TOTAL)
    assert row is not None
    return tuple(row)


async def test_sums_are_rebuilt_swapped_and_go_on(service_database: MakeDatabase) -> None:
    async with Stage(await service_database("accounting")) as stage:
        await stage.publish(plant.registrations(), plant.RECORDED)
        await stage.publish(plant.month(), plant.RECORDED)
        await stage.publish_bytes("unknown", "zerocarbon.activity.v1", plant.FACTORY, b"{")
        await stage.consume()
        before = await total(stage)
        assert before[0]
        await rebuild(SUMS, spec_of(stage), stage.database, stage.bus)
        assert await total(stage) == before

        async with stage.database.worker() as session:
            await session.connection.execute("INSERT INTO sum_delta SELECT * FROM sum_delta LIMIT 1")
        with pytest.raises(DigestsDiffer):
            await rebuild(SUMS, spec_of(stage), stage.database, stage.bus)
        assert await total(stage) != before
        await rebuild(SUMS, spec_of(stage), stage.database, stage.bus, must_agree=False)
        assert await total(stage) == before

        await stage.consume()  # under the same name, from the same position: nothing is counted twice
        assert await total(stage) == before
        async with stage.database.worker() as session:
            (parked,) = await Parked(SUMS.consumer).waiting(session.connection)
            names = await session.connection.fetch("SELECT DISTINCT consumer FROM consumer_offset")
            left = await session.connection.fetchval(
                "SELECT count(*) FROM pg_tables WHERE schemaname = $1", SCHEMA
            )
        assert parked.bytes_kept
        assert not [row["consumer"] for row in names if row["consumer"].endswith("-rebuilt")]
        assert left == 0
