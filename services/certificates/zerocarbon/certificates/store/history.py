"""What happened to a block, as far as an organisation may see it: its own events."""

from __future__ import annotations

import json
from typing import Any

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.base import instant_text


async def of_block(
    connection: Connection, organisation_id: str, stream: str, after: int, limit: int
) -> list[dict[str, Any]]:
    """Events of a block's stream after a version, in order."""
    rows = await connection.fetch(
        "SELECT version, event_id::text, type, recorded_at, data FROM event"
        " WHERE stream_id = $1 AND organisation_id = $2 AND version > $3 ORDER BY version LIMIT $4",
        stream,
        organisation_id,
        after,
        limit,
    )
    return [
        {
            "version": row["version"],
            "event_id": row["event_id"],
            "type": row["type"],
            "recorded_at": instant_text(row["recorded_at"]),
            "data": json.loads(row["data"]),
        }
        for row in rows
    ]
