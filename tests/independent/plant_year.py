"""Makes a synthetic year of a plant's meter in the form of `test_meter_file_resummed`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

HEADER = "date,Usage_kWh,Lagging_Current_Reactive.Power_kVarh,NSM,WeekStatus"
QUARTER = timedelta(minutes=15)


def plant_year(year: int) -> bytes:
    """A byte order mark, `d/m/Y` stamps of the interval's end, and 24:00 written as 0:00 of the same day."""
    rows, start = [HEADER], datetime(year, 1, 1, tzinfo=UTC)
    number = 0
    while start.year == year:
        end = start + QUARTER
        # Midnight is written as 0:00 of the day that it ends: the date is always that of the start.
        stamp = f"{start.day}/{start.month}/{start.year} {end.hour}:{end.minute:02}"
        hundredths = 317 + number * 7919 % 9973
        rows.append(f"{stamp},{hundredths // 100}.{hundredths % 100:02},2.95,900,Weekday")
        start, number = end, number + 1
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()
