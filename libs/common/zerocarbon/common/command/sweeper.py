"""Removes the answers of commands that were kept for a time only."""

from __future__ import annotations

import asyncio

import structlog

from zerocarbon.common.clock import SystemClock
from zerocarbon.common.consumer.database_errors import PASSING
from zerocarbon.common.postgres.database import Database

AT_ONCE = 5_000
EVERY_SECONDS = 600.0
_log = structlog.get_logger(__name__)

_ANSWERS = """
DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM idempotency WHERE expires_at < $1 LIMIT $2))
"""


class Sweeper:
    """Works through a service's tables every ten minutes, in short transactions.

    Answers may hold personal data, which is not kept longer than it is needed. Keys of reactions and timers
    never expire: a replay of old events must not act again.
    """

    def __init__(self, database: Database, system_clock: SystemClock) -> None:
        self._database = database
        self._clock = system_clock

    async def run(self) -> None:
        """Sweeps until it is cancelled."""
        while True:
            try:
                await self.sweep()
            except PASSING as lost:
                _log.warning("sweeping interrupted", reason=str(lost))
            await asyncio.sleep(EVERY_SECONDS)

    async def sweep(self) -> int:
        """Removes all that is over; gives how many rows."""
        now = self._clock.now()
        swept = 0
        while True:
            async with self._database.worker() as session:
                tag = await session.connection.execute(_ANSWERS, now, AT_ONCE)
            count = int(tag.rsplit(" ", 1)[1])
            swept += count
            if count < AT_ONCE:
                return swept
