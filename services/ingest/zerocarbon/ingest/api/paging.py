"""Pages of registers, in the order of their codes."""

from __future__ import annotations

from typing import Any

from zerocarbon.common.http.context import ServiceContext
from zerocarbon.ingest.store import registers


async def page(
    context: ServiceContext, organisation_id: str, noun: str, parent_id: str, after: str, limit: int
) -> dict[str, Any]:
    """One page and the cursor of the next; the cursor is the last code."""
    async with context.database.request(organisation_id) as session:
        items = await registers.listed(session.connection, organisation_id, noun, parent_id, after, limit + 1)
    more = len(items) > limit
    return {"items": items[:limit], "next": items[limit - 1]["code"] if more else None}
