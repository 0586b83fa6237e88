"""Sums a meter's file that stamps the end of each quarter-hour, and 24:00 as 0:00 of the day that ends.

No date library and no product code: an interval is its number in the year, counted from the digits of the
stamp, and energy is a whole number of hundredths of a kWh. By hand, from the root of the checkout:

    python -m tests.independent.meter_file FILE date Usage_kWh
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
INTERVALS_PER_DAY = 96
MINUTES_PER_INTERVAL = 15


@dataclass(frozen=True)
class MeterFile:
    """What a file of one year holds.

    Attributes:
        numbers: of the intervals, in the order of the file; 0 is the first quarter-hour of the year.
        hundredths: energy of each, in hundredths of a kWh.
    """

    year: int
    numbers: tuple[int, ...]
    hundredths: tuple[int, ...]

    @property
    def kilowatt_hours(self) -> Decimal:
        """The sum."""
        return Decimal(sum(self.hundredths)).scaleb(-2)

    def is_whole_year(self) -> bool:
        """Whether every quarter-hour of the year is there once."""
        days = 365 + _is_leap(self.year)
        return sorted(self.numbers) == list(range(days * INTERVALS_PER_DAY))


def read(data: bytes, time_column: str, energy_column: str) -> MeterFile:
    """Reads `d/m/Y H:MM` and energy of at most two decimals, without quotes, separated by commas.

    Raises:
        ValueError: no byte order mark, no such column, more than one year, a minute that ends no
            quarter-hour, or a number of more than two decimals.
    """
    if not data.startswith(BYTE_ORDER_MARK):
        raise ValueError("no byte order mark")
    header, *rows = data[len(BYTE_ORDER_MARK) :].decode("ascii").splitlines()
    columns = header.split(",")
    time_at, energy_at = columns.index(time_column), columns.index(energy_column)
    cells = [row.split(",") for row in rows]
    intervals = [_interval(row[time_at]) for row in cells]
    years = {year for year, _ in intervals}
    if len(years) != 1:
        raise ValueError(f"the file is of the years {sorted(years)}")
    return MeterFile(
        year=years.pop(),
        numbers=tuple(number for _, number in intervals),
        hundredths=tuple(_hundredths(row[energy_at]) for row in cells),
    )


def _interval(stamp: str) -> tuple[int, int]:
    """Year and number of the interval that ends at a stamp such as `31/1/2018 0:00`."""
    date, _, clock = stamp.partition(" ")
    day, month, year = (int(part) for part in date.split("/"))
    hours, minutes = (int(part) for part in clock.split(":"))
    nth, beside = divmod(hours * 60 + minutes, MINUTES_PER_INTERVAL)
    if beside:
        raise ValueError(f"{stamp} ends no quarter-hour")
    day_of_year = DAYS_BEFORE_MONTH[month - 1] + day - 1 + (month > 2 and _is_leap(year))
    return year, day_of_year * INTERVALS_PER_DAY + (nth or INTERVALS_PER_DAY) - 1


def _hundredths(text: str) -> int:
    whole, _, decimals = text.partition(".")
    if len(decimals) > 2:
        raise ValueError(f"{text} has more than two decimals")
    return int(whole) * 100 + int(decimals.ljust(2, "0"))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def main(arguments: Sequence[str]) -> None:
    """Prints the number of intervals, their sum, and whether they are a year without gap."""
    path, time_column, energy_column = arguments
    found = read(Path(path).read_bytes(), time_column, energy_column)
    whole = "every quarter-hour once" if found.is_whole_year() else "NOT every quarter-hour once"
    sys.stdout.write(
        f"{found.year}: {len(found.numbers)} intervals, {found.kilowatt_hours} kWh, {whole} of the year\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
