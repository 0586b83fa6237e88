"""Each interval of each meter, once a revision: the identity that duplicates and overlaps are found by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.activity import ReadingsCorrected, ReadingsRecorded
from zerocarbon.ingest.domain.reading import Stored


async def newest(
    connection: Connection, organisation_id: str, meter_id: str, starts: Sequence[datetime]
) -> dict[datetime, Stored]:
    """The newest revision of each of the given intervals that is stored."""
    if not starts:
        return {}
    rows = await connection.fetch(
        "SELECT DISTINCT ON (start) start, value, revision FROM reading"
        " WHERE organisation_id = $1 AND meter_id = $2 AND start BETWEEN $3 AND $4"
        " ORDER BY start, revision DESC",
        organisation_id,
        meter_id,
        min(starts),
        max(starts),
    )
    wanted = set(starts)
    return {row["start"]: Stored(row["value"], row["revision"]) for row in rows if row["start"] in wanted}


async def record(
    connection: Connection, organisation_id: str, blocks: Sequence[ReadingsRecorded | ReadingsCorrected]
) -> None:
    """Keeps every interval of the blocks.

    Raises:
        asyncpg.UniqueViolationError: an interval and revision came in meanwhile.
    """
    meters: list[str] = []
    starts: list[datetime] = []
    revisions: list[int] = []
    values: list[Decimal] = []
    for block in blocks:
        revision = block.revision if isinstance(block, ReadingsCorrected) else 1
        step = timedelta(seconds=block.interval_seconds)
        meters += [block.meter_id] * len(block.values)
        starts += [block.start + step * number for number in range(len(block.values))]
        revisions += [revision] * len(block.values)
        values += block.values
    await connection.execute(
        "INSERT INTO reading (organisation_id, meter_id, start, revision, value)"
        " SELECT $1, * FROM unnest($2::uuid[], $3::timestamptz[], $4::int[], $5::numeric[])",
        organisation_id,
        meters,
        starts,
        revisions,
        values,
    )


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored value of one interval."""

    start: datetime
    revision: int
    value: Decimal


async def page(
    connection: Connection, organisation_id: str, meter_id: str, after: datetime, before: datetime, limit: int
) -> list[Revision]:
    """Readings of a meter with all revisions, raw values first, in `(after, before)` by interval start."""
    rows = await connection.fetch(
        "SELECT start, revision, value FROM reading WHERE organisation_id = $1 AND meter_id = $2"
        " AND start > $3 AND start < $4 ORDER BY start, revision LIMIT $5",
        organisation_id,
        meter_id,
        after,
        before,
        limit,
    )
    return [Revision(row["start"], row["revision"], row["value"]) for row in rows]
