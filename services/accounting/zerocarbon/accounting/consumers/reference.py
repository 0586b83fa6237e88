"""The consumer of reference data: factories, sources, meters, and who may act for whom."""

from __future__ import annotations

from zerocarbon.accounting.store import reference as store
from zerocarbon.common.bus.record import Record
from zerocarbon.common.consumer.handlers import EventHandlers
from zerocarbon.common.identity import directory
from zerocarbon.common.identity.directory import IdentityFact
from zerocarbon.common.postgres.session import WorkerSession
from zerocarbon.contracts.reference import (
    ApiKeyIssued,
    ApiKeyRevoked,
    FactoryRegistered,
    GrantIssued,
    GrantRevoked,
    MeterRegistered,
    OrganisationRegistered,
    SourceRegistered,
)


async def _organisation(session: WorkerSession, fact: OrganisationRegistered, _record: Record) -> None:
    await store.record_organisation(session.connection, fact)


async def _factory(session: WorkerSession, fact: FactoryRegistered, _record: Record) -> None:
    await store.record_factory(session.connection, fact)


async def _source(session: WorkerSession, fact: SourceRegistered, _record: Record) -> None:
    await store.record_source(session.connection, fact)


async def _meter(session: WorkerSession, fact: MeterRegistered, _record: Record) -> None:
    await store.record_meter(session.connection, fact)


async def _identity(session: WorkerSession, fact: IdentityFact, _record: Record) -> None:
    await directory.record(session.connection, fact)


def processor() -> EventHandlers:
    """Takes over what accounting needs of the reference topic."""
    return EventHandlers(
        {
            OrganisationRegistered: _organisation,
            FactoryRegistered: _factory,
            SourceRegistered: _source,
            MeterRegistered: _meter,
            ApiKeyIssued: _identity,
            ApiKeyRevoked: _identity,
            GrantIssued: _identity,
            GrantRevoked: _identity,
        }
    )
