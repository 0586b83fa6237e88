"""A command about one factory: commands about it go one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.aggregate import Loaded
from zerocarbon.common.eventstore.decider import Decider
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.base import Event
from zerocarbon.declaration.domain.factory import KnownFactory
from zerocarbon.declaration.domain.record import Record, evolve, initial, stream_of
from zerocarbon.declaration.domain.subject import Subject
from zerocarbon.declaration.store import factories

RECORD: Decider[Record] = Decider(initial, evolve)


@dataclass(frozen=True, slots=True)
class FactoryWork:
    """What a use case about one factory works with."""

    unit: UnitOfWork
    factory: KnownFactory
    subject: Subject
    loaded: Loaded[Record]

    @property
    def record(self) -> Record:
        """What the factory declared so far."""
        return self.loaded.state

    @property
    def connection(self) -> Connection:
        """The transaction's connection."""
        return self.unit.connection

    async def append(self, facts: Sequence[Event]) -> int:
        """Records facts; gives the stream's new version."""
        return await self.unit.append(self.loaded.stream, self.loaded.version, facts)


async def begin(unit: UnitOfWork, factory_id: str) -> FactoryWork:
    """Waits for other commands about the factory, then loads what it declared.

    An issue and a suspension cannot pass each other so: whoever comes second sees what the first wrote, in
    the stream and in the tables of what other services told.

    Raises:
        NotFound: the organisation has no such factory.
        PreconditionFailed: the caller named a version that is not current.
    """
    await unit.connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", stream_of(factory_id)
    )
    factory = await factories.known_factory(unit.connection, unit.organisation_id, factory_id)
    loaded = await unit.load(stream_of(factory_id), RECORD)
    unit.must_match(loaded.version)
    subject = Subject(unit.organisation_id, factory_id, factory.local_date(unit.now))
    return FactoryWork(unit, factory, subject, loaded)
