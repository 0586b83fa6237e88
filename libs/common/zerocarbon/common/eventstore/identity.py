"""Which database a store lies in, and what follows when that is another than before.

Numbers and positions that readers were given are good within one incarnation of a store. A database tells by
three marks that it may not be the one it was: the system identifier of its cluster (another after a dump and
reload, also after pg_upgrade), the cluster's timeline (another after a point-in-time recovery and after the
promotion of a standby), and its own oid (another when it was made anew in the same cluster).
A copy of the data directory that is put back carries all three unchanged: only who holds what came later can
notice it, as the relay does at the log.
"""

from __future__ import annotations

from typing import NamedTuple

import asyncpg
import structlog

from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.postgres.urls import Urls

_log = structlog.get_logger(__name__)

# Every role may call these, on PostgreSQL 16 to 18; on a standby they are refused.
_MARKS = """
SELECT (SELECT system_identifier FROM pg_control_system()) AS system_identifier,
    ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint AS timeline,
    (SELECT oid::bigint FROM pg_database WHERE datname = current_database()) AS database_oid
"""
_STORE = """
SELECT service, incarnation::text AS name, epoch, system_identifier, timeline,
    database_oid::bigint AS database_oid FROM store
"""
_BEGIN = """
UPDATE store SET incarnation = gen_random_uuid(), epoch = $1, system_identifier = $2, timeline = $3,
    database_oid = $4::bigint::oid
RETURNING service, incarnation::text AS name, epoch
"""


class Marks(NamedTuple):
    """What tells one database from another."""

    system_identifier: int
    timeline: int
    database_oid: int

    def against(self, before: Marks) -> str:
        """What must have happened to a database that had other marks before."""
        if self.system_identifier != before.system_identifier:
            return "it lies in another cluster: reloaded from a dump, or upgraded by pg_upgrade"
        if self.database_oid != before.database_oid:
            return "it is another database of its cluster: a copy, or reloaded from a dump"
        return "its cluster is on another timeline: a point-in-time recovery, or a standby was promoted"


class Incarnation(NamedTuple):
    """The identity of a store: whose it is, the incarnation's name (a UUID), and its epoch, from 1."""

    service: str
    name: str
    epoch: int


class NotRecognised(Exception):
    """The database was exchanged under a process that runs: positions and numbers of before may be wrong.

    The next start of the service or of its relay recognises it.
    """

    def __init__(self, service: str, happened: str) -> None:
        super().__init__(
            f"the database of {service} is not the one that it was at the last start: {happened}."
            " Start this again: then the store begins a new incarnation"
        )


async def recognise(urls: Urls) -> Incarnation:
    """Begins a new incarnation and epoch when the store lies in another database than before.

    For every start, after the migrations. Runs as the owner, in one transaction; events that are being
    appended are waited for, so none of the epoch before can come later.

    Raises:
        asyncpg.ReadOnlySQLTransactionError: the server is a standby.
    """
    connection = await asyncpg.connect(urls.owner)
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM store FOR UPDATE")
            before, store = await _stored(connection)
            found = await _marks(connection)
            if found == before:
                return store
            if before is None:
                return await _begin(connection, store.epoch, found)
            begun = await _begin(connection, store.epoch + 1, found)
            await connection.execute(f"ALTER TABLE event ALTER COLUMN epoch SET DEFAULT {begun.epoch}")
    finally:
        await connection.close()
    _log.warning(
        "store begins a new incarnation",
        service=begun.service,
        incarnation=begun.name,
        before=store.name,
        epoch=begun.epoch,
        reason=found.against(before),
    )
    return begun


async def known(connection: Connection) -> Incarnation:
    """What the last start recognised."""
    _before, store = await _stored(connection)
    return store


async def verified(connection: Connection) -> Incarnation:
    """What the last start recognised, if it is still true.

    Raises:
        NotRecognised: the database has been exchanged since.
    """
    before, store = await _stored(connection)
    found = await _marks(connection)
    if before is None:
        raise NotRecognised(store.service, "it was never recognised")
    if found != before:
        raise NotRecognised(store.service, found.against(before))
    return store


async def _begin(connection: Connection, epoch: int, marks: Marks) -> Incarnation:
    row = await connection.fetchrow(_BEGIN, epoch, *marks)
    assert row is not None, "the store has an identity row"
    return Incarnation(*row)


async def _stored(connection: Connection) -> tuple[Marks | None, Incarnation]:
    row = await connection.fetchrow(_STORE)
    assert row is not None, "the store has no identity row"
    service, name, epoch, *marks = row
    return None if marks[0] is None else Marks(*marks), Incarnation(service, name, epoch)


async def _marks(connection: Connection) -> Marks:
    row = await connection.fetchrow(_MARKS)
    assert row is not None, "the query gives one row"
    return Marks(*row)
