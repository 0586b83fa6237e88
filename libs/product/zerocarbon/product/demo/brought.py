"""A meter file that somebody brings: judged as a whole before any service starts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.ingest.api.forms import MappingForm
from zerocarbon.ingest.domain.reading import Judge, Reading
from zerocarbon.ingest.domain.series_file import SeriesMapping, read
from zerocarbon.product.demo import mapping
from zerocarbon.product.demo.client import DemoStopped
from zerocarbon.product.demo.company import TIME_ZONE

QUARTER = timedelta(minutes=15)
SHOWN = 5
SHOWN_ROWS = 20
_ZONE = ZoneInfo(TIME_ZONE)
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Brought:
    """A whole year of quarter-hours that can be read as declared.

    Attributes:
        year: the local calendar year that it covers.
        own_mapping: whether the mapping was brought too, and does not come with the product.
    """

    name: str
    data: bytes
    year: int
    mapping: dict[str, str]
    own_mapping: bool

    @property
    def read_as(self) -> str:
        """How it is read, as a sentence."""
        origin = (
            "METER_MAPPING" if self.own_mapping else f"{mapping.DEFAULT.name}, which comes with the product"
        )
        return f"{self.name} is read by {origin}; {mapping.in_words(self.mapping)}"


def bring(file: Path, mapping_file: Path | None) -> Brought:
    """Reads a file and its mapping.

    Raises:
        DemoStopped: the file cannot be read as declared, or lacks quarter-hours of its year; the text says
            which and what to do.
    """
    declared, data = mapping.load(mapping_file), file.read_bytes()
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise DemoStopped(f"{file.name} is empty: it has neither a header nor a reading")
    form = MappingForm.model_validate({**declared, "meter": mapping.METER})
    as_declared = SeriesMapping(**form.model_dump())
    try:
        readings, wrong = read(data, as_declared, _ZONE, QUARTER)
    except Refused as whole:
        listed = "".join(f"\n  {one.message}" for one in whole.violations)
        raise DemoStopped(f"{file.name} cannot be read as declared:{listed}\n{_declare()}") from whole
    good, unfit = Judge(QUARTER, {}, _LATEST).admit(readings)
    if wrong or unfit:
        found = sorted([*wrong, *unfit], key=lambda violation: violation.row or 0)
        raise DemoStopped(_bad_rows(file.name, data, found))
    if not good:
        raise DemoStopped(f"{file.name} has a header and no reading below it")
    year = Counter(reading.start.astimezone(_ZONE).year for reading in good).most_common(1)[0][0]
    missing = _missing(good, year)
    if missing:
        raise DemoStopped(_gaps(file.name, missing, year, _Notation(as_declared, data, good)))
    return Brought(file.name, data, year, declared, mapping_file is not None)


def _declare() -> str:
    return f"declare how to read it with METER_MAPPING=FILE; {mapping.GUIDE} explains every key"


def _bad_rows(name: str, data: bytes, found: Sequence[Violation]) -> str:
    rows = len({one.row for one in found})
    # A quoted value may run over lines; without one, a row is a line, and the header is line 1.
    lines = b'"' not in data
    listed = [
        f"\n  row {one.row}{f' (line {(one.row or 0) + 1} of the file)' if lines else ''}: {one.message}"
        for one in found[:SHOWN_ROWS]
    ]
    more = f"\n  and {len(found) - SHOWN_ROWS:,} more" if len(found) > SHOWN_ROWS else ""
    verb = "row cannot" if rows == 1 else "rows cannot"
    return (
        f"{rows:,} {verb} be taken from {name}:{''.join(listed)}{more}"
        f"\nmend these rows, or, where the form is another, {_declare()}"
    )


def _missing(readings: Sequence[Reading], year: int) -> list[datetime]:
    there = {reading.start for reading in readings}
    return [start for start in _quarters(year) if start not in there]


def _gaps(name: str, missing: Sequence[datetime], year: int, written: _Notation) -> str:
    shown = ", ".join(written(start) for start in missing[:SHOWN])
    more = f" and {len(missing) - SHOWN:,} more" if len(missing) > SHOWN else ""
    return (
        f"{name} is not a whole year: {len(missing):,} of the {len(_quarters(year)):,} quarter-hours"
        f" of {year} {'is' if len(missing) == 1 else 'are'} missing"
        f"\n  missing, as the file would stamp them: {shown}{more}"
        "\nno value is made up for a gap: export the year again, or add these rows from the meter's own"
        " store, and start again"
    )


def _quarters(year: int) -> list[datetime]:
    start = datetime(year, 1, 1, tzinfo=_ZONE).astimezone(UTC)
    end = datetime(year + 1, 1, 1, tzinfo=_ZONE).astimezone(UTC)
    return [start + number * QUARTER for number in range((end - start) // QUARTER)]


class _Notation:
    """Writes an interval's start as the file would: which end is stamped, 24:00, and zeros before digits."""

    def __init__(self, declared: SeriesMapping, data: bytes, readings: Sequence[Reading]) -> None:
        self._declared = declared
        self._format = declared.time_format
        text = data.decode(declared.encoding)
        if not all(self(reading.start) in text for reading in readings[:SHOWN_ROWS]):
            self._format = re.sub(r"%([dmH])", r"%-\1", declared.time_format)

    def __call__(self, start: datetime) -> str:
        stamped = start.astimezone(_ZONE) + (QUARTER if self._declared.stamp == "end" else timedelta())
        if self._declared.midnight == "end-of-day" and (stamped.hour, stamped.minute) == (0, 0):
            stamped -= timedelta(days=1)
        return stamped.strftime(self._format)
