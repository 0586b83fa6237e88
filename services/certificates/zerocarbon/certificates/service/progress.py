"""The one place where a request's status moves, after whatever happened to its units."""

from __future__ import annotations

from collections.abc import Mapping

from zerocarbon.certificates.store import retirement_requests
from zerocarbon.common.consumer.timer import cancel_timers
from zerocarbon.common.postgres.session import Connection


def timer_subject(correlation_id: str) -> str:
    """What the timers of a request are about."""
    return f"retirement-request/{correlation_id}"


async def settle(connection: Connection, touched: Mapping[str, str | None]) -> None:
    """Sets the status of requests by the units that stand for them now, and ends the timers of those that
    have nothing reserved any more. To be called after the tiles were changed, once in a transaction.

    Takes each request with the reason to note on it, if there is one.
    """
    # In one order, so that two transactions never wait for each other.
    for correlation_id, reason in sorted(touched.items()):
        progress = await retirement_requests.lock_and_count(connection, correlation_id)
        await retirement_requests.note(connection, correlation_id, progress.status, reason)
        if progress.ended:
            await cancel_timers(connection, timer_subject(correlation_id))
