"""All that a draft is computed from, in one snapshot: sums, and how far their topics had been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from zerocarbon.accounting.domain import book
from zerocarbon.accounting.domain.book import Book, Inventory
from zerocarbon.accounting.store import (
    closed_facts,
    inventories,
    own_factors,
    positions,
    reference,
    retirements,
    sums,
)
from zerocarbon.accounting.store.closed_facts import ClosedFacts
from zerocarbon.accounting.store.positions import (
    ACTIVITY_CONSUMER,
    CERTIFICATE_CONSUMER,
    REFERENCE_CONSUMER,
    ReadTo,
)
from zerocarbon.accounting.store.reference import KnownFactory
from zerocarbon.accounting.store.retirements import Retired
from zerocarbon.accounting.store.sums import ReadSums, SourceUnit
from zerocarbon.common.bus.port import Position, TopicPartition
from zerocarbon.common.consumer.parked import Parked
from zerocarbon.common.eventstore.aggregate import Loaded, load
from zerocarbon.common.eventstore.decider import Decider
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.activity import ACTIVITY
from zerocarbon.contracts.reference import REFERENCE
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.period import Period

BOOK: Decider[Book] = Decider(book.initial, book.evolve)


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What one snapshot of the database says about a version.

    `now` is the business time; `sums` are the incremental ones of all buckets that touch the period;
    `partitions` are those in which the factory's own events stand, by topic; `halted` says which of them, or
    of the certificates', cannot be read on; `base` is the closed version that the draft is held against: the
    one that it supersedes, or itself where it is closed.
    """

    book: Loaded[Book]
    inventory: Inventory
    factory: KnownFactory
    period: Period
    now: datetime
    sums: ReadSums
    retired: Retired
    organisation_factors: tuple[Factor, ...]
    parked: int
    halted: tuple[str, ...]
    read_to: tuple[ReadTo, ...]
    partitions: Mapping[str, TopicPartition]
    base: ClosedFacts | None = None

    @property
    def knowledge_date(self) -> date:
        """What was public by then may be used: the business day, in UTC."""
        return self.now.date()

    @property
    def today(self) -> date:
        """The business day at the factory."""
        return self.now.astimezone(ZoneInfo(self.factory.facts.time_zone)).date()

    @property
    def activity_position(self) -> Position | None:
        """How far the fold had read the factory's activity."""
        for one in self.read_to:
            if one.consumer == ACTIVITY_CONSUMER and one.partition == self.partitions[ACTIVITY]:
                return one.position
        return None


def units_of(factory: KnownFactory) -> dict[str, SourceUnit]:
    """Under which codes and units the sums of a factory's sources are read."""
    return {source_id: SourceUnit(one.code, one.unit) for source_id, one in factory.sources.items()}


async def gather(
    context: ServiceContext, organisation_id: str, factory_id: str, inventory_id: str
) -> DraftFacts:
    """Reads everything in one repeatable snapshot, without holding a lock.

    Raises:
        NotFound: no such factory or inventory in the organisation.
    """
    partitions = {topic: await context.bus.partition_of(topic, factory_id) for topic in (ACTIVITY, REFERENCE)}
    async with context.database.reader() as session:
        connection = session.connection
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return await _gathered(context, connection, partitions, organisation_id, factory_id, inventory_id)


async def _gathered(
    context: ServiceContext,
    connection: Connection,
    partitions: Mapping[str, TopicPartition],
    organisation_id: str,
    factory_id: str,
    inventory_id: str,
) -> DraftFacts:
    version = await inventories.find(connection, organisation_id, factory_id, inventory_id)
    factory = await reference.factory(connection, organisation_id, factory_id)
    loaded = await load(connection, context.store, book.stream_of(factory_id, version.profile), BOOK)
    span = version.period.instants(factory.facts.time_zone)
    return DraftFacts(
        book=loaded,
        inventory=loaded.state.inventory(inventory_id),
        factory=factory,
        period=version.period,
        now=await context.business_clock.now(connection),
        sums=await sums.read(connection, units_of(factory), factory.bucket_seconds, span),
        retired=await retirements.of_period(connection, organisation_id, factory_id, version.period),
        organisation_factors=await own_factors.acting(connection, organisation_id),
        parked=await _parked(connection, organisation_id, factory_id),
        halted=await _halted(connection, partitions),
        read_to=tuple(await positions.read_to(connection)),
        partitions=partitions,
        base=await closed_facts.of_base(connection, organisation_id, version),
    )


async def _parked(connection: Connection, organisation_id: str, factory_id: str) -> int:
    """Events that touch this factory and stand aside.

    A parked event about certificates counts for everybody: its key is a block, and which factory it was
    retired for stands in the data that could not be read.
    """
    reference = Parked(REFERENCE_CONSUMER)
    return (
        await Parked(ACTIVITY_CONSUMER).count(connection, key=factory_id)
        + await reference.count(connection, key=factory_id)
        + await reference.count(connection, key=organisation_id)
        + await Parked(CERTIFICATE_CONSUMER).count(connection)
    )


async def _halted(connection: Connection, partitions: Mapping[str, TopicPartition]) -> tuple[str, ...]:
    mine = set(partitions.values())
    return tuple(
        f"{at.topic}/{at.partition}: {reason}"
        for consumer, at, reason in await positions.halted(connection)
        if at in mine or consumer == CERTIFICATE_CONSUMER
    )
