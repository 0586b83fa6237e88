"""What callers look at, over REST and gRPC alike."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zerocarbon.certificates.service.ledger import stream_of
from zerocarbon.certificates.store import history, holdings, retirement_requests
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.refusal import NotFound


async def holding_page(
    context: ServiceContext,
    organisation_id: str,
    *,
    schemes: Sequence[str] = (),
    states: Sequence[str] = (),
    block_id: str | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """One tile more than asked for, when there is one."""
    async with context.database.request(organisation_id, read_only=True) as session:
        return await holdings.page(
            session.connection,
            organisation_id,
            schemes=schemes,
            states=states,
            block_id=block_id,
            after=after,
            limit=limit + 1,
        )


async def holding_summary(context: ServiceContext, organisation_id: str) -> list[dict[str, Any]]:
    """Units by scheme and state."""
    async with context.database.request(organisation_id, read_only=True) as session:
        return await holdings.summary(session.connection, organisation_id)


async def block_page(
    context: ServiceContext, organisation_id: str, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """One block more than asked for, when there is one."""
    async with context.database.request(organisation_id, read_only=True) as session:
        found = await holdings.blocks(session.connection, organisation_id, None, after, limit + 1)
    return [_block(row) for row in found]


async def one_block(context: ServiceContext, organisation_id: str, block_id: str) -> dict[str, Any]:
    """A block with the organisation's units in it.

    Raises:
        NotFound: no such block, or none of its units are the organisation's.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        found = await holdings.blocks(session.connection, organisation_id, block_id, None, 1)
    if not found:
        raise NotFound("block", block_id)
    return _block(found[0])


async def block_history(
    context: ServiceContext, organisation_id: str, block_id: str, after: int, limit: int
) -> list[dict[str, Any]]:
    """One event more than asked for, when there is one.

    Raises:
        NotFound: no such block, or never any unit of the organisation's.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        found = await history.of_block(
            session.connection, organisation_id, stream_of(block_id), after, limit + 1
        )
    if not found and after == 0:
        raise NotFound("block", block_id)
    return found


async def retirement_page(
    context: ServiceContext,
    organisation_id: str,
    *,
    statuses: Sequence[str],
    factory_id: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """One request more than asked for, when there is one, each with its units."""
    async with context.database.request(organisation_id, read_only=True) as session:
        requests = await retirement_requests.page(
            session.connection,
            organisation_id,
            statuses=statuses,
            factory_id=factory_id,
            after=after,
            limit=limit + 1,
        )
        ranges = await retirement_requests.ranges(
            session.connection, [request.correlation_id for request in requests]
        )
    return [retirement_requests.shown(request, ranges[request.correlation_id]) for request in requests]


async def one_retirement(
    context: ServiceContext, organisation_id: str, correlation_id: str
) -> dict[str, Any]:
    """A request with its units.

    Raises:
        NotFound: no such request of the organisation.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        request = await retirement_requests.find(session.connection, correlation_id)
        if request is None:
            raise NotFound("retirement request", correlation_id)
        ranges = await retirement_requests.ranges(session.connection, [correlation_id])
    return retirement_requests.shown(request, ranges[correlation_id])


def _block(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "project": json.loads(row["project"]), "states": json.loads(row["states"])}
