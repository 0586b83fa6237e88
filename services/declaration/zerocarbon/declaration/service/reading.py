"""Reading what a factory declared, now or at an earlier moment of its stream."""

from __future__ import annotations

from zerocarbon.common.eventstore.upcast import decode
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.declaration import StatementIssued
from zerocarbon.declaration.domain.record import Record, evolve, initial, stream_of
from zerocarbon.declaration.store import factories


async def record_of(
    context: ServiceContext, connection: Connection, organisation_id: str, factory_id: str
) -> Record:
    """What a factory declared so far.

    Raises:
        NotFound: the organisation has no such factory.
    """
    record, _ = await versioned_record(context, connection, organisation_id, factory_id)
    return record


async def versioned_record(
    context: ServiceContext, connection: Connection, organisation_id: str, factory_id: str
) -> tuple[Record, int]:
    """What a factory declared so far, and the version of its stream for `ETag` and `If-Match`.

    Raises:
        NotFound: the organisation has no such factory.
    """
    await factories.known_factory(connection, organisation_id, factory_id)
    record, version = initial(), 0
    for stored in await context.store.load_stream(connection, stream_of(factory_id)):
        record, version = evolve(record, decode(stored.type, stored.data)), stored.version
    return record, version


async def record_at_issue(
    context: ServiceContext, connection: Connection, factory_id: str, issued: StatementIssued
) -> Record:
    """What the factory had declared when a version of a statement was issued, that version included."""
    record = initial()
    for stored in await context.store.load_stream(connection, stream_of(factory_id)):
        event = decode(stored.type, stored.data)
        record = evolve(record, event)
        if event == issued:
            return record
    raise AssertionError(f"statement {issued.statement_id} is not in its factory's stream")
