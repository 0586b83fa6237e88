"""Every meter has every interval of the period once, as recomputed from period and time zone (R121)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from zerocarbon.proof.bundle.recomputing import excluded_sources
from zerocarbon.proof.facts import Meter
from zerocarbon.proof.leaves import ReadingBlock, instant
from zerocarbon.proof.manifest import ExpectedIntervals
from zerocarbon.proof.period import DAY, EPOCH, SECOND, local_midnight
from zerocarbon.proof.profiles import profile
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def intervals_complete(opened: EvidenceFile) -> Check:
    """Names the first missing, doubled or foreign interval of each meter whose source is counted."""
    method = profile(opened.inventory.text("profile"))
    left_out = excluded_sources(opened.contents) | {
        source.code for source in opened.contents.sources if not method.counts(source.kind)
    }
    by_meter: dict[str, list[ReadingBlock]] = {meter.code: [] for meter in opened.contents.meters}
    faults = []
    for block in opened.contents.readings:
        if block.meter not in by_meter:
            faults.append(f"readings of meter {block.meter}, which the bundle does not describe")
        by_meter.setdefault(block.meter, []).append(block)
    for meter in opened.contents.meters:
        if meter.source not in left_out:
            faults += [
                f"meter {meter.code}: {fault}" for fault in _faults(opened, meter, by_meter[meter.code])
            ]
    faults += _stated(opened)
    counted = sum(len(block.values) for block in opened.contents.readings if block.revision == 1)
    found = f"{counted} intervals of {len(opened.contents.meters)} meters, complete and without overlap"
    return Check("intervals", not faults, "; ".join(faults) or found)


def _faults(opened: EvidenceFile, meter: Meter, blocks: list[ReadingBlock]) -> Iterator[str]:
    first = sorted((block for block in blocks if block.revision == 1), key=lambda block: block.start)
    for block in blocks:
        if block.interval_seconds != meter.interval_seconds:
            yield f"a block of {block.interval_seconds} s, not of {meter.interval_seconds} s"
            return
    start, end = (_instant(seconds) for seconds in opened.period.instants(opened.factory.time_zone))
    spans = [(start, start), *_spans(opened, meter, first), (end, end)]
    for (_, before), (after, _) in pairwise(spans):
        if before < after:
            yield f"no reading from {instant(before)} to {instant(after)}"
            return
        if before > after:
            yield f"{_overlap(after, start, end)} at {instant(after)}"
            return


def _overlap(at: datetime, start: datetime, end: datetime) -> str:
    return "readings outside the period" if at < start or at >= end else "two readings"


def _spans(
    opened: EvidenceFile, meter: Meter, blocks: list[ReadingBlock]
) -> Iterator[tuple[datetime, datetime]]:
    """What each block covers. A daily reading covers its local day, which may have 23 or 25 hours."""
    if meter.interval_seconds % DAY:
        yield from ((block.start, block.end) for block in blocks)
        return
    days = timedelta(days=meter.interval_seconds // DAY)
    for block in blocks:
        for start in block.starts():
            yield start, _days_later(opened.factory.time_zone, start, days)


def _days_later(time_zone: str, start: datetime, days: timedelta) -> datetime:
    # The middle of the day tells the local date even where clocks change at midnight.
    middle = start + timedelta(hours=12)
    for candidate in (middle.date() - timedelta(days=1), middle.date(), middle.date() + timedelta(days=1)):
        if _instant(local_midnight(candidate, time_zone)) == start:
            return _instant(local_midnight(candidate + days, time_zone))
    return start + days


def _stated(opened: EvidenceFile) -> Iterator[str]:
    zone = opened.factory.time_zone
    expected = tuple(
        ExpectedIntervals(
            meter.code,
            meter.interval_seconds,
            opened.period.expected_intervals(meter.interval_seconds, zone),
        )
        for meter in sorted(opened.contents.meters, key=lambda meter: meter.code)
    )
    if expected != opened.manifest.intervals:
        yield "the manifest expects other intervals than period and time zone give"
    described = {meter.meter: meter.expected for meter in expected}
    read = Counter(dict.fromkeys(described, 0))
    for block in opened.contents.readings:
        read[block.meter] += len(block.values) if block.revision == 1 else 0
    covered = {meter.text("meter"): meter for meter in opened.inventory.objects("coverage")}
    for code in sorted(covered.keys() ^ described.keys()):
        yield f"meter {code}: known to the {'inventory' if code in covered else 'bundle'} alone"
    for code in sorted(covered.keys() & described.keys()):
        if (covered[code].whole("expected"), covered[code].whole("read")) != (described[code], read[code]):
            yield f"meter {code}: the inventory counts other intervals than period and readings give"


def _instant(seconds: int) -> datetime:
    return (EPOCH + seconds * SECOND).astimezone(UTC)
