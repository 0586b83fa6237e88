"""Reads the demo's raw files of one factory and year. A gap, a repetition or a stray record is an error."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

METERS = ("grid-import", "rooftop-generation", "rooftop-export")
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Raw:
    """Sums over the year: kWh and number of intervals by meter, quantity and unit by source of records."""

    kilowatt_hours: dict[str, Decimal]
    intervals: dict[str, int]
    records: dict[str, tuple[Decimal, str]]


def read(directory: Path, year: int) -> Raw:
    """Reads `<meter>.csv` of the three meters and `records.json` in a factory's folder.

    Raises:
        ValueError: a series is not every quarter-hour of the year once, or a record lies outside it, stands
            twice, or changes its source's unit.
    """
    kilowatt_hours: dict[str, Decimal] = {}
    intervals: dict[str, int] = {}
    for meter in METERS:
        values = list(_series(directory / f"{meter}.csv", year))
        kilowatt_hours[meter] = sum(values, Decimal(0))
        intervals[meter] = len(values)
    return Raw(kilowatt_hours, intervals, _records(directory / "records.json", year))


def _series(path: Path, year: int) -> Iterator[Decimal]:
    due, end = datetime.fromisoformat(f"{year}-01-01"), datetime.fromisoformat(f"{year + 1}-01-01")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if datetime.fromisoformat(row["time"]) != due or due >= end:
                raise ValueError(f"{path}: {row['time']} stands where {due} was due")
            yield Decimal(row["kwh"])
            due += QUARTER
    if due != end:
        raise ValueError(f"{path}: ends before {due}")


def _records(path: Path, year: int) -> dict[str, tuple[Decimal, str]]:
    sums: dict[str, tuple[Decimal, str]] = {}
    seen: set[tuple[str, str]] = set()
    for record in json.loads(path.read_text(encoding="utf-8"))["records"]:
        source, name, unit = record["source"], record["record"], record["unit"]
        start, end = date.fromisoformat(record["start"]), date.fromisoformat(record["end"])
        if not date(year, 1, 1) <= start < end <= date(year + 1, 1, 1):
            raise ValueError(f"{path}: {source} {name} does not lie in {year}")
        before, unit_before = sums.get(source, (Decimal(0), unit))
        if (source, name) in seen or unit != unit_before:
            raise ValueError(f"{path}: {source} {name} stands twice or changes the unit")
        seen.add((source, name))
        sums[source] = (before + Decimal(record["quantity"]), unit)
    return sums
