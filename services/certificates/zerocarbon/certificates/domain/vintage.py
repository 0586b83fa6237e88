"""When the power was generated, or the reduction took place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Vintage:
    """A half-open interval of days: `[start, end)`.

    Raises:
        ValueError: empty or reversed.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"[{self.start}, {self.end}) holds no day")

    @property
    def month(self) -> date | None:
        """The first day of the one calendar month that holds the whole vintage, if there is one."""
        first = self.start.replace(day=1)
        last_day = self.end - timedelta(days=1)
        return first if last_day.replace(day=1) == first else None

    def within(self, start: date, end: date) -> bool:
        """Whether every day lies in `[start, end)`."""
        return start <= self.start and self.end <= end

    def __str__(self) -> str:
        return f"[{self.start}, {self.end})"


def months_after(month: date, count: int) -> date:
    """The first day of the month that begins `count` months after the month of a date."""
    years, zero_based = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(years, zero_based + 1, 1)
