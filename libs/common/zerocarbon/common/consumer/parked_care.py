"""Looks after parked records: tells how many wait, and forgets bytes whose time to live is over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from zerocarbon.common.clock import SystemClock
from zerocarbon.common.consumer import metrics
from zerocarbon.common.consumer.database_errors import PASSING
from zerocarbon.common.consumer.parked import Parked, forget_bytes
from zerocarbon.common.postgres.database import Database

KEEP_BYTES = timedelta(days=90)
"""How long the bytes of a parked record are kept: they may hold personal data. Place and reason stay."""

LOOK_EVERY_SECONDS = 15.0
_log = structlog.get_logger(__name__)


class ParkedCare:
    """Runs beside the consumers of one database. Doing it in several processes at once does no harm."""

    def __init__(
        self,
        consumers: Sequence[str],
        database: Database,
        clock: SystemClock,
        look_every_seconds: float = LOOK_EVERY_SECONDS,
    ) -> None:
        self._parked = [Parked(consumer) for consumer in consumers]
        self._database = database
        self._clock = clock
        self._every = look_every_seconds

    async def run(self) -> None:
        """Looks again and again, until it is cancelled."""
        while True:
            try:
                await self.look()
            except PASSING as lost:
                _log.warning("parked records not looked after", reason=str(lost))
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """Looks once."""
        before = self._clock.now() - KEEP_BYTES
        async with self._database.worker() as session:
            # Also of consumers that are gone: nobody else looks after theirs.
            forgotten = await forget_bytes(session.connection, before)
        if forgotten:
            _log.info("bytes of parked records forgotten", records=forgotten)
        for parked in self._parked:
            async with self._database.worker() as session:
                waiting = await parked.count(session.connection)
            metrics.WAITING.labels(parked.consumer).set(waiting)
