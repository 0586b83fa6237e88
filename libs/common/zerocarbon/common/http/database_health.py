"""What readiness and metrics ask of a service's database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import asyncpg

from zerocarbon.common.http import metrics
from zerocarbon.common.postgres.database import Database, UnsafeRole
from zerocarbon.common.postgres.driver import DRIVER_LOST

ANSWER_SECONDS = 2.0
"""After which a database counts as one that does not answer; probes ask every few seconds."""

_SNAPSHOT = """
SELECT pg_snapshot_xmin(taken)::text::bigint AS xmin, pg_snapshot_xmax(taken)::text::bigint AS xmax
FROM pg_current_snapshot() AS taken
"""


class DatabaseHealth:
    """Asks one service's database. Reading stops at the oldest running write transaction of the whole server
    (xmin), so its age is what readers wait. Other roles' transactions cannot be seen: the age in seconds is
    how long this process, asked regularly, has found the same one to be the oldest."""

    def __init__(
        self, service: str, database: Database, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._service = service
        self._database = database
        self._steady = steady
        self._oldest: tuple[int, float] | None = None

    async def trouble(self) -> str | None:
        """Why the database cannot be used, if it cannot; brings its metrics up to date."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._database.reader() as session:
                row = await session.connection.fetchrow(_SNAPSHOT)
        except TimeoutError:
            return self._lost(f"no answer within {ANSWER_SECONDS:g} s")
        except (OSError, UnsafeRole, asyncpg.PostgresError, *DRIVER_LOST) as lost:
            return self._lost(str(lost) or type(lost).__name__)
        assert row is not None
        self._tell(row["xmin"], row["xmax"])
        return None

    def _lost(self, reason: str) -> str:
        metrics.DATABASE_UP.labels(self._service).set(0)
        self._oldest = None
        return f"the database of {self._service} does not answer: {reason}"

    def _tell(self, xmin: int, xmax: int) -> None:
        now = self._steady()
        if xmin == xmax:  # Nothing that was committed is held back.
            self._oldest = None
        elif self._oldest is None or self._oldest[0] != xmin:
            self._oldest = (xmin, now)
        metrics.DATABASE_UP.labels(self._service).set(1)
        metrics.XMIN_TRANSACTIONS.labels(self._service).set(xmax - xmin)
        metrics.XMIN_SECONDS.labels(self._service).set(now - self._oldest[1] if self._oldest else 0)
