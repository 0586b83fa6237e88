"""A period in a factory's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.json_fields import JsonObject, day

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = 3600
QUARTER = 900
DAY = 86400


@lru_cache(maxsize=65536)
def local_midnight(on: date, time_zone: str) -> int:
    """UTC epoch seconds at which a local day begins."""
    midnight = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(time_zone))
    return (midnight.astimezone(UTC) - EPOCH) // SECOND


@lru_cache(maxsize=256)
def bucket_seconds(time_zone: str) -> int:
    """The finest bucket of sums: the UTC hour, or the quarter-hour where the offset is odd.

    A zone whose offset was not a whole hour on some first day of a month between 2000 and 2040 gets
    quarter-hours, so that local hours and days are always made of whole buckets (R111).
    """
    zone = ZoneInfo(time_zone)
    for year in range(2000, 2041):
        for month in range(1, 13):
            offset = zone.utcoffset(datetime(year, month, 1))  # noqa: DTZ001
            if offset is None or offset % timedelta(hours=1):
                return QUARTER
    return HOUR


@dataclass(frozen=True, slots=True)
class Period:
    """Local dates, half-open: `[start, end)`.

    Raises:
        ValueError: the end is not after the start.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period ends after it starts, not {self.start} to {self.end}")

    def instants(self, time_zone: str) -> tuple[int, int]:
        """Start and end in UTC epoch seconds, half-open."""
        return local_midnight(self.start, time_zone), local_midnight(self.end, time_zone)

    def expected_intervals(self, interval_seconds: int, time_zone: str) -> int:
        """How many whole intervals a meter has in the period.

        Intervals of whole days are counted in local days, because a local day may have 23 or 25 hours.
        """
        if interval_seconds % DAY == 0:
            return (self.end - self.start).days // (interval_seconds // DAY)
        start, end = self.instants(time_zone)
        return (end - start) // interval_seconds

    def covers(self, start: date, end: date) -> bool:
        """Whether `[start, end)` lies inside."""
        return self.start <= start and end <= self.end

    def to_json(self) -> dict[str, Json]:
        """The form of `contracts.base.Period`."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}

    @classmethod
    def from_json(cls, data: JsonObject) -> Period:
        """Reads `to_json`."""
        return cls(start=day(data, "start"), end=day(data, "end"))
