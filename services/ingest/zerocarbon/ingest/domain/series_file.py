"""Meter files: a declared mapping says how to read them; nothing is guessed in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from zerocarbon.common.refusal import Refused, Violation, refuse
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
    """The readings of a file and every row that cannot be read. Row 1 is the first row below the header.

    Raises:
        Refused: the file as a whole cannot be read as declared.
    """
    readings: list[Reading] = []
    found: list[Violation] = []
    for number, row in enumerate(_rows(data, mapping), start=1):
        try:
            readings.append(_reading(row, number, mapping, zone, interval))
        except Refused as wrong:
            found += [Violation(v.rule, v.message, v.pointer, number) for v in wrong.violations]
    return readings, found


def _rows(data: bytes, mapping: SeriesMapping) -> Iterator[dict[str, str]]:
    try:
        text = data.decode(mapping.encoding, errors="strict")
    except UnicodeDecodeError as wrong:
        raise refuse("encoding", f"the file is not {mapping.encoding}: {wrong}", "/encoding") from wrong
    if text.startswith("\ufeff"):
        raise refuse("encoding", "the file begins with a byte order mark; declare utf-8-sig", "/encoding")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True)
    header = reader.fieldnames or []
    missing = [name for name in (mapping.time_column, mapping.value_column) if name not in header]
    if missing:
        raise Refused(
            [
                Violation("column", f"the file has no column {name!r}; it has {list(header)}")
                for name in missing
            ]
        )
    try:
        for row in reader:
            # A row of another length has None as a key or as a value.
            if None in row or None in row.values():
                yield {}
            else:
                yield row
    except csv.Error as wrong:
        raise refuse("csv", f"line {reader.line_num}: {wrong}") from wrong


def _reading(
    row: dict[str, str], number: int, mapping: SeriesMapping, zone: ZoneInfo, interval: timedelta
) -> Reading:
    if not row:
        raise refuse("column-count", "the row has not as many columns as the header")
    stamped = row[mapping.time_column].strip()
    try:
        local = datetime.strptime(stamped, mapping.time_format)  # noqa: DTZ007 - the zone is added below
    except ValueError as wrong:
        raise refuse("time", f"{stamped!r} is not of the form {mapping.time_format!r}") from wrong
    if mapping.midnight == "end-of-day" and local.time() == time():
        local += timedelta(days=1)
    start = _instant(local, zone)
    if mapping.stamp == "end":
        start -= interval
    return Reading(start, _quantity(row[mapping.value_column].strip(), mapping), row=number)


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    earlier = local.replace(tzinfo=zone, fold=0)
    later = local.replace(tzinfo=zone, fold=1)
    if earlier.utcoffset() != later.utcoffset():
        raise refuse("ambiguous-time", f"{local} does not name one instant in {zone.key}; stamp it in UTC")
    return earlier.astimezone(UTC)


def _quantity(text: str, mapping: SeriesMapping) -> Decimal:
    if mapping.decimal_mark == ",":
        if "." in text:
            raise refuse("number", f"{text!r} has a point, but the decimal mark is declared as a comma")
        text = text.replace(",", ".")
    try:
        return parse(text)
    except NotExact as wrong:
        raise refuse("number", str(wrong)) from wrong
