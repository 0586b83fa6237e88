"""What sources consumed in a period, summed in the database: for views that must not read every bucket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zerocarbon.accounting.store.sums import SourceUnit
from zerocarbon.common.postgres.session import Connection
from zerocarbon.proof.fold import day_number
from zerocarbon.proof.numbers import SUM_CONTEXT
from zerocarbon.proof.units import convert

_TOTALS = """
SELECT source_id::text, unit, sum(quantity) AS quantity, max(recorded_day) AS last_day
FROM sum_delta
WHERE source_id = ANY ($1::uuid[]) AND bucket_start >= $2 AND bucket_start < $3 AND bucket_end <= $3
GROUP BY source_id, unit ORDER BY source_id, unit
"""


@dataclass(frozen=True, slots=True)
class PeriodTotals:
    """Exact sums by source code, in the unit of the source.

    `recorded_after` says whether any of it was recorded after the day that was asked about.
    """

    quantities: dict[str, Decimal]
    recorded_after: bool


async def read(
    connection: Connection, sources: Mapping[str, SourceUnit], span: tuple[int, int], day: date
) -> PeriodTotals:
    """The sums of some sources (by id) over the buckets that lie wholly in a span of UTC epoch seconds.

    Raises:
        zerocarbon.proof.refusal.Refused: a sum cannot be said, or not exactly, in the unit of its source.
    """
    quantities: dict[str, Decimal] = {}
    later = False
    for row in await connection.fetch(_TOTALS, list(sources), *span):
        source = sources[row["source_id"]]
        quantity = convert(row["quantity"], row["unit"], source.unit)
        quantities[source.code] = SUM_CONTEXT.add(quantities.get(source.code, Decimal(0)), quantity)
        later = later or row["last_day"] > day_number(day)
    return PeriodTotals(quantities, later)
