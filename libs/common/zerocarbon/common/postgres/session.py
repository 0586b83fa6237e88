"""A transaction and the rights it runs with: a type for each role, so that none is passed for another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class RequestSession:
    """A transaction under row-level security that sees one organisation. Ends with its context."""

    connection: Connection
    organisation_id: str


@dataclass(frozen=True, slots=True)
class WorkerSession:
    """A transaction that sees every organisation: each statement has to name its own."""

    connection: Connection


@dataclass(frozen=True, slots=True)
class ReaderSession:
    """A transaction that sees every organisation and cannot write."""

    connection: Connection
