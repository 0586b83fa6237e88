"""Time stamps of meter files: text in a declared format, in the factory's time zone, to an instant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zerocarbon.common.refusal import refuse

_PATTERNS = {"Y": "[0-9]{4}", **dict.fromkeys("mdHMS", "[0-9]{1,2}")}
_ORDER = "YmdHMS"
_NEEDED = frozenset("Ymd")


def parser(time_format: str) -> Callable[[str], datetime]:
    """`datetime.strptime` for one format, several times as fast where the format is plain digits.

    The function raises ValueError as `strptime` does; what the plain form does not match, `strptime` judges.
    """
    plain = _plain(time_format)
    if plain is None:
        return lambda text: datetime.strptime(text, time_format)  # noqa: DTZ007 - the zone comes later
    pattern, places = plain
    year, month, day, hour, minute, second = places

    def parse(text: str) -> datetime:
        found = pattern.fullmatch(text)
        if found is None:
            return datetime.strptime(text, time_format)  # noqa: DTZ007 - the zone comes later
        said = [*map(int, found.groups()), 0]
        return datetime(  # noqa: DTZ001
            said[year], said[month], said[day], said[hour], said[minute], said[second]
        )

    return parse


def _plain(time_format: str) -> tuple[re.Pattern[str], list[int]] | None:
    # Directives of digits with something between them that is no digit: one way to read it, as strptime's.
    parts = re.split(r"%(.)", time_format)
    directives, between = parts[1::2], parts[2:-1:2]
    if not _NEEDED <= set(directives) <= set(_PATTERNS) or len(set(directives)) < len(directives):
        return None
    if not all(between) or any(character.isdigit() for text in parts[::2] for character in text):
        return None
    pattern = "".join(
        f"({_PATTERNS[part]})" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    )
    # A part that the format leaves out is the zero behind the last group, as it is for strptime.
    places = [directives.index(part) if part in directives else len(directives) for part in _ORDER]
    return re.compile(pattern), places


class Clock:
    """Turns local stamps into the instants at which intervals begin.

    `end_of_day`: a stamp of 0:00 is the 24:00 of the day that it names. `back`: how far the beginning of
    the interval lies before its stamp. A stamp that carries its own offset needs no zone.
    """

    def __init__(self, zone: ZoneInfo, *, end_of_day: bool, back: timedelta) -> None:
        self._zone = zone
        self._end_of_day = end_of_day
        self._back = back

    def start(self, stamped: datetime) -> datetime:
        """The beginning of the stamped interval, in UTC.

        Raises:
            Refused: the stamp names no instant of the zone or two, or one beyond what can be stored.
        """
        try:
            if self._end_of_day and stamped.time() == time():
                stamped += timedelta(days=1)
            return self._instant(stamped) - self._back
        except OverflowError as wrong:
            raise refuse("time", f"{stamped} lies beyond the years that there are") from wrong

    def _instant(self, stamped: datetime) -> datetime:
        if stamped.tzinfo is not None:
            return stamped.astimezone(UTC)
        local = stamped.replace(tzinfo=self._zone)
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            raise refuse(
                "ambiguous-time",
                f"{stamped} does not name one instant in {self._zone.key}; stamp it with its offset (%z)",
            )
        return local.astimezone(UTC)
