"""Makes the demo's raw files from a seed. They are synthetic and say so; nothing here is measured.

Quarter-hour series of whole watt-hours, written in kWh with three decimals; activity records as JSON. The
same seed gives the same bytes on every machine: only integers are drawn and computed with.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from zerocarbon.product.demo.company import SEED, FactoryStory

QUARTER = timedelta(minutes=15)
NOTE = "Synthetic data made by a seeded script of this project (seed {seed}). Nothing here was measured.\n"

# Per mille of the mean load by hour of the day, and of the roof's peak by hour: hand-drawn shapes.
_LOAD = (870, 860, 855, 850, 860, 880, 930, 1010, 1080, 1110, 1120, 1115,
         1090, 1100, 1115, 1120, 1105, 1085, 1060, 1040, 1010, 970, 930, 900)  # fmt: skip
_SUN = (0, 0, 0, 0, 0, 20, 90, 220, 400, 570, 700, 770, 780, 740, 640, 490, 310, 150, 45, 0, 0, 0, 0, 0)
_SUN_BY_MONTH = (560, 640, 760, 880, 960, 950, 1000, 970, 860, 740, 610, 530)


def write(directory: Path, factory: FactoryStory, year: int, *, with_load: bool = True) -> None:
    """Writes a factory's year below `directory`; without the grid series when a real file takes its place."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "README.txt").write_text(NOTE.format(seed=SEED), encoding="utf-8")
    # A generator of pictures, not of secrets: it has to give the same numbers everywhere.
    draw = random.Random(f"{SEED}/{factory.code}/{year}")  # noqa: S311
    series: dict[str, list[tuple[datetime, int]]] = {
        "grid-import": [],
        "rooftop-generation": [],
        "rooftop-export": [],
    }
    cloud = 800
    for start in _quarters(year):
        cloud = min(1000, max(150, cloud + draw.randint(-60, 60)))
        sun = factory.roof_watts * _SUN[start.hour] * _SUN_BY_MONTH[start.month - 1] * cloud // (4 * 10**9)
        weekend = 930 if start.weekday() >= 5 else 1000
        need = factory.load_watts * _LOAD[start.hour] * weekend * draw.randint(960, 1040) // (4 * 10**9)
        # On a sunny quarter-hour some of the roof's power finds no taker inside.
        export = (
            sun * draw.randint(0, 180) // 1000 if start.weekday() >= 5 else sun * draw.randint(0, 40) // 1000
        )
        series["rooftop-generation"].append((start, sun))
        series["rooftop-export"].append((start, export))
        series["grid-import"].append((start, max(0, need - (sun - export))))
    for name, readings in series.items():
        if name != "grid-import" or with_load:
            _write_series(directory / f"{name}.csv", readings)
    records = [record for source in factory.sources if source.yearly for record in _records(source.code,
               source.unit, source.yearly, source.records, year)]  # fmt: skip
    text = json.dumps({"note": NOTE.format(seed=SEED).strip(), "records": records}, indent=1)
    (directory / "records.json").write_text(text + "\n", encoding="utf-8")


def _quarters(year: int) -> Iterator[datetime]:
    # Local wall-clock time of a zone without summer time; the mapping declares it.
    start = datetime(year, 1, 1)  # noqa: DTZ001
    while start.year == year:
        yield start
        start += QUARTER


def _write_series(path: Path, readings: list[tuple[datetime, int]]) -> None:
    lines = [
        f"{start:%Y-%m-%d %H:%M},{watt_hours // 1000}.{watt_hours % 1000:03d}"
        for start, watt_hours in readings
    ]
    path.write_text("time,kwh\n" + "\n".join(lines) + "\n", encoding="utf-8")


def _records(source: str, unit: str, yearly: str, count: int, year: int) -> list[dict[str, str]]:
    """A year's quantity in equal parts a month (what does not divide falls into December), or in one part."""
    whole = Decimal(yearly)
    if count == 1:
        return [_record(source, f"{year}", date(year, 1, 1), date(year + 1, 1, 1), whole, unit)]
    part = (whole / count).quantize(Decimal(1).scaleb(min(0, int(whole.as_tuple().exponent))))
    parts = [part] * (count - 1) + [whole - part * (count - 1)]
    return [
        _record(source, f"{year}-{month:02d}", date(year, month, 1), _next_month(year, month), quantity, unit)
        for month, quantity in enumerate(parts, start=1)
    ]


def _record(source: str, code: str, start: date, end: date, quantity: Decimal, unit: str) -> dict[str, str]:
    return {
        "source": source,
        "record": code,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "quantity": format(quantity, "f"),
        "unit": unit,
    }


def _next_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)
