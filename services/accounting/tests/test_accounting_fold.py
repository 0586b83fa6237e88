"""Activity into sums on a real database: exact, once each, in any order, in both clocks."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from zerocarbon.accounting.consumers import activity_fold
from zerocarbon.accounting.service.draft_facts import units_of
from zerocarbon.accounting.store import reference, sums
from zerocarbon.accounting.store.positions import ACTIVITY_CONSUMER
from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.stage import Stage
from zerocarbon.common.consumer.parked import Parked
from zerocarbon.contracts.activity import ACTIVITY, ActivityCorrected, ReadingsCorrected, ReadingsRecorded
from zerocarbon.contracts.base import Event
from zerocarbon.proof.fold import Sums
from zerocarbon.proof.period import Period

MakeStage = Callable[[], Awaitable[Stage]]
LATER = datetime(2024, 3, 5, tzinfo=UTC)


async def read(stage: Stage, known_on: date | None = None, zone: str = plant.ZONE) -> Sums:
    async with stage.database.request(plant.ORGANISATION) as session:
        factory = await reference.factory(session.connection, plant.ORGANISATION, plant.FACTORY)
        span = Period(plant.START, plant.END).instants(zone)
        found = await sums.read(session.connection, units_of(factory), factory.bucket_seconds, span, known_on)
    return found.sums


def of(found: Sums, code: str) -> Decimal:
    return sum((quantity for key, quantity in found.items() if key[0] == code), Decimal(0))


def expected(code: str) -> Decimal:
    """The month's sum of a meter, by plain addition."""
    return sum((plant.reading(code, index) for index in range(plant.COUNT)), Decimal(0))


async def test_sums_are_exact_and_a_second_reading_adds_nothing(stage: Stage) -> None:
    await stage.publish(plant.registrations(), plant.RECORDED)
    await stage.publish(plant.month(), plant.RECORDED)
    await stage.consume(max_records=17)
    first = await read(stage)
    assert {code: of(first, code) for code in plant.METERED} == {
        code: expected(code) for code in plant.METERED
    }
    assert {code: of(first, code) for code in plant.RECORDS} == plant.RECORDS
    await stage.consume()
    assert (await read(stage)).digest() == first.digest()


async def test_order_and_batching_make_no_difference(make_stage: MakeStage) -> None:
    shuffled = plant.month(block=41)
    random.Random(20240101).shuffle(shuffled)
    digests = set()
    for facts, batch in ((plant.month(block=96), 10_000), (shuffled, 23)):
        stage = await make_stage()
        await stage.publish(plant.registrations(), plant.RECORDED)
        await stage.publish(facts, plant.RECORDED)
        await stage.consume(max_records=batch)
        digests.add((await read(stage)).digest())
    assert len(digests) == 1


async def test_activity_may_come_before_its_factory_is_known(stage: Stage) -> None:
    """The time zone decides the finest bucket, and it may arrive after the readings."""
    await stage.publish(plant.month(), plant.RECORDED)
    await stage.consume()
    await stage.publish(plant.registrations(), plant.RECORDED)
    await stage.consume()
    found = await read(stage)
    assert of(found, "grid") == expected("grid")
    assert {high - low for (code, low, high, _), _ in found.items() if code == "grid"} == {3600}


async def test_a_correction_moves_the_sums_from_the_day_it_was_recorded(stage: Stage) -> None:
    late = ActivityCorrected(
        factory_id=plant.FACTORY,
        source_id=plant.source_id("gas"),
        recorded_at=LATER,
        record="gas-2024-01",
        revision=2,
        start=plant.MIDNIGHT,
        end=plant.MIDNIGHT + timedelta(days=31),
        previous=plant.RECORDS["gas"],
        quantity=Decimal("11000"),
        unit="Nm3",
        origin="manual",
        reason="meter read again",
    )
    await stage.publish(plant.registrations(), plant.RECORDED)
    await stage.publish(plant.month(), plant.RECORDED)
    await stage.publish([plant.correction(LATER, 8, Decimal("-1.5")), late], LATER)
    await stage.consume()
    now, before = await read(stage), await read(stage, known_on=date(2024, 3, 4))
    assert (of(now, "grid"), of(now, "gas")) == (expected("grid") - 6, Decimal(11000))
    assert (of(before, "grid"), of(before, "gas")) == (expected("grid"), plant.RECORDS["gas"])


async def test_bad_events_are_parked_with_their_reason_and_the_rest_goes_on(stage: Stage) -> None:
    good = plant.readings("grid", 0, 4)
    bad = {
        "no JSON": b"{",
        "no UUID": good.data().replace(plant.source_id("grid").encode(), b"grid"),
        "a float": good.data().replace(b'"100.125"', b"100.125"),
        "an unknown unit": good.data().replace(b'"kWh"', b'"furlong"'),
        "half a second": good.data().replace(b"16:00:00Z", b"16:00:00.5Z"),
        "too many digits": good.data().replace(b'"100.125"', b'"1000000000000000.125"'),
    }
    await stage.publish(plant.registrations(), plant.RECORDED)
    await stage.publish([good], plant.RECORDED)
    for data in bad.values():
        assert data != good.data()
        await stage.publish_bytes(ReadingsRecorded.TYPE, ACTIVITY, plant.FACTORY, data)
    unequal = plant.correction(LATER, 0, Decimal(1)).model_copy(update={"previous": [Decimal(1)]})
    await stage.publish_bytes(ReadingsCorrected.TYPE, ACTIVITY, plant.FACTORY, unequal.data())
    await stage.publish_bytes("zerocarbon.activity.guessed.v1", ACTIVITY, plant.FACTORY, b"{}")
    await stage.publish([plant.readings("grid", 4, 4)], plant.RECORDED)
    await stage.consume()
    assert of(await read(stage), "grid") == sum(plant.reading("grid", index) for index in range(8))
    async with stage.database.worker() as session:
        parked = await Parked(ACTIVITY_CONSUMER).waiting(session.connection, key=plant.FACTORY)
    assert len(parked) == len(bad) + 2
    assert [one.record.value for one in parked[: len(bad)]] == list(bad.values())
    assert all(one.reason for one in parked)


async def test_compaction_changes_no_sum_and_crosses_no_recorded_day(stage: Stage) -> None:
    await stage.publish(plant.registrations(), plant.RECORDED)
    await stage.consume()
    events: list[Event] = [plant.readings("grid", index, 1) for index in range(96)]
    await stage.publish(events, plant.RECORDED)
    await stage.publish(
        [plant.correction(LATER, 0, Decimal(1)), plant.correction(LATER, 0, Decimal(2))], LATER
    )
    await stage.consume(max_records=1)
    before, known = await read(stage), await read(stage, known_on=plant.RECORDED.date())
    async with stage.database.worker() as session:
        rows = await session.connection.fetchval("SELECT count(*) FROM sum_delta")
        stretch = {plant.source_id("grid"): sums.Stretch(0, 2**40)}
        await sums.compact(session.connection, stretch, many=2)
        fewer = await session.connection.fetchval("SELECT count(*) FROM sum_delta")
        apart = await session.connection.fetchval(
            "SELECT count(DISTINCT (unit, bucket_start, bucket_end, recorded_day)) FROM sum_delta"
        )
        days = await session.connection.fetchval("SELECT count(DISTINCT recorded_day) FROM sum_delta")
    assert rows == 98
    assert fewer == apart < rows
    assert days == 2
    assert (await read(stage)).digest() == before.digest()
    assert (await read(stage, known_on=plant.RECORDED.date())).digest() == known.digest()


async def test_a_bucket_that_gathered_many_deltas_is_merged_by_the_fold_itself(stage: Stage) -> None:
    await stage.publish(
        [plant.readings("grid", 0, 1) for _ in range(activity_fold.FLUSHES + 6)], plant.RECORDED
    )
    await stage.publish(plant.registrations(), plant.RECORDED)
    await stage.consume(max_records=1)
    async with stage.database.worker() as session:
        rows = await session.connection.fetchval("SELECT count(*) FROM sum_delta")
    assert rows < sums.WORTH
    assert of(await read(stage), "grid") == plant.reading("grid", 0) * (activity_fold.FLUSHES + 6)


async def test_one_organisation_does_not_see_the_sums_of_another(stage: Stage) -> None:
    await stage.publish(plant.registrations(), plant.RECORDED)
    await stage.publish(plant.month(), plant.RECORDED)
    await stage.consume()
    stranger = "00000000-0000-7000-8000-00000000dead"
    async with stage.database.request(stranger) as session:
        assert await session.connection.fetchval("SELECT count(*) FROM sum_delta") == 0
    async with stage.database.request(plant.ORGANISATION) as session:
        assert await session.connection.fetchval("SELECT count(*) FROM sum_delta") > 0
