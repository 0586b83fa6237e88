"""The leaves of the evidence tree: one per accepted reading and one per activity record, every revision.

A leaf is the canonical bytes of its facts, without ids and clocks, so that the root is the same whatever
path the facts took. Readings come first, by (meter, start, revision); records follow, by (source, record,
revision). A year of quarter-hours is 35,040 leaves a meter, so the bytes of readings are made by format; a
test holds them equal to `canonical_bytes`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.merkle import Builder
from zerocarbon.proof.numbers import canonical


@dataclass(frozen=True, slots=True)
class ReadingBlock:
    """Consecutive readings of one meter and revision: `values[i]` holds for the interval
    `[start + i * interval_seconds, start + (i + 1) * interval_seconds)` in UTC.

    `previous` stands beside `values` from revision 2 on, as in `readings-corrected`. `recorded_on` is the UTC
    day on which the block was accepted; it is no part of the leaf.
    """

    meter: str
    unit: str
    start: datetime
    interval_seconds: int
    revision: int
    values: tuple[Decimal, ...]
    recorded_on: date
    previous: tuple[Decimal, ...] | None = None

    @property
    def end(self) -> datetime:
        """The first instant after the last interval."""
        return self.start + timedelta(seconds=self.interval_seconds * len(self.values))

    def starts(self) -> Iterator[datetime]:
        """The start of each interval."""
        step = timedelta(seconds=self.interval_seconds)
        at = self.start
        for _ in self.values:
            yield at
            at += step


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """One activity without a meter: a quantity of a source over `[start, end)` in UTC, in one revision.

    `previous` is the quantity it replaces, from revision 2 on; `recorded_on` as in `ReadingBlock`.
    """

    source: str
    record: str
    start: datetime
    end: datetime
    revision: int
    quantity: Decimal
    unit: str
    recorded_on: date
    previous: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Root (lower-case hexadecimal) and number of the leaves."""

    root: str
    count: int


def instant(value: datetime) -> str:
    """`2024-01-31T16:00:00Z`; microseconds only when there are any. `value` must be aware."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def reading_leaves(block: ReadingBlock) -> Iterator[tuple[datetime, bytes]]:
    """The start and the leaf of each reading of a block, in order of time."""
    head = f'{{"interval_seconds":{block.interval_seconds},"kind":"reading","meter":{_quoted(block.meter)}'
    head += f',"revision":{block.revision},"start":"'
    middle = f'","unit":{_quoted(block.unit)},"value":"'
    for start, value in zip(block.starts(), block.values, strict=True):
        yield start, f'{head}{instant(start)}{middle}{canonical(value)}"}}'.encode()


def record_leaf(record: ActivityRecord) -> bytes:
    """The leaf of one activity record."""
    return canonical_bytes(
        {
            "kind": "activity",
            "source": record.source,
            "record": record.record,
            "start": instant(record.start),
            "end": instant(record.end),
            "revision": record.revision,
            "quantity": record.quantity,
            "unit": record.unit,
        }
    )


def evidence_leaves(blocks: Iterable[ReadingBlock], records: Iterable[ActivityRecord]) -> Iterator[bytes]:
    """All leaves in the order of the tree, whatever the order and the cutting of the input."""
    by_meter: dict[str, list[ReadingBlock]] = {}
    for block in blocks:
        by_meter.setdefault(block.meter, []).append(block)
    for meter in sorted(by_meter):
        yield from _meter_leaves(by_meter[meter])
    for record in sorted(records, key=lambda one: (one.source, one.record, one.revision)):
        yield record_leaf(record)


def evidence(blocks: Iterable[ReadingBlock], records: Iterable[ActivityRecord]) -> Evidence:
    """Root and count over all readings and records; holds one meter's leaves at a time."""
    builder = Builder()
    for leaf in evidence_leaves(blocks, records):
        builder.add(leaf)
    return Evidence(builder.root().hex(), builder.count)


def _meter_leaves(blocks: list[ReadingBlock]) -> Iterator[bytes]:
    blocks = sorted(blocks, key=lambda block: (block.start, block.revision))
    if all(before.end <= after.start for before, after in pairwise(blocks)):
        for block in blocks:
            for _, leaf in reading_leaves(block):
                yield leaf
        return
    found = [(start, block.revision, leaf) for block in blocks for start, leaf in reading_leaves(block)]
    found.sort()
    for _, _, leaf in found:
        yield leaf


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
