"""Declared mappings for meter files that people bring (docs/meter-files.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zerocarbon.ingest.api.forms import MappingForm
from zerocarbon.product.demo.client import DemoStopped

DEFAULT = Path(__file__).parent / "mappings" / "end-of-interval.json"
"""The form of many meter exports: a byte order mark, the day first, the interval's end stamped, and 24:00
written as 0:00 of the day that ends."""

METER = "grid-import"
"""The meter that a brought file lends its series to; the demo fills it in."""

UNIT = "kWh"
"""What that meter counts in."""

GUIDE = "docs/meter-files.md"

_PROBE = datetime(2018, 11, 23, 14, 45, tzinfo=UTC)


def load(path: Path | None) -> dict[str, str]:
    """The declared mapping with every key, except for the meter's code.

    Raises:
        DemoStopped: it is not a mapping; the text names every fault.
    """
    place = path or DEFAULT
    found = _object(place)
    faults = [f"'{METER}' is filled in by the demo: leave the key 'meter' out"] if "meter" in found else []
    try:
        form = MappingForm.model_validate({**found, "meter": METER})
    except ValidationError as wrong:
        faults += [_fault(one) for one in wrong.errors(include_url=False)]
    else:
        faults += _faults(form)
        if not faults:
            declared: dict[str, str] = form.model_dump(exclude={"meter"})
            return declared
    listed = "".join(f"\n  {fault}" for fault in faults)
    raise DemoStopped(f"{place.name} is no mapping that can be used:{listed}\n{GUIDE} explains every key")


def in_words(mapping: dict[str, str]) -> str:
    """What a mapping declares, as a sentence has it."""
    end, midnight = mapping["stamp"] == "end", mapping["midnight"] == "end-of-day"
    return (
        f"columns: time {mapping['time_column']!r} as {mapping['time_format']}, the"
        f" {'end' if end else 'start'} of each interval, 0:00 meaning the"
        f" {'end' if midnight else 'start'} of the day it names;"
        f" quantity {mapping['value_column']!r} in {mapping['unit']},"
        f" decimal mark {mapping['decimal_mark']!r}; delimiter {mapping['delimiter']!r},"
        f" {mapping['encoding']}"
    )


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as wrong:
        raise DemoStopped(
            f"{path.name} is not JSON: line {wrong.lineno}, column {wrong.colno}: {wrong.msg};"
            f" {GUIDE} has an example"
        ) from wrong
    except UnicodeDecodeError as wrong:
        raise DemoStopped(f"{path.name} is not JSON in UTF-8: {wrong}; {GUIDE} has an example") from wrong
    if not isinstance(found, dict):
        raise DemoStopped(f"{path.name} has to hold one JSON object, {{…}}; {GUIDE} has an example")
    return found


def _fault(error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return f"the key {key!r} is missing"
    if error["type"] == "extra_forbidden":
        return f"{key!r} is no key of a mapping"
    return f"{key!r} is {error['input']!r}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _faults(form: MappingForm) -> list[str]:
    """What the form itself cannot know."""
    faults = []
    if form.unit != UNIT:
        faults.append(f"'unit' is {form.unit!r}: the meter {METER} of the demo counts in {UNIT}")
    if not _tells_minutes(form.time_format):
        faults.append(
            f"'time_format' is {form.time_format!r}: it has to tell year, month, day, hour and minute in the"
            " notation of strptime, such as '%d/%m/%Y %H:%M'"
        )
    return faults


def _tells_minutes(time_format: str) -> bool:
    try:
        again = datetime.strptime(_PROBE.strftime(time_format), time_format)  # noqa: DTZ007
    except ValueError:
        return False
    return again.replace(tzinfo=UTC) == _PROBE
