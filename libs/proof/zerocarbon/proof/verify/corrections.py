"""Corrections follow each other, and each replaces the value that stood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from zerocarbon.proof.leaves import ReadingBlock, instant
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def corrections_chain(opened: EvidenceFile) -> Check:
    """Names the first correction that replaces another value than the one that stood."""
    faults: list[str] = []
    corrected = {block.meter for block in opened.contents.readings if block.revision > 1}
    for meter in sorted(corrected):
        blocks = [block for block in opened.contents.readings if block.meter == meter]
        faults += list(_reading_faults(meter, blocks))[:1]
    faults += list(_record_faults(opened))[:1]
    found = f"{len(corrected)} meters and all records follow on from what stood before"
    return Check("corrections", not faults, "; ".join(faults) or found)


def _reading_faults(meter: str, blocks: list[ReadingBlock]) -> Iterator[str]:
    standing: dict[datetime, tuple[int, Decimal]] = {}
    for block in sorted(blocks, key=lambda block: (block.revision, block.start)):
        befores = block.previous or (None,) * len(block.values)
        for start, before, value in zip(block.starts(), befores, block.values, strict=True):
            if before is not None and standing.get(start) != (block.revision - 1, before):
                yield (
                    f"meter {meter}: revision {block.revision} at {instant(start)}"
                    " does not follow on from what stood"
                )
            standing[start] = (block.revision, value)


def _record_faults(opened: EvidenceFile) -> Iterator[str]:
    standing: dict[tuple[str, str], tuple[int, Decimal]] = {}
    ordered = sorted(opened.contents.records, key=lambda one: (one.source, one.record, one.revision))
    for record in ordered:
        key = (record.source, record.record)
        if record.previous is None and key in standing:
            yield f"record {record.source}/{record.record} stands twice"
        if record.previous is not None and standing.get(key) != (record.revision - 1, record.previous):
            yield (
                f"record {record.source}/{record.record}: revision {record.revision}"
                " does not follow on from what stood"
            )
        standing[key] = (record.revision, record.quantity)
