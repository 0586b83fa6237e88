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
from zerocarbon.contracts.declaration import StatementIssued
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.declaration.domain.facts import Known, contents_of_claim, contents_of_inventory
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.statement import claim_of, statement_of
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
    return await _as_declared(
        context, organisation_id, factory_id, record, claim_id, record.last_issued(claim_id)
    )


async def of_statement(
    context: ServiceContext, organisation_id: str, factory_id: str, statement_id: str
) -> Made:
    """The bundle on whose facts the newest version of a statement was issued.

    Raises:
        NotFound: the factory has no such statement.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        record = await reading.record_of(context, session.connection, organisation_id, factory_id)
    issued = statement_of(record, statement_id).current
    return await _as_declared(context, organisation_id, factory_id, record, issued.claim_id, issued)


async def _as_declared(
    context: ServiceContext,
    organisation_id: str,
    factory_id: str,
    record: Record,
    claim_id: str,
    issued: StatementIssued | None,
) -> Made:
    async with context.database.request(organisation_id, read_only=True) as session:
        connection = session.connection
        if issued is not None:
            record = await reading.record_at_issue(context, connection, factory_id, issued)
        contents, closed, known = await facts(connection, organisation_id, record, claim_id, issued)
    contents = await complete(context, contents, closed, known)
    return await _written(context, with_statements(contents, record, claim_id))


async def facts(
    connection: Connection,
    organisation_id: str,
    record: Record,
    claim_id: str,
    issued: StatementIssued | None = None,
) -> tuple[Contents, InventoryClosed, Known]:
    """A claim's facts without evidence and library: those of today, or those that a statement rested on."""
    claim = claim_of(record, claim_id)
    known = await gathering.for_claim(connection, organisation_id, claim, issued)
    closed = known.inventories[claim.opened.inventory_id].closed
    return contents_of_claim(record, claim, known), closed, known


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
