"""The clock of rules and recorded facts."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from zerocarbon.common.clock import SystemClock
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import refuse


class BusinessClock(Protocol):
    """Says at which time a command takes place, for rules and for `recorded_at`."""

    async def now(self, connection: Connection) -> datetime:
        """The business time, in UTC, read in the command's transaction."""
        ...


class LiveBusinessClock:
    """The business runs on the machine's time: every installation but a demo or a test."""

    def __init__(self, system_clock: SystemClock) -> None:
        self._system_clock = system_clock

    async def now(self, connection: Connection) -> datetime:
        return self._system_clock.now()


class SettableBusinessClock:
    """The business time stands in the database, where the demo puts it; unset, it is the machine's."""

    def __init__(self, system_clock: SystemClock) -> None:
        self._system_clock = system_clock

    async def now(self, connection: Connection) -> datetime:
        stored: datetime | None = await connection.fetchval("SELECT instant FROM business_clock")
        return stored if stored is not None else self._system_clock.now()

    async def set(self, connection: Connection, instant: datetime) -> None:
        """Moves the clock, for all processes on this store.

        Raises:
            Refused: the store already holds events recorded later; a business clock never goes back.
        """
        newest: datetime | None = await connection.fetchval("SELECT max(recorded_at) FROM stream_head")
        if newest is not None and instant < newest:
            raise refuse("business-clock", f"the store already holds facts recorded at {newest}", "/instant")
        await connection.execute(
            "INSERT INTO business_clock (instant) VALUES ($1)"
            " ON CONFLICT (singleton) DO UPDATE SET instant = excluded.instant",
            instant,
        )
