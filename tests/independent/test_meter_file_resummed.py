"""A meter's file with byte order mark, `d/m/Y` and 24:00 written as 0:00, read by a declared mapping.

The form is that of a real plant's file that is not part of the project: the stamp names the end of the
quarter-hour, and the last one of a day is stamped 0:00 of that same day. It is summed by two paths.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.independent import meter_file
from zerocarbon.common.refusal import Refused
from zerocarbon.ingest.api.forms import MappingForm
from zerocarbon.ingest.domain.series_file import SeriesMapping, read
from zerocarbon.product.demo import mapping

QUARTER = timedelta(minutes=15)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YEAR = datetime(2017, 12, 31, 16, tzinfo=UTC)
"""Midnight of 1 January 2018 in Shanghai."""

# What the demo declares for a file that somebody brings.
DECLARED = MappingForm.model_validate({**mapping.load(None), "meter": "grid-import"})
MAPPING = SeriesMapping(**DECLARED.model_dump())
HEADER = "date,Usage_kWh,Lagging_Current_Reactive.Power_kVarh,NSM,WeekStatus\r\n"

# Around the first midnight, where a day and a month could be mixed up, and the last interval of the year.
# Beside each: the number of the interval in the year, and hundredths of a kWh.
ROWS = (
    ("1/1/2018 0:15,3.17,2.95,900,Weekday", 0, 317),
    ("1/1/2018 0:30,4,4.46,1800,Weekday", 1, 400),
    ("1/1/2018 23:45,3.6,3.96,85500,Weekday", 94, 360),
    ("1/1/2018 0:00,3.42,3.46,0,Weekday", 95, 342),
    ("2/1/2018 0:15,0,3.1,900,Weekday", 96, 0),
    ("3/12/2018 10:00,120.05,3.1,36000,Weekday", (334 + 2) * 96 + 39, 12005),
    ("31/12/2018 0:00,157.18,3.1,0,Weekday", 365 * 96 - 1, 15718),
)


def file_of(rows: tuple[tuple[str, int, int], ...]) -> bytes:
    return ("\ufeff" + HEADER + "".join(f"{row}\r\n" for row, _, _ in rows)).encode()


def test_both_paths_read_what_is_written_beside_the_rows() -> None:
    readings, refused = read(file_of(ROWS), MAPPING, SHANGHAI, QUARTER)
    again = meter_file.read(file_of(ROWS), "date", "Usage_kWh")
    numbers, hundredths = [row[1] for row in ROWS], [row[2] for row in ROWS]

    assert not refused
    assert [(reading.start - NEW_YEAR) // QUARTER for reading in readings] == numbers
    assert list(again.numbers) == numbers
    assert [reading.value * 100 for reading in readings] == hundredths
    assert list(again.hundredths) == hundredths
    assert sum(reading.value for reading in readings) == again.kilowatt_hours == Decimal("291.42")
    assert (again.year, again.is_whole_year()) == (2018, False)


def test_a_whole_year_in_this_form_has_every_interval_once() -> None:
    rows = []
    for number in range(365 * 96):
        end = datetime(2018, 1, 1, tzinfo=UTC) + (number + 1) * QUARTER
        # Midnight is written as 0:00 of the day that it ends.
        day = end if number % 96 != 95 else end - timedelta(days=1)
        kilowatt_hours = Decimal(number % 977) / 100
        stamp = f"{day.day}/{day.month}/{day.year} {end.hour}:{end.minute:02}"
        rows.append((f"{stamp},{kilowatt_hours},0,0,Weekday", number, number % 977))
    readings, refused = read(file_of(tuple(rows)), MAPPING, SHANGHAI, QUARTER)
    again = meter_file.read(file_of(tuple(rows)), "date", "Usage_kWh")

    assert not refused
    assert [reading.start for reading in readings] == [NEW_YEAR + n * QUARTER for n in range(35_040)]
    assert again.is_whole_year()
    assert sum(reading.value for reading in readings) == again.kilowatt_hours


def test_read_as_start_of_day_the_midnights_would_fall_on_the_day_before() -> None:
    readings, _ = read(file_of(ROWS), replace(MAPPING, midnight="start-of-day"), SHANGHAI, QUARTER)
    again = meter_file.read(file_of(ROWS), "date", "Usage_kWh")
    moved = [
        number
        for reading, number in zip(readings, again.numbers, strict=True)
        if (reading.start - NEW_YEAR) // QUARTER != number
    ]
    assert moved == [95, 365 * 96 - 1]


def test_the_byte_order_mark_has_to_be_declared() -> None:
    with pytest.raises(Refused, match="byte order mark"):
        read(file_of(ROWS), replace(MAPPING, encoding="utf-8"), SHANGHAI, QUARTER)


def test_a_month_that_is_no_month_is_named_by_its_row() -> None:
    rows = (*ROWS[:2], ("1/13/2018 0:15,3.17,2.95,900,Weekday", 0, 317))
    readings, refused = read(file_of(rows), MAPPING, SHANGHAI, QUARTER)
    assert len(readings) == 2
    assert [(wrong.rule, wrong.row) for wrong in refused] == [("time", 3)]
