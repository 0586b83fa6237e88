"""Timers: rows that become commands when the business clock reaches them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from zerocarbon.common.business_clock import BusinessClock
from zerocarbon.common.consumer.database_errors import PASSING
from zerocarbon.common.ids import natural_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.session import Connection

AT_ONCE = 100
_LEADER = "leader of the timers"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timer:
    """A rule that wants to look at a subject again at an instant of the business clock."""

    subject: str
    rule: str
    due: datetime
    organisation_id: str

    @property
    def key(self) -> str:
        """The idempotency key of the command that it fires."""
        return natural_id("timer", self.subject, self.rule, self.due.isoformat())


Fire = Callable[[Timer, str], Awaitable[None]]
"""Runs the command of a timer, with its idempotency key."""


async def set_timer(connection: Connection, timer: Timer) -> None:
    """Sets a timer, in the transaction of what calls for it. Setting it twice is setting it once."""
    await connection.execute(
        "INSERT INTO timer (subject, rule, due, organisation_id) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (subject, rule, due) DO NOTHING",
        timer.subject,
        timer.rule,
        timer.due,
        timer.organisation_id,
    )


async def cancel_timers(connection: Connection, subject: str, rule: str | None = None) -> None:
    """Removes the timers of a subject that have not fired, of one rule or of all."""
    await connection.execute(
        "DELETE FROM timer WHERE subject = $1 AND ($2::text IS NULL OR rule = $2) AND fired_at IS NULL",
        subject,
        rule,
    )


class TimerLeader:
    """Fires due timers, in one process at a time.

    A timer fires after its due time, never before, and its command takes effect once: a crash after the
    command fires it again under the same key.
    """

    def __init__(
        self, database: Database, clock: BusinessClock, fire: Fire, look_every_seconds: float = 1.0
    ) -> None:
        self._database = database
        self._clock = clock
        self._fire = fire
        self._every = look_every_seconds

    async def run(self) -> None:
        """Leads when nobody else does, until it is cancelled."""
        while True:
            try:
                await self._lead()
            except PASSING as lost:
                _log.warning("timers interrupted", reason=str(lost))
            await asyncio.sleep(self._every)

    async def fire_due(self) -> int:
        """Fires what is due now; gives how many did fire. The caller sees to it that it is the leader."""
        async with self._database.worker() as session:
            now = await self._clock.now(session.connection)
            # What failed before comes last, so that a hundred faulty rows cannot starve the others.
            rows = await session.connection.fetch(
                "SELECT subject, rule, due, organisation_id::text AS organisation_id FROM timer"
                " WHERE fired_at IS NULL AND due <= $1 ORDER BY attempts, due, subject, rule LIMIT $2",
                now,
                AT_ONCE,
            )
        fired = 0
        for row in rows:
            timer = Timer(**dict(row))
            try:
                await self._fire(timer, timer.key)
            except PASSING:
                raise
            except Exception as fault:
                # One timer's fault is its own: the others fire, and this one is tried again.
                _log.error("timer failed", subject=timer.subject, rule=timer.rule, exc_info=fault)
                await self._failed(timer)
                continue
            fired += 1
            async with self._database.worker() as session:
                await session.connection.execute(
                    "UPDATE timer SET fired_at = $4 WHERE subject = $1 AND rule = $2 AND due = $3",
                    timer.subject,
                    timer.rule,
                    timer.due,
                    now,
                )
        return fired

    async def _failed(self, timer: Timer) -> None:
        async with self._database.worker() as session:
            await session.connection.execute(
                "UPDATE timer SET attempts = attempts + 1 WHERE subject = $1 AND rule = $2 AND due = $3",
                timer.subject,
                timer.rule,
                timer.due,
            )

    async def _lead(self) -> None:
        # A session's lock, not a transaction's: firing may take long, an open transaction must not.
        async with self._database.standing() as connection:
            if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", _LEADER):
                return
            while not connection.is_closed():
                if await self.fire_due() < AT_ONCE:
                    await asyncio.sleep(self._every)
