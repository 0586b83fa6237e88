"""Units whose validity is over."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from zerocarbon.certificates.domain.expire import ExpireUnits, expire_units
from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.service.races import again_after_races
from zerocarbon.common.business_clock import BusinessClock
from zerocarbon.common.consumer.timer import Timer, set_timer
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.database import Database

EXPIRE_RULE = "expire-units"
AGAIN_AFTER = timedelta(days=1)
"""How long to wait for units that are reserved on the day of their expiry."""


def block_subject(block_id: str) -> str:
    """What the timers of a block are about."""
    return f"block/{block_id}"


async def expire_block(database: Database, store: EventStore, clock: BusinessClock, timer: Timer) -> None:
    """Expires what is free of a block, and looks again while some of it is reserved.

    Raises:
        VersionConflict: commands on the block were faster, again and again; the timer comes back to it.
    """
    await again_after_races(partial(_expire_once, database, store, clock, timer))


async def _expire_once(database: Database, store: EventStore, clock: BusinessClock, timer: Timer) -> None:
    block_id = timer.subject.removeprefix("block/")
    async with database.worker() as session:
        ledger = Ledger(session.connection, store, await clock.now(session.connection))
        await ledger.open_whole(block_id)
        block = ledger.block(block_id)
        assert block is not None, "a timer's block exists"
        today = ExpireUnits(ledger.now.date())
        ledger.decide(block_id, lambda known: expire_units(today, known, schemes()[known.scheme]))
        await ledger.record()
        if any(tile.state == "reserved" for tile in block.holdings):
            due = ledger.now + AGAIN_AFTER
            await set_timer(session.connection, Timer(timer.subject, timer.rule, due, timer.organisation_id))
