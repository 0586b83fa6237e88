"""Each interval of each meter, once a revision: the identity that duplicates and overlaps are found by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import NotFound
from zerocarbon.contracts.activity import ReadingsCorrected, ReadingsRecorded
from zerocarbon.ingest.domain.correction import Stored

GAP = timedelta(hours=1)
"""The longest interval of a meter: consecutive readings are never further apart."""


@dataclass(frozen=True, slots=True)
class Span:
    """Intervals of one meter without a gap worth skipping, by their first and last start."""

    meter_id: str
    first: datetime
    last: datetime


def spans(wanted: Mapping[str, Collection[datetime]]) -> list[Span]:
    """The wanted intervals as stretches: what lies between two far-apart readings is never read."""
    found: list[Span] = []
    for meter_id, starts in wanted.items():
        ordered = sorted(starts)
        first = 0
        for number in range(1, len(ordered) + 1):
            if number == len(ordered) or ordered[number] - ordered[number - 1] > GAP:
                found.append(Span(meter_id, ordered[first], ordered[number - 1]))
                first = number
    return found


async def newest(
    connection: Connection, organisation_id: str, wanted: Mapping[str, Collection[datetime]]
) -> dict[str, dict[datetime, Stored]]:
    """The newest stored revision of each wanted interval, by meter id and start; in one query."""
    stretches = spans(wanted)
    if not stretches:
        return {}
    rows = await connection.fetch(
        "SELECT DISTINCT ON (found.meter_id, found.start)"
        " found.meter_id::text, found.start, found.value, found.revision"
        " FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS span (meter_id, first, last),"
        " LATERAL (SELECT meter_id, start, value, revision FROM reading"
        " WHERE organisation_id = $1 AND meter_id = span.meter_id"
        " AND start BETWEEN span.first AND span.last) AS found"
        " ORDER BY found.meter_id, found.start, found.revision DESC",
        organisation_id,
        [span.meter_id for span in stretches],
        [span.first for span in stretches],
        [span.last for span in stretches],
    )
    asked = {meter_id: frozenset(starts) for meter_id, starts in wanted.items()}
    stored: dict[str, dict[datetime, Stored]] = {}
    for row in rows:
        if row["start"] in asked[row["meter_id"]]:
            mine = stored.setdefault(row["meter_id"], {})
            mine[row["start"]] = Stored(row["value"], row["revision"])
    return stored


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
    connection: Connection,
    organisation_id: str,
    factory_id: str,
    meter_id: str,
    after: tuple[datetime, int],
    before: datetime,
    limit: int,
) -> list[Revision]:
    """Readings of a meter with all revisions, raw values first, after (start, revision) and before a start.

    The meter has to be the factory's: who was let in to one factory sees no meter of another.

    Raises:
        NotFound: the factory has no such meter.
    """
    known = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM register WHERE noun = 'meter' AND id = $1 AND parent_id = $2"
        " AND organisation_id = $3)",
        meter_id,
        factory_id,
        organisation_id,
    )
    if not known:
        raise NotFound("meter", meter_id)
    rows = await connection.fetch(
        "SELECT start, revision, value FROM reading WHERE organisation_id = $1 AND meter_id = $2"
        " AND (start, revision) > ($3, $4) AND start < $5 ORDER BY start, revision LIMIT $6",
        organisation_id,
        meter_id,
        *after,
        before,
        limit,
    )
    return [Revision(row["start"], row["revision"], row["value"]) for row in rows]
