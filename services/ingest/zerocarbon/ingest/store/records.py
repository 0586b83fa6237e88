"""Which activity records are stored."""

from __future__ import annotations

from collections.abc import Sequence

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.activity import ActivityRecorded


async def known(
    connection: Connection, organisation_id: str, factory_id: str, codes: Sequence[str]
) -> frozenset[tuple[str, str]]:
    """The (source id, record code) pairs among the given codes that exist."""
    rows = await connection.fetch(
        "SELECT source_id::text, code FROM activity_record"
        " WHERE organisation_id = $1 AND factory_id = $2 AND code = ANY ($3)",
        organisation_id,
        factory_id,
        list(codes),
    )
    return frozenset((row["source_id"], row["code"]) for row in rows)


async def record(connection: Connection, organisation_id: str, facts: Sequence[ActivityRecorded]) -> None:
    """Keeps the identity of each record.

    Raises:
        asyncpg.UniqueViolationError: a record of that code came in meanwhile.
    """
    await connection.execute(
        "INSERT INTO activity_record (organisation_id, factory_id, source_id, code)"
        " SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::text[])",
        organisation_id,
        [fact.factory_id for fact in facts],
        [fact.source_id for fact in facts],
        [fact.record for fact in facts],
    )
