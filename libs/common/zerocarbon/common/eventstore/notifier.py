"""Wakes readers after commits, at most every few milliseconds."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import asyncpg
import structlog

from zerocarbon.common.eventstore.schema import CHANNEL
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.driver import DRIVER_LOST

_log = structlog.get_logger(__name__)


class Notifier:
    """One session notifies for all commits of a process: NOTIFY in each commit halves the commit rate.

    A lost notice costs latency only; readers also look by themselves.
    """

    def __init__(self, database: Database, pause_seconds: float = 0.004) -> None:
        self._database = database
        self._pause = pause_seconds
        self._due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to notify; once a process."""
        assert self._task is None, "the notifier runs already"
        self._task = asyncio.create_task(self._run(), name="notifier")

    def wake(self) -> None:
        """Something was committed."""
        self._due.set()

    async def stop(self) -> None:
        """Ends notifying."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                async with self._database.worker() as session:
                    await session.connection.execute("SELECT pg_notify($1, '')", CHANNEL)
            except (OSError, asyncpg.PostgresError, *DRIVER_LOST) as lost:
                _log.warning("notice not sent", reason=str(lost))
            await asyncio.sleep(self._pause)
