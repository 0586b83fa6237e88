"""Meter files: a declared mapping says how to read them; nothing is guessed in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from zerocarbon.common.refusal import Refused, Violation, refuse
from zerocarbon.ingest.domain import delimited, stamp
from zerocarbon.ingest.domain.reading import Reading
from zerocarbon.proof.numbers import NotExact, parse


@dataclass(frozen=True, slots=True)
class SeriesMapping:
    """How a file is to be read.

    `stamp` says which end of the interval the time stamps. `midnight` says which midnight a stamp of 0:00
    means: `start-of-day` as written, or `end-of-day`, the 24:00 that some meters write as 0:00 of the day
    that ends. A byte order mark is accepted with `utf-8-sig`.
    """

    meter: str
    time_column: str
    value_column: str
    time_format: str
    unit: str
    stamp: Literal["start", "end"]
    midnight: Literal["start-of-day", "end-of-day"]
    decimal_mark: Literal[".", ","]
    delimiter: str
    encoding: Literal["utf-8", "utf-8-sig", "gb18030"]


def read(
    data: bytes, mapping: SeriesMapping, zone: ZoneInfo, interval: timedelta
) -> tuple[list[Reading], list[Violation]]:
    """The readings of a file and everything in it that cannot be read, by row (see `delimited`).

    Raises:
        Refused: the file as a whole cannot be read as declared.
    """
    table = delimited.read(data, mapping.encoding, mapping.delimiter)
    time_at, value_at = delimited.columns(
        table,
        [
            (mapping.time_column, "/mapping/time_column"),
            (mapping.value_column, "/mapping/value_column"),
        ],
    )
    parse_time = stamp.parser(mapping.time_format)
    clock = stamp.Clock(
        zone,
        end_of_day=mapping.midnight == "end-of-day",
        back=interval if mapping.stamp == "end" else timedelta(),
    )
    readings: list[Reading] = []
    found: list[Violation] = []
    width = len(table.header)
    for number, row in enumerate(table.rows, start=1):
        if len(row) != width:
            message = f"the row has {len(row)} columns, the header {width}" if row else "the row is empty"
            found.append(Violation("column-count", message, row=number))
            continue
        before = len(found)
        stamped = row[time_at].strip()
        try:
            start = clock.start(parse_time(stamped))
        except ValueError:
            message = f"{stamped!r} is not of the form {mapping.time_format!r}"
            found.append(Violation("time", message, row=number))
        except Refused as refused:
            found += [Violation(v.rule, v.message, row=number) for v in refused.violations]
        try:
            value = _quantity(row[value_at].strip(), mapping.decimal_mark)
        except Refused as refused:
            found += [Violation(v.rule, v.message, row=number) for v in refused.violations]
        if len(found) == before:
            readings.append(Reading(start, value, row=number))
    return readings, found


def ranges(rows: Iterable[int]) -> str:
    """Row numbers in ascending order, as people write them: `1-40,42-96`."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] + 1 == row:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ",".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)


def _quantity(text: str, decimal_mark: str) -> Decimal:
    plain = text
    if decimal_mark == ",":
        if "." in text:
            raise refuse("number", f"{text!r} has a point, but the decimal mark is declared as a comma")
        plain = text.replace(",", ".")
    try:
        return parse(plain)
    except NotExact as wrong:
        raise refuse("number", str(wrong)) from wrong
