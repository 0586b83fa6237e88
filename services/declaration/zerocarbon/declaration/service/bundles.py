"""Evidence bundles: everything from which a stranger recomputes an inventory and the claim on it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from zerocarbon.common.bus.port import Position
from zerocarbon.common.eventstore.upcast import decode
from zerocarbon.common.evidence import PeriodEvidence
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.activity import ACTIVITY, ActivityEvent
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.declaration.domain.facts import Known, contents_of_claim, contents_of_inventory
from zerocarbon.declaration.domain.record import Record, Statement
from zerocarbon.declaration.domain.statement import claim_of
from zerocarbon.declaration.service import gathering, reading
from zerocarbon.declaration.service.signing import signing_key
from zerocarbon.declaration.store import inventories
from zerocarbon.proof.bundle import Contents, facts_root, used_library_factors, write
from zerocarbon.proof.period import Period


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle file. `statements` are the standards under which a statement in it was issued."""

    data: bytes
    statements: tuple[str, ...]


async def of_inventory(
    context: ServiceContext, organisation_id: str, factory_id: str, inventory_id: str
) -> Made:
    """The bundle of a closed inventory, whether or not anything was claimed on it.

    Raises:
        NotFound: the factory has no such inventory.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        inventory = await inventories.known(session.connection, organisation_id, factory_id, inventory_id)
        known = await gathering.for_inventory(session.connection, organisation_id, inventory.closed)
    contents = await complete(context, contents_of_inventory(inventory, known), inventory.closed, known)
    return await _written(context, contents)


async def of_claim(context: ServiceContext, organisation_id: str, factory_id: str, claim_id: str) -> Made:
    """The bundle of a claim: with its last issued statement, on the facts of that moment; without one, on
    the facts of today.

    Raises:
        NotFound: the factory has no such claim.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        record = await reading.record_of(context, session.connection, organisation_id, factory_id)
        claim_of(record, claim_id)
        last = last_issued(record, claim_id)
        if last is not None:
            record = await reading.record_at_issue(context, session.connection, factory_id, last.current)
        contents, closed, known = await facts(session.connection, organisation_id, record, claim_id, last)
    contents = await complete(context, contents, closed, known)
    return await _written(context, with_statements(contents, record, claim_id))


async def facts(
    connection: Connection,
    organisation_id: str,
    record: Record,
    claim_id: str,
    statement: Statement | None = None,
) -> tuple[Contents, InventoryClosed, Known]:
    """A claim's facts without evidence and library: those of today, or those that a statement rested on."""
    claim = claim_of(record, claim_id)
    issued = statement.current if statement is not None else None
    known = await gathering.for_claim(connection, organisation_id, claim, issued)
    closed = known.inventories[claim.opened.inventory_id].closed
    return contents_of_claim(record, claim, known), closed, known


def last_issued(record: Record, claim_id: str) -> Statement | None:
    """The statement of a claim that was issued last, standing or not."""
    statements = record.statements_of(claim_id)
    return max(statements, key=lambda one: (one.current.declared_on, one.current.version), default=None)


async def complete(
    context: ServiceContext, contents: Contents, closed: InventoryClosed, known: Known
) -> Contents:
    """Adds the readings and records that the close had read, and the library's factors that it used."""
    evidence = PeriodEvidence(
        Period(closed.period.start, closed.period.end),
        known.factory.registered.time_zone,
        {meter.meter_id: meter.code for meter in known.factory.meters},
        {source.source_id: source.code for source in known.factory.sources},
    )
    for pin in closed.pins:
        if pin.topic != ACTIVITY:
            continue
        async for record in context.bus.replay(ACTIVITY, closed.factory_id, Position(pin.position)):
            event = decode(record.type or "", record.value)
            if isinstance(event, ActivityEvent):
                evidence.add(event)
    return replace(
        contents,
        readings=evidence.readings(),
        records=evidence.records(),
        library_factors=used_library_factors(contents.inventory),
    )


async def root_of(contents: Contents) -> str:
    """The root that a statement on these facts carries; computed beside the event loop."""
    return await asyncio.to_thread(facts_root, contents)


def with_statements(contents: Contents, record: Record, claim_id: str) -> Contents:
    """Adds the statements that rest on exactly these facts, in the order of their standards."""
    root = facts_root(contents)
    issued = sorted(
        (one.current for one in record.statements_of(claim_id) if one.current.bundle_root == root),
        key=lambda one: one.standard,
    )
    return replace(
        contents, statements=tuple(one.model_dump(mode="json", exclude_none=True) for one in issued)
    )


async def _written(context: ServiceContext, contents: Contents) -> Made:
    key = signing_key(context.data_directory)
    data = await asyncio.to_thread(write, contents, key.private)
    return Made(data, tuple(str(one["standard"]) for one in contents.statements))
