"""What keeps a period from being closed, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from zerocarbon.accounting.store.positions import ACTIVITY_CONSUMER
from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import (
    CLOSED_AT,
    FACTORY,
    Office,
    furnish,
    key,
    rules,
)
from zerocarbon.accounting.testing.stage import Stage
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.activity import ACTIVITY, ReadingsRecorded
from zerocarbon.contracts.certificate import CERTIFICATE, UnitsRetired

MakeStage = Callable[[], Awaitable[Stage]]


async def test_more_certificates_than_consumption_are_refused_not_capped(stage: Stage) -> None:
    office = await furnish(stage, [*plant.month(), plant.retirement(1000)])
    await office.factors()
    inventory = await office.opened()
    assert rules(await office.close(inventory)) == {"DC19"}


@pytest.mark.requirement("R175")
async def test_who_prepared_does_not_close(office: Office) -> None:
    await office.factors()
    inventory = await office.opened()
    both = office.stage.service.with_key("zc_both")
    await office.stage.publish([key("both", "preparer", "reviewer")], CLOSED_AT)
    await office.stage.consume()
    helped = {"categories": [{"category": 1, "state": "calculated"}]}
    assert (await both.post(f"{FACTORY}/inventories/{inventory}/screening", json=helped)).status_code == 200
    assert rules(await both.post(f"{FACTORY}/inventories/{inventory}/close")) == {"R175"}
    assert (await office.close(inventory)).status_code == 200


@pytest.mark.requirement("R7", "R38")
async def test_what_is_missing_is_named_and_the_preview_says_the_same(stage: Stage) -> None:
    some = [fact for fact in plant.month() if fact.source_id not in map(plant.source_id, ("grid", "gas"))]
    office = await furnish(stage, [*some])
    await office.factors()
    inventory = await office.opened()
    preview = (await office.preparer.get(f"{FACTORY}/inventories/{inventory}/preview")).json()
    asked = {question["rule"] for question in preview["open_questions"]}
    assert asked == {"R7", "R38", "R121"}
    assert not preview["complete"]
    assert rules(await office.close(inventory)) == asked


@pytest.mark.requirement("R26")
async def test_a_source_is_left_out_with_reason_size_and_approver(stage: Stage) -> None:
    office = await furnish(
        stage, [fact for fact in plant.month() if fact.source_id != plant.source_id("gas")]
    )
    await office.factors()
    inventory = await office.opened()
    assert rules(await office.close(inventory)) == {"R7"}
    place = f"{FACTORY}/inventories/{inventory}/exclusions"
    wish = {"source": "gas", "reason": "the boiler was shut", "estimate_kg": "12.5"}
    assert (await office.preparer.post(place, json=wish)).status_code == 200
    assert rules(await office.close(inventory)) == {"R7", "R26"}
    assert (await office.reviewer.post(f"{place}/gas/approval")).status_code == 200
    closed = (await office.close(inventory)).json()
    assert closed["exclusions"] == [{**wish, "approver_id": natural_id("principal", "reviewer")}]


async def test_a_missing_interval_and_a_parked_event_block(stage: Stage) -> None:
    facts = [fact for fact in plant.month(block=1488) if fact != plant.readings("roof", 0, 1488)]
    office = await furnish(stage, [*facts, plant.readings("roof", 1, 1487)])
    await office.factors()
    inventory = await office.opened()
    assert rules(await office.close(inventory)) == {"R121"}
    await stage.publish_bytes(ReadingsRecorded.TYPE, ACTIVITY, plant.FACTORY, b"{}")
    await stage.consume()
    assert rules(await office.close(inventory)) == {"R121", "parked-events"}
    shown = (await office.preparer.get(f"{FACTORY}/positions")).json()
    assert [one["type"] for one in shown["parked"]] == [ReadingsRecorded.TYPE]


async def test_facts_about_certificates_that_could_not_be_read_block(office: Office) -> None:
    await office.factors()
    inventory = await office.opened()
    await office.stage.publish_bytes(UnitsRetired.TYPE, CERTIFICATE, "some-block", b"{}")
    await office.stage.consume()
    assert rules(await office.close(inventory)) == {"parked-events"}


async def test_a_halted_partition_with_facts_of_the_factory_blocks(office: Office) -> None:
    await office.factors()
    inventory = await office.opened()
    async with office.stage.database.worker() as session:
        await session.connection.execute(
            "UPDATE consumer_offset SET halted = 'a number is missing' WHERE consumer = $1", ACTIVITY_CONSUMER
        )
    assert rules(await office.close(inventory)) == {"halted-partition"}


async def test_sums_that_do_not_follow_from_the_events_are_never_closed(office: Office) -> None:
    """The paired assertion: what was kept against what the events say."""
    await office.factors()
    inventory = await office.opened()
    async with office.stage.database.worker() as session:
        await session.connection.execute(
            "INSERT INTO sum_delta SELECT source_id, unit, bucket_start, bucket_end, 1, recorded_day"
            " FROM sum_delta WHERE source_id = $1 LIMIT 1",
            plant.source_id("grid"),
        )
    assert rules(await office.close(inventory)) == {"sums-differ"}


async def test_of_two_closes_at_once_one_wins(office: Office) -> None:
    await office.factors()
    inventory = await office.opened()
    answers = await asyncio.gather(*(office.close(inventory) for _ in range(3)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 200
    assert set(codes[1:]) <= {409, 422}
    shown = (await office.preparer.get(f"{FACTORY}/inventories/{inventory}")).json()
    assert [one["version"] for one in shown["versions"]] == [1]


async def test_activity_in_a_unit_of_another_dimension_is_a_problem_and_no_fault(office: Office) -> None:
    inventory = await office.opened()
    wrong = plant.readings("grid", 0, 1).model_copy(update={"unit": "kg"})
    await office.stage.publish([wrong], CLOSED_AT)
    await office.stage.consume()
    assert rules(await office.close(inventory)) == {"unit-dimension"}
