"""A service in a test: its routes over a real database, called without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from fastapi import FastAPI

from zerocarbon.common.assembly import assemble
from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.business_clock import SettableBusinessClock
from zerocarbon.common.clock import MachineClock
from zerocarbon.common.composition import ServiceDefinition
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.http.app import create_app
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.keys import key_digest
from zerocarbon.common.postgres.database import Database

ADMIN_KEY = "zc_test-administrator"


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service under test. `http` carries the administrator's key."""

    context: ServiceContext
    app: FastAPI
    http: httpx.AsyncClient

    def with_key(self, key: str | None) -> httpx.AsyncClient:
        """A client for another caller."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)

    async def set_business_clock(self, instant: datetime) -> None:
        """Moves the business clock; the store refuses what goes back."""
        clock = self.context.business_clock
        assert isinstance(clock, SettableBusinessClock)
        async with self.context.database.worker() as session:
            await clock.set(session.connection, instant)


@asynccontextmanager
async def running(
    definition: ServiceDefinition,
    database: Database,
    bus: Bus | None = None,
    data_directory: Path | None = None,
    body_limit_bytes: int = 8 * 1024 * 1024,
) -> AsyncIterator[RunningService]:
    """The service over a migrated database, without consumers: a test feeds those itself.

    Without a bus nothing can be replayed; without a directory there is none.
    """
    bus = bus if bus is not None else EmbeddedBus({})
    context = assemble(
        definition.name,
        database,
        bus,
        MachineClock(),
        Notifier(database),
        data_directory=data_directory if data_directory is not None else Path("/nonexistent"),
        admin_key_sha256=key_digest(ADMIN_KEY),
        business_clock_settable=True,
    )
    consumers = {definition.name: definition.consumers(context, bus)}
    app = create_app([context], definition.routers, [], body_limit_bytes, consumers=consumers)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {ADMIN_KEY}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers) as http:
        yield RunningService(context, app, http)
