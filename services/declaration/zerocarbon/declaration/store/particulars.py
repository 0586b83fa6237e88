"""What an organisation publishes of a factory beyond its name (R200); erasable like persons."""

from __future__ import annotations

import json
from typing import Any

from zerocarbon.common.postgres.session import Connection


async def put(
    connection: Connection, organisation_id: str, factory_id: str, particulars: dict[str, Any]
) -> None:
    """Replaces the particulars of a factory."""
    await connection.execute(
        "INSERT INTO particulars (factory_id, organisation_id, fields) VALUES ($1, $2, $3)"
        " ON CONFLICT (factory_id) DO UPDATE SET fields = excluded.fields",
        factory_id,
        organisation_id,
        json.dumps(particulars, ensure_ascii=False),
    )


async def of_factory(connection: Connection, organisation_id: str, factory_id: str) -> dict[str, Any]:
    """The particulars; empty when none were given."""
    fields = await connection.fetchval(
        "SELECT fields FROM particulars WHERE factory_id = $1 AND organisation_id = $2",
        factory_id,
        organisation_id,
    )
    found: dict[str, Any] = json.loads(fields) if fields is not None else {}
    return found
