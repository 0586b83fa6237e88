"""Takes over what other services told. It acts on nothing, so that it can be rebuilt."""

from __future__ import annotations

from datetime import UTC, datetime

from zerocarbon.common.bus.record import Record
from zerocarbon.common.consumer.handlers import EventHandlers, Handler
from zerocarbon.common.consumer.processor import Unacceptable
from zerocarbon.common.identity import directory
from zerocarbon.common.postgres.session import WorkerSession
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import RetirementAnswered, UnitsRetired, UnitsWithdrawn
from zerocarbon.contracts.inventory import FactorApproved, InventoryClosed
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
from zerocarbon.declaration.store import factories, inventories, retirements


async def _organisation(session: WorkerSession, fact: OrganisationRegistered, _record: Record) -> None:
    await factories.learn_organisation(session.connection, fact)


async def _factory(session: WorkerSession, fact: FactoryRegistered, _record: Record) -> None:
    await factories.learn_factory(session.connection, fact)


async def _part(session: WorkerSession, fact: SourceRegistered | MeterRegistered, record: Record) -> None:
    await factories.learn_part(session.connection, fact, business_time(record))


async def _access(session: WorkerSession, fact: directory.IdentityFact, _record: Record) -> None:
    await directory.record(session.connection, fact)


async def _inventory(session: WorkerSession, fact: InventoryClosed, _record: Record) -> None:
    await inventories.learn(session.connection, fact)


async def _factor(session: WorkerSession, fact: FactorApproved, record: Record) -> None:
    await inventories.learn_factor(session.connection, fact, business_time(record))


async def _retired(session: WorkerSession, fact: UnitsRetired, _record: Record) -> None:
    await retirements.learn_retired(session.connection, fact)


async def _withdrawn(session: WorkerSession, fact: UnitsWithdrawn, _record: Record) -> None:
    touched = await retirements.touched_by(session.connection, fact)
    for organisation_id in sorted({fact.organisation_id, *(one.organisation_id for one in touched)}):
        await retirements.learn_withdrawn(session.connection, organisation_id, fact)


async def _answer(session: WorkerSession, fact: RetirementAnswered, _record: Record) -> None:
    await retirements.learn_answer(session.connection, fact)


HANDLERS: dict[type[Event], Handler] = {
    OrganisationRegistered: _organisation,
    FactoryRegistered: _factory,
    SourceRegistered: _part,
    MeterRegistered: _part,
    ApiKeyIssued: _access,
    ApiKeyRevoked: _access,
    GrantIssued: _access,
    GrantRevoked: _access,
    InventoryClosed: _inventory,
    FactorApproved: _factor,
    UnitsRetired: _retired,
    UnitsWithdrawn: _withdrawn,
    RetirementAnswered: _answer,
}


def told() -> EventHandlers:
    """The projection of what other services told."""
    return EventHandlers(HANDLERS)


def business_time(record: Record) -> datetime:
    """When the producer recorded the event, by its business clock.

    Raises:
        Unacceptable: the record names no time with an offset.
    """
    try:
        at = datetime.fromisoformat(record.attributes["time"])
    except (KeyError, ValueError) as missing:
        raise Unacceptable(f"the record names no time: {missing}") from missing
    if at.tzinfo is None:
        raise Unacceptable("the record's time has no offset")
    return at.astimezone(UTC)
