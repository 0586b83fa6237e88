"""Old versions of events: lifted by chained upcasters wherever stored bytes are read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
import pytest_asyncio

from zerocarbon.common.bus.record import Record, RecordRun
from zerocarbon.common.consumer.handlers import EventHandlers
from zerocarbon.common.eventstore.aggregate import load
from zerocarbon.common.eventstore.decider import Decider, Snapshots
from zerocarbon.common.eventstore.event import NewEvent, StreamAppend
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.eventstore.upcast import UPCASTERS, UnknownEventType, decode
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.session import WorkerSession
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.contracts.base import Event, Exact, topic
from zerocarbon.contracts.registry import EVENTS
from zerocarbon.proof.numbers import canonical

ORGANISATION = "0190a000-0000-7000-8000-000000000001"
NOW = datetime(2025, 6, 30, tzinfo=UTC)


class _Trial(Event):
    TOPIC: ClassVar[str] = topic("alert")

    def key(self) -> str:
        return "trial"

    def subject(self) -> str:
        return "trial/1"


class TankFilledV0(_Trial):
    """As it was first: litres, as a number."""

    TYPE: ClassVar[str] = "zerocarbon.trial.tank-filled.v0"
    litres: int


class TankFilledV1(_Trial):
    """Then with a unit beside an exact quantity."""

    TYPE: ClassVar[str] = "zerocarbon.trial.tank-filled.v1"
    quantity: Exact
    unit: str


class TankFilled(_Trial):
    """Today: cubic metres, and who filled it."""

    TYPE: ClassVar[str] = "zerocarbon.trial.tank-filled.v2"
    cubic_metres: Exact
    filled_by: str


def with_unit(old: dict[str, Any]) -> dict[str, Any]:
    return {"quantity": str(old["litres"]), "unit": "l"}


def in_cubic_metres(old: dict[str, Any]) -> dict[str, Any]:
    assert old["unit"] == "l"
    return {"cubic_metres": f"0.{int(old['quantity']):03d}", "filled_by": "unknown"}


V0 = TankFilledV0(litres=250)
V1 = TankFilledV1.model_validate({"quantity": "40", "unit": "l"})
V2 = TankFilled.model_validate({"cubic_metres": "0.005", "filled_by": "night shift"})


@pytest.fixture
def chained(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product as it would be after two changes of one event."""
    monkeypatch.setitem(EVENTS, TankFilled.TYPE, TankFilled)
    monkeypatch.setitem(UPCASTERS, TankFilledV0.TYPE, (TankFilledV1.TYPE, with_unit))
    monkeypatch.setitem(UPCASTERS, TankFilledV1.TYPE, (TankFilled.TYPE, in_cubic_metres))


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> AsyncIterator[Database]:
    yield await service_database("ingest")


@pytest.mark.usefixtures("chained")
def test_an_old_version_passes_all_steps_of_its_chain() -> None:
    lifted = decode(V0.TYPE, V0.data())
    assert lifted == TankFilled.model_validate({"cubic_metres": "0.25", "filled_by": "unknown"})
    assert decode(V1.TYPE, V1.data()) == TankFilled.model_validate(
        {"cubic_metres": "0.04", "filled_by": "unknown"}
    )
    assert decode(V2.TYPE, V2.data()) == V2


@pytest.mark.usefixtures("chained")
def test_lifted_data_are_held_to_todays_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers: Any = (TankFilled.TYPE, lambda old: {"cubic_metres": 0.04, "filled_by": "unknown"})
    monkeypatch.setitem(UPCASTERS, TankFilledV1.TYPE, numbers)
    with pytest.raises(ValueError, match="a quantity is written as a string"):
        decode(V0.TYPE, V0.data())


def test_a_chain_that_leads_nowhere_is_an_unknown_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UPCASTERS, TankFilledV0.TYPE, (TankFilledV1.TYPE, with_unit))
    with pytest.raises(UnknownEventType, match=r"tank-filled\.v1"):
        decode(V0.TYPE, V0.data())


def _filled(state: tuple[str, ...], event: Event) -> tuple[str, ...]:
    assert isinstance(event, TankFilled), "a fold meets today's form only"
    return (*state, f"{canonical(event.cubic_metres)} by {event.filled_by}")


TANK: Decider[tuple[str, ...]] = Decider(initial=tuple, evolve=_filled)


@pytest.mark.usefixtures("chained")
async def test_an_aggregate_is_loaded_from_versions_of_all_ages(database: Database) -> None:
    store = EventStore()
    for version, fact in enumerate((V0, V1, V2)):
        async with database.worker() as session:
            event = NewEvent(fact, ORGANISATION, new_id())
            await store.append(session.connection, [StreamAppend("tank", version, (event,))], NOW)
    async with database.worker() as session:
        loaded = await load(session.connection, store, "tank", TANK)
        stored = await store.load_stream(session.connection, "tank")
    assert loaded.state == ("0.25 by unknown", "0.04 by unknown", "0.005 by night shift")
    # What was stored stays as it was stored.
    assert [(event.type, event.data) for event in stored] == [(e.TYPE, e.data()) for e in (V0, V1, V2)]


def record(event: Event, offset: int) -> Record:
    return Record(event.TOPIC, 0, offset, event.key(), {"id": new_id(), "type": event.TYPE}, event.data())


@pytest.mark.usefixtures("chained")
def test_a_consumer_of_todays_form_is_given_old_ones_lifted() -> None:
    async def keep(session: WorkerSession, event: TankFilled, record: Record) -> None:
        raise AssertionError("nothing is handled before the flush")

    run = RecordRun([record(event, number) for number, event in enumerate((V0, V1, V2))])
    prepared = EventHandlers({TankFilled: keep}).prepare([run])
    assert prepared.rejected == []
    assert [canonical(one.event.cubic_metres) for one in prepared.work] == ["0.25", "0.04", "0.005"]
    assert json.loads(prepared.work[0].record.value) == {"litres": 250}, "the record stays as it came"


def test_a_new_upcaster_makes_snapshots_worthless(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: Snapshots[int] = Snapshots("1", encode=lambda state: str(state).encode(), decode=int)
    stamps = [kept.stamp()]
    monkeypatch.setitem(UPCASTERS, TankFilledV1.TYPE, (TankFilled.TYPE, in_cubic_metres))
    stamps.append(kept.stamp())
    monkeypatch.setitem(UPCASTERS, TankFilledV1.TYPE, ("zerocarbon.trial.tank-filled.v3", in_cubic_metres))
    stamps.append(kept.stamp())
    assert len(set(stamps)) == 3
