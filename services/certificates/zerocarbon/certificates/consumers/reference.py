"""The consumer of reference data: factories that can benefit, and who may act for whom."""

from __future__ import annotations

from zerocarbon.certificates.store import factories
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
)

NAME = "certificates-reference"


async def _factory(session: WorkerSession, fact: FactoryRegistered, _record: Record) -> None:
    await factories.record(session.connection, fact)


async def _identity(session: WorkerSession, fact: IdentityFact, _record: Record) -> None:
    await directory.record(session.connection, fact)


def processor() -> EventHandlers:
    """Takes over what certificates needs of the reference topic."""
    return EventHandlers(
        {
            FactoryRegistered: _factory,
            ApiKeyIssued: _identity,
            ApiKeyRevoked: _identity,
            GrantIssued: _identity,
            GrantRevoked: _identity,
        }
    )
