"""The register of a factory is the longest stream that commands load: it is kept in snapshots."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest_asyncio

from zerocarbon.common.assembly import assemble
from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.clock import FixedClock
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import Call
from zerocarbon.common.eventstore.aggregate import Loaded, load
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.ids import natural_id
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.reference import (
    FactoryRegistered,
    MeterRegistered,
    OrganisationRegistered,
    SourceRegistered,
)
from zerocarbon.ingest.domain import factory
from zerocarbon.ingest.domain.factory import Factory
from zerocarbon.ingest.service import factories, organisations

ORGANISATION, OTHER = natural_id("organisation", "mine"), natural_id("organisation", "other")
FACTORY, SOURCE = natural_id("factory"), natural_id("source")
STREAM = factory.stream(FACTORY)
assert factory.decider.snapshots is not None
EVERY = factory.decider.snapshots.every
FROM_ZERO = replace(factory.decider, snapshots=None)

PLANT = FactoryRegistered(
    factory_id=FACTORY,
    organisation_id=ORGANISATION,
    owned_from=date(2020, 1, 1),
    code="cell-plant",
    name_en="Cell plant",
    name_zh="电池片工厂",
    time_zone="Asia/Shanghai",
    country="CN",
    grid_region="CN-JS",
    state="operating",
    industry="photovoltaic",
    products=["photovoltaic-cell"],
)
ROOF = SourceRegistered(
    factory_id=FACTORY,
    source_id=SOURCE,
    code="roof",
    name_en="Roof",
    name_zh="屋顶光伏",
    kind="electricity-generation",
    substance="electricity",
    unit="kWh",
    attributes={"roof_owner": "us", "attributes_sold": "no"},
)


def meter(number: int) -> MeterRegistered:
    return MeterRegistered(
        factory_id=FACTORY,
        meter_id=natural_id("meter", str(number)),
        source_id=SOURCE,
        code=f"m{number}",
        unit="kWh",
        interval_seconds=900,
    )


async def register(service: ServiceContext, fact: Event, *, dry_run: bool = False) -> Answer:
    match fact:
        case FactoryRegistered():
            use_case = factories.register_factory(fact)
        case SourceRegistered():
            use_case = factories.register_source(fact)
        case MeterRegistered():
            use_case = factories.register_meter(fact)
        case OrganisationRegistered():
            use_case = organisations.register(fact)
        case _:
            raise TypeError(fact)
    principal = Principal(natural_id("principal"))
    return await service.commands.run(Call("test", principal, ORGANISATION, dry_run=dry_run), use_case)


@pytest_asyncio.fixture
async def service(service_database: MakeDatabase) -> AsyncIterator[ServiceContext]:
    """A plant one event short of its first snapshot."""
    database = await service_database("ingest")
    clock, notifier = FixedClock(datetime(2025, 6, 30, tzinfo=UTC)), Notifier(database)
    context = assemble(
        "ingest", database, EmbeddedBus({}), clock, notifier, data_directory=Path("/nonexistent")
    )
    mine = OrganisationRegistered(
        organisation_id=ORGANISATION, code="maker", name_en="Maker", name_zh="制造商"
    )
    for fact in (mine, PLANT, ROOF, *map(meter, range(3, EVERY))):
        assert (await register(context, fact)).status == 201
    yield context


async def snapshots(service: ServiceContext) -> list[tuple[str, int, str]]:
    async with service.database.worker() as session:
        rows = await session.connection.fetch("SELECT stream_id, version, fold FROM snapshot")
    return [tuple(row) for row in rows]


async def both_ways(service: ServiceContext) -> tuple[Loaded[Factory], Loaded[Factory]]:
    """The register as commands load it, and folded from its first event on."""
    async with service.database.request(ORGANISATION) as session:
        return (
            await load(session.connection, service.store, STREAM, factory.decider),
            await load(session.connection, service.store, STREAM, FROM_ZERO),
        )


async def test_a_load_from_a_snapshot_equals_one_from_zero(service: ServiceContext) -> None:
    assert await snapshots(service) == []
    await register(service, meter(EVERY), dry_run=True)
    assert await snapshots(service) == [], "a snapshot is rolled back with its events"
    await register(service, meter(EVERY))
    ((stream, version, _),) = await snapshots(service)
    assert (stream, version) == (STREAM, EVERY)
    await register(service, meter(EVERY + 1))
    kept, whole = await both_ways(service)
    assert (kept.kept, kept.version, whole.kept, whole.version) == (EVERY, EVERY + 1, 0, EVERY + 1)
    assert kept.state == whole.state
    assert list(kept.state.meters) == [f"m{number}" for number in range(3, EVERY + 2)]
    again = await register(service, meter(3))
    assert again.status == 200, "what the snapshot holds is known to commands"


async def test_a_snapshot_of_another_fold_is_ignored_and_replaced(service: ServiceContext) -> None:
    await register(service, meter(EVERY))
    ((_, _, stamp),) = await snapshots(service)
    async with service.database.worker() as session:
        # What an older release left behind: it is not even read, or this state would fail to decode.
        await session.connection.execute("UPDATE snapshot SET fold = 'older', state = 'unreadable'")
    kept, whole = await both_ways(service)
    assert (kept.kept, kept.version) == (0, EVERY)
    assert kept.state == whole.state
    await register(service, meter(EVERY + 1))
    assert await snapshots(service) == [(STREAM, EVERY + 1, stamp)]
    kept, whole = await both_ways(service)
    assert kept.kept == EVERY + 1
    assert kept.state == whole.state


async def test_another_organisation_folds_nothing(service: ServiceContext) -> None:
    await register(service, meter(EVERY))
    async with service.database.request(OTHER) as session:
        found = await load(session.connection, service.store, STREAM, factory.decider)
    assert (found.state, found.version) == (Factory(), 0)


def test_a_new_form_of_the_state_needs_a_new_fold() -> None:
    """Who changes these bytes or what they mean raises `fold`, so that kept snapshots are passed over."""
    state = Factory()
    for fact in (PLANT, ROOF, meter(1)):
        state = factory.evolve(state, fact)
    assert factory.decode(factory.encode(state)) == state
    assert factory.decider.snapshots is not None
    assert factory.decider.snapshots.fold == "1"
    plant, roof, first = (fact.model_dump_json(exclude_none=True) for fact in (PLANT, ROOF, meter(1)))
    expected = f'{{"registered":{plant},"sources":[{roof}],"meters":[{first}]}}'
    assert factory.encode(state) == expected.encode()
