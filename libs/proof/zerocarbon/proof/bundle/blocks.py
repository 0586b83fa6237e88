"""Readings and records, one canonical JSON object a line, sorted, so that equal facts are equal bytes.

Values of consecutive intervals stand in one list, which keeps a year of quarter-hours near ten bytes each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from zerocarbon.proof.canonical import Json, canonical_bytes
from zerocarbon.proof.fields import Fields, MalformedField, canonical_json
from zerocarbon.proof.json_fields import without_absent
from zerocarbon.proof.leaves import ActivityRecord, ReadingBlock, instant
from zerocarbon.proof.numbers import canonical


def readings_lines(blocks: Iterable[ReadingBlock]) -> bytes:
    """The readings of one meter."""
    ordered = sorted(blocks, key=lambda block: (block.start, block.revision))
    return b"".join(canonical_bytes(_block_json(block)) + b"\n" for block in ordered)


def records_lines(records: Iterable[ActivityRecord]) -> bytes:
    """All activity records."""
    ordered = sorted(records, key=lambda record: (record.source, record.record, record.revision))
    return b"".join(canonical_bytes(_record_json(record)) + b"\n" for record in ordered)


def read_readings(name: str, meter: str, raw: bytes) -> Iterator[ReadingBlock]:
    """Reads `readings_lines` back.

    Raises:
        MalformedField: naming the line.
    """
    for line in _lines(name, raw):
        block = ReadingBlock(
            meter=meter,
            unit=line.text("unit"),
            start=line.instant("start"),
            interval_seconds=_positive(line, "interval_seconds"),
            revision=_positive(line, "revision"),
            values=line.exacts("values"),
            recorded_on=line.day("recorded_on"),
            previous=line.exacts("previous") if line.has("previous") else None,
        )
        if (block.revision == 1) != (block.previous is None):
            raise MalformedField(f"{line.path}.previous", "stands beside values from revision 2 on")
        if block.previous is not None and len(block.previous) != len(block.values):
            raise MalformedField(f"{line.path}.previous", "as many as values expected")
        yield block


def read_records(name: str, raw: bytes) -> Iterator[ActivityRecord]:
    """Reads `records_lines` back.

    Raises:
        MalformedField: naming the line.
    """
    for line in _lines(name, raw):
        record = ActivityRecord(
            source=line.text("source"),
            record=line.text("record"),
            start=line.instant("start"),
            end=line.instant("end"),
            revision=_positive(line, "revision"),
            quantity=line.exact("quantity"),
            unit=line.text("unit"),
            recorded_on=line.day("recorded_on"),
            previous=line.optional_exact("previous"),
        )
        if (record.revision == 1) != (record.previous is None):
            raise MalformedField(f"{line.path}.previous", "stands beside the quantity from revision 2 on")
        yield record


def _block_json(block: ReadingBlock) -> dict[str, Json]:
    return without_absent(
        {
            "unit": block.unit,
            "start": instant(block.start),
            "interval_seconds": block.interval_seconds,
            "revision": block.revision,
            "values": _texts(block.values),
            "previous": None if block.previous is None else _texts(block.previous),
            "recorded_on": block.recorded_on.isoformat(),
        }
    )


def _record_json(record: ActivityRecord) -> dict[str, Json]:
    return without_absent(
        {
            "source": record.source,
            "record": record.record,
            "start": instant(record.start),
            "end": instant(record.end),
            "revision": record.revision,
            "quantity": canonical(record.quantity),
            "unit": record.unit,
            "recorded_on": record.recorded_on.isoformat(),
            "previous": None if record.previous is None else canonical(record.previous),
        }
    )


def _texts(values: Iterable[Decimal]) -> list[Json]:
    return [canonical(value) for value in values]


def _lines(name: str, raw: bytes) -> Iterator[Fields]:
    if raw and not raw.endswith(b"\n"):
        raise MalformedField(name, "the last line does not end")
    for number, line in enumerate(raw.split(b"\n")[:-1], start=1):
        path = f"{name} line {number}"
        yield Fields(canonical_json(path, line), path)


def _positive(line: Fields, key: str) -> int:
    value = line.whole(key)
    if value < 1:
        raise MalformedField(f"{line.path}.{key}", "a positive number expected")
    return value
