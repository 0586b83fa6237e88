"""Declared mappings for meter files that people bring."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from zerocarbon.product.demo.client import DemoStopped

DEFAULT = Path(__file__).parent / "mappings" / "end-of-interval.json"
"""The form of many meter exports: a byte order mark, the day first, the interval's end stamped, and 24:00
written as 0:00 of the day that ends."""


def load(path: Path | None) -> dict[str, str]:
    """The declared mapping, without the meter's code, which the demo fills in."""
    mapping: dict[str, str] = json.loads((path or DEFAULT).read_text(encoding="utf-8"))
    return mapping


def year_of(data: bytes, mapping: dict[str, Any]) -> int:
    """The year of a file, from its first row as the mapping declares it.

    Raises:
        DemoStopped: the file has no row, or not the declared column or form of time.
    """
    text = data.decode(mapping["encoding"])
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mapping.get("delimiter", ","))
    first = next(reader, None)
    column = mapping["time_column"]
    if first is None or column not in first:
        raise DemoStopped(f"the file has no column {column!r}; declare its columns with METER_MAPPING=FILE")
    try:
        # Local wall-clock time; the service converts it with the factory's zone.
        return datetime.strptime(first[column], mapping["time_format"]).year  # noqa: DTZ007
    except ValueError as wrong:
        raise DemoStopped(f"{wrong}; declare the form of time with METER_MAPPING=FILE") from wrong
