"""Sums of activity: deltas that flushes append, and the exact sums that readers make of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import refuse
from zerocarbon.proof.fold import Delta, Sums, bucket_of, day_number
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.units import convert

WORTH = 16
"""A bucket that gathered that many deltas is worth merging: an insert costs a microsecond, a merge ten."""

_COLUMNS = ["source_id", "unit", "bucket_start", "bucket_end", "quantity", "recorded_day"]

_READ = """
SELECT source_id::text, unit, bucket_start, bucket_end, recorded_day, sum(quantity) AS quantity
FROM (
    SELECT * FROM sum_delta
    WHERE source_id = ANY ($1::uuid[]) AND bucket_start > $2 - 3600 AND bucket_start < $3
        AND bucket_end > $2 AND bucket_end - bucket_start <= 3600
    UNION ALL
    SELECT * FROM sum_delta
    WHERE source_id = ANY ($1::uuid[]) AND bucket_start < $3
        AND bucket_end > $2 AND bucket_end - bucket_start > 3600
) AS touching
WHERE $4::int IS NULL OR recorded_day <= $4
GROUP BY source_id, unit, bucket_start, bucket_end, recorded_day
"""
# Fine buckets are found by their start; the few that are longer than an hour have an index of their own, so
# that reading a month costs the same however much history lies before it.

_COMPACT = """
WITH worth AS (
    SELECT source_id, unit, bucket_start, bucket_end, recorded_day
    FROM sum_delta JOIN unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS given (source, first, last)
        ON source_id = source AND bucket_start BETWEEN first AND last
    GROUP BY 1, 2, 3, 4, 5 HAVING count(*) >= $4
), gone AS (
    DELETE FROM sum_delta USING worth
    WHERE sum_delta.source_id = worth.source_id AND sum_delta.bucket_start = worth.bucket_start
        AND (sum_delta.unit, sum_delta.bucket_end, sum_delta.recorded_day)
            = (worth.unit, worth.bucket_end, worth.recorded_day)
    RETURNING sum_delta.*
)
INSERT INTO sum_delta (source_id, unit, bucket_start, bucket_end, quantity, recorded_day)
SELECT source_id, unit, bucket_start, bucket_end, sum(quantity), recorded_day
FROM gone GROUP BY source_id, unit, bucket_start, bucket_end, recorded_day
"""


class Stretch(NamedTuple):
    """From the start of one bucket to the start of another, both included."""

    first: int
    last: int

    def joined(self, other: Stretch) -> Stretch:
        """The stretch that holds both."""
        return Stretch(min(self.first, other.first), max(self.last, other.last))


@dataclass(frozen=True, slots=True)
class SourceUnit:
    """Under which code and in which unit the sums of a source are read."""

    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class ReadSums:
    """Sums by source code, in the source's unit and the factory's buckets.

    `with_data` are the codes of sources with any fact in the asked time, also where its sum is zero.
    """

    sums: Sums
    with_data: frozenset[str]


def copy_text(sums: Sums) -> bytes:
    """Deltas in the text format of COPY. Keys are `source TAB unit`; nothing in them needs escaping."""
    return "".join(
        [f"{key}\t{low}\t{high}\t{quantity}\t{day}\n" for (key, low, high, day), quantity in sums.unordered()]
    ).encode()


async def append(connection: Connection, deltas: bytes) -> None:
    """Appends deltas; for workers, whom row-level security does not hold."""
    await connection.copy_to_table("sum_delta", source=io.BytesIO(deltas), columns=_COLUMNS, format="text")


async def read(
    connection: Connection,
    sources: Mapping[str, SourceUnit],
    bucket_seconds: int,
    span: tuple[int, int],
    known_on: date | None = None,
) -> ReadSums:
    """The sums of some sources (by id) over all buckets that touch a span of UTC epoch seconds.

    Args:
        known_on: only what had been recorded by the end of that UTC day.

    Raises:
        Refused: a fact cannot be said, or not exactly, in the unit of its source.
    """
    last_day = None if known_on is None else day_number(known_on)
    rows = await connection.fetch(_READ, list(sources), span[0], span[1], last_day)
    return normalised(
        (
            Delta(
                f"{row['source_id']}\t{row['unit']}",
                row["bucket_start"],
                row["bucket_end"],
                row["quantity"],
                row["recorded_day"],
            )
            for row in rows
        ),
        sources,
        bucket_seconds,
    )


def normalised(deltas: Iterable[Delta], sources: Mapping[str, SourceUnit], bucket_seconds: int) -> ReadSums:
    """Deltas under `source TAB unit` as sums by source code, in its unit and in the factory's buckets."""
    with_data: set[str] = set()
    made: list[Delta] = []
    for key, start, end, quantity, day in deltas:
        source_id, _, unit = key.partition("\t")
        source = sources[source_id]
        low, high = bucket_of(start, end, bucket_seconds)
        with_data.add(source.code)
        made.append(Delta(source.code, low, high, _converted(quantity, unit, source.unit), day))
    sums = Sums()
    sums.add(made)
    return ReadSums(sums, frozenset(with_data))


def _converted(quantity: Decimal, unit: str, wanted: str) -> Decimal:
    if unit == wanted:
        return quantity
    try:
        return convert(quantity, unit, wanted)
    except Refused as impossible:
        raise refuse("unit-dimension", f"activity in {unit} of a source in {wanted}: {impossible}") from None


async def compact(connection: Connection, stretches: Mapping[str, Stretch], many: int = WORTH) -> None:
    """Merges the deltas of buckets that gathered many, within one recorded day each: no sum changes, whatever
    it is bounded by. Looks at the given stretch of each source only."""
    await connection.execute(
        _COMPACT,
        list(stretches),
        [stretch.first for stretch in stretches.values()],
        [stretch.last for stretch in stretches.values()],
        many,
    )


async def bucket_seconds_of(connection: Connection, factories: Sequence[str]) -> dict[str, int]:
    """The finest bucket of the factories that are known."""
    rows = await connection.fetch(
        "SELECT factory_id::text, bucket_seconds FROM factory WHERE factory_id = ANY ($1::uuid[])",
        list(factories),
    )
    return {row["factory_id"]: row["bucket_seconds"] for row in rows}
