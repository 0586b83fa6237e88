"""A service's own database: sessions by role, over bounded pools."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from zerocarbon.common.postgres.session import Connection, ReaderSession, RequestSession, WorkerSession
from zerocarbon.common.postgres.tenancy import SETTING
from zerocarbon.common.postgres.urls import Urls


class UnsafeRole(Exception):
    """A role has more rights than its work allows, or a worker lacks the one it needs; the text says what."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a process's use of one database: connections by pool, times in seconds.

    A write transaction anywhere holds back reading everywhere, so requests that wait are ended.
    """

    request_connections: int = 8
    worker_connections: int = 4
    reader_connections: int = 4
    statement_seconds: int = 30
    lock_seconds: int = 5
    idle_in_transaction_seconds: int = 15
    acquire_seconds: float = 30


class Database:
    """Gives sessions, each a transaction: committed when its context ends well, else rolled back.

    A caller may assume: no session outlives its context; nothing of a session's settings reaches the next;
    values go over as asyncpg gives them (uuid as UUID, text ids are accepted; numeric as Decimal; jsonb as
    text); a pool that stays without a free connection raises TimeoutError.
    A caller may not assume that two sessions see the same snapshot, nor keep one open while it awaits
    anything but the database.
    """

    def __init__(self, urls: Urls, name: str, limits: Limits) -> None:
        self.urls = urls
        self._name = name
        self._limits = limits
        self._pools: dict[str, asyncpg.Pool[asyncpg.Record]] = {}
        self._making = asyncio.Lock()

    @classmethod
    async def open(cls, urls: Urls, *, name: str = "zerocarbon", limits: Limits | None = None) -> Database:
        """Pools are made when first used; `name` is shown in pg_stat_activity."""
        return cls(urls, name, limits if limits is not None else Limits())

    async def close(self) -> None:
        """Waits for the sessions in use and ends all connections."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.close()

    @asynccontextmanager
    async def request(
        self, organisation_id: str, *, read_only: bool = False
    ) -> AsyncIterator[RequestSession]:
        """A transaction under the request role that sees this organisation only.

        Raises:
            ValueError: not a UUID.
        """
        organisation = str(uuid.UUID(organisation_id))
        async with self._transaction("request", read_only=read_only) as connection:
            await connection.execute("SELECT set_config($1, $2, true)", SETTING, organisation)
            yield RequestSession(connection, organisation)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[WorkerSession]:
        """A transaction under the worker role."""
        async with self._transaction("worker", read_only=False) as connection:
            yield WorkerSession(connection)

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[ReaderSession]:
        """A read-only transaction under the worker role, from a pool of its own: it never starves writers."""
        async with self._transaction("reader", read_only=True) as connection:
            yield ReaderSession(connection)

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
        """A connection of its own under the worker role, in no transaction: for LISTEN and session locks."""
        connection = await asyncpg.connect(self.urls.worker, server_settings=self._settings("standing"))
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def _transaction(self, kind: str, *, read_only: bool) -> AsyncIterator[Connection]:
        pool = self._pools.get(kind) or await self._open_pool(kind)
        async with (
            pool.acquire(timeout=self._limits.acquire_seconds) as connection,
            connection.transaction(readonly=read_only),
        ):
            yield connection

    async def _open_pool(self, kind: str) -> asyncpg.Pool[asyncpg.Record]:
        async with self._making:
            if kind not in self._pools:
                limits = self._limits
                pool = await asyncpg.create_pool(
                    self.urls.request if kind == "request" else self.urls.worker,
                    min_size=0,
                    max_size={
                        "request": limits.request_connections,
                        "worker": limits.worker_connections,
                        "reader": limits.reader_connections,
                    }[kind],
                    server_settings=self._settings(kind),
                )
                try:
                    await _check_role(pool, may_bypass=kind != "request")
                except BaseException:
                    await pool.close()
                    raise
                self._pools[kind] = pool
            return self._pools[kind]

    def _settings(self, kind: str) -> dict[str, str]:
        limits = self._limits
        return {
            "application_name": f"{self._name} {kind}",
            "statement_timeout": f"{limits.statement_seconds}s",
            "lock_timeout": f"{limits.lock_seconds}s",
            "idle_in_transaction_session_timeout": f"{limits.idle_in_transaction_seconds}s",
            "search_path": "public",
            "timezone": "UTC",
        }


async def _check_role(pool: asyncpg.Pool[asyncpg.Record], *, may_bypass: bool) -> None:
    role = await pool.fetchrow(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert role is not None
    name = role["rolname"]
    if role["rolsuper"]:
        raise UnsafeRole(f"{name} is a superuser: row-level security does not hold it. Use another role.")
    if role["rolbypassrls"] and not may_bypass:
        raise UnsafeRole(
            f"{name} bypasses row-level security, requests must not: ALTER ROLE {name} NOBYPASSRLS"
        )
    if may_bypass and not role["rolbypassrls"]:
        raise UnsafeRole(
            f"{name} cannot use COPY under row-level security. As a superuser: ALTER ROLE {name} BYPASSRLS"
        )
