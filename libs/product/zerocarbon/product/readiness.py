"""What readiness says about consumers."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from zerocarbon.common.consumer.offsets import halted
from zerocarbon.common.consumer.worker import Worker
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.postgres.driver import DRIVER_LOST


class ConsumerReadiness:
    """Consumers have to have begun before a service is ready. What interrupts them later is named, but does
    not take the service away: it still serves requests."""

    def __init__(self, contexts: Sequence[ServiceContext], workers: Sequence[Worker]) -> None:
        self._contexts = contexts
        self._workers = workers
        self._begun: set[str] = set()

    async def begun(self) -> str | None:
        """Names consumers that have never read since the start."""
        self._begun |= {worker.consumer for worker in self._workers if worker.reading}
        waiting = [worker.consumer for worker in self._workers if worker.consumer not in self._begun]
        return f"not reading yet: {', '.join(waiting)}" if waiting else None

    async def reading(self) -> str | None:
        """Names consumers that lost their bus or database and try to come back."""
        away = [worker.consumer for worker in self._workers if not worker.reading]
        return f"interrupted: {', '.join(away)}" if away else None

    async def halted(self) -> str | None:
        """Names partitions that stand still until somebody looks, with the reason."""
        found = []
        for context in self._contexts:
            try:
                async with context.database.reader() as session:
                    found += await halted(session.connection)
            except (OSError, asyncpg.PostgresError, *DRIVER_LOST) as lost:
                return f"positions of {context.name} cannot be read: {lost}"
        told = [f"{one.consumer} at {one.topic}/{one.partition}: {one.reason}" for one in found]
        return f"halted: {'; '.join(told)}" if told else None
