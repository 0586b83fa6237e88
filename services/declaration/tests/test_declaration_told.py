"""What other services told: taken over once, whatever is said twice, and parked when it cannot be placed."""

from __future__ import annotations

from typing import Any

import pytest

from zerocarbon.common.bus.record import Record, RecordRun
from zerocarbon.common.consumer.processor import Unacceptable
from zerocarbon.contracts.base import Event
from zerocarbon.declaration.consumers.told import business_time, told
from zerocarbon.declaration.testing import month
from zerocarbon.declaration.testing.story import FACTORY, Story

TABLES = ("organisation", "factory", "register", "inventory", "own_factor", "retired_units")


def record_of(event: Event, **attributes: str) -> Record:
    return Record(event.TOPIC, 0, 1, event.key(), {"type": event.TYPE, **attributes}, event.data())


async def test_a_rebuild_ends_where_the_first_run_ended(told_story: Story) -> None:
    await told_story.begin()

    async def rows() -> list[Any]:
        async with told_story.service.context.database.reader() as session:
            return [
                await session.connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")
                for table in (
                    "organisation",
                    "factory",
                    "register",
                    "inventory",
                    "own_factor",
                    "retired_units",
                )
            ]

    before = await rows()
    assert all(before)
    events = [
        *month.reference(told_story.contents),
        *month.instruments(told_story.contents),
        told_story.closed,
    ]
    processor = told()
    run = RecordRun([record_of(event, time="2024-07-02T00:00:00Z") for event in events])
    prepared = processor.prepare([run])
    async with told_story.service.context.database.worker() as session:
        await processor.flush(session, prepared.work)
    assert await rows() == before


async def test_a_source_of_an_unknown_factory_is_parked_and_named(told_story: Story) -> None:
    source = month.reference(told_story.contents)[2]
    processor = told()
    prepared = processor.prepare([RecordRun([record_of(source, time="2024-07-02T00:00:00Z")])])
    with pytest.raises(Unacceptable, match="is not known"):
        async with told_story.service.context.database.worker() as session:
            await processor.flush(session, prepared.work)
    assert (await told_story.service.http.get(f"{FACTORY}/claims")).status_code == 404


def test_an_event_without_a_time_is_parked() -> None:
    event = month.revoked()
    for attributes in ({}, {"time": "yesterday"}, {"time": "2024-07-02T00:00:00"}):
        with pytest.raises(Unacceptable):
            business_time(record_of(event, **attributes))
