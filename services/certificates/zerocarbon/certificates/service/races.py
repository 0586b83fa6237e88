"""Work of this service that loses a race is done again, a bounded number of times."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from zerocarbon.common.eventstore.store import VersionConflict

ATTEMPTS = 6
T = TypeVar("T")
_FIRST_PAUSE_SECONDS = 0.005


async def again_after_races(work: Callable[[], Awaitable[T]]) -> T:
    """What the work gives. It is a whole transaction, which leaves nothing when it raises.

    Raises:
        VersionConflict: commands of others were faster, at every attempt.
    """
    for attempt in range(ATTEMPTS - 1):
        try:
            return await work()
        except VersionConflict:
            await asyncio.sleep(_FIRST_PAUSE_SECONDS * 2**attempt)
    return await work()
