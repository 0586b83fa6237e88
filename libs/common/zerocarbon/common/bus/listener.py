"""One standing connection to a producer's database: woken after its commits, holder of memberships."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import asyncpg
import structlog

from zerocarbon.common.eventstore.schema import CHANNEL
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.driver import DRIVER_LOST

RETRY_SECONDS = 0.5
UNREACHABLE = (
    OSError,
    TimeoutError,
    *DRIVER_LOST,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""What asyncpg raises when a server does not answer, not yet or no longer, or has no connection to spare."""

_log = structlog.get_logger(__name__)


class Listener:
    """Wakes those who wait for events of one store, and holds session locks in its database.

    Notices may be lost or doubled; who waits also looks by itself. `generation` changes with every new
    connection: all locks taken before are gone then.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: set[asyncio.Event] = set()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._using = asyncio.Lock()
        self._held: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self.generation = 0

    def start(self) -> None:
        """Begins to listen; does nothing when it listens already. One that a fault ended begins anew."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="bus listener")

    async def stop(self) -> None:
        """Ends listening and lets all locks go."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def register(self, wake: asyncio.Event) -> None:
        """Sets this event whenever something may have been committed."""
        self._waiting.add(wake)

    def unregister(self, wake: asyncio.Event) -> None:
        """No longer."""
        self._waiting.discard(wake)

    async def try_lock(self, name: str) -> bool:
        """Takes a lock by name unless anybody has it, in this process or another."""
        connection = self._connection
        if connection is None or name in self._held:
            return False
        generation = self.generation
        self._held.add(name)
        taken = False
        try:
            async with self._using:
                taken = await connection.fetchval(
                    "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name
                )
        except UNREACHABLE as lost:
            _log.warning("membership not asked for", reason=str(lost))
        finally:
            if not taken and generation == self.generation:
                self._held.discard(name)
        return taken and generation == self.generation

    async def unlock(self, name: str) -> None:
        """Lets a lock go. A lost connection has done so already."""
        if name not in self._held:
            return
        self._held.discard(name)
        if self._connection is not None:
            with suppress(*UNREACHABLE):
                async with self._using:
                    await self._connection.execute("SELECT pg_advisory_unlock(hashtextextended($1, 0))", name)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except UNREACHABLE as lost:
                _log.warning("listening interrupted", reason=str(lost))
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        async with self._database.standing() as connection:
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _connection: ended.set())
            await connection.add_listener(CHANNEL, self._noticed)
            self.generation += 1
            self._held.clear()
            self._connection = connection
            self._wake()
            try:
                await ended.wait()
            finally:
                self._connection = None
                self.generation += 1
                self._held.clear()
                self._wake()

    def _noticed(self, *_notice: object) -> None:
        self._wake()

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()
