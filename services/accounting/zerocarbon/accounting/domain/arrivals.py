"""Facts that came after a version was closed: late data, or corrections of what the version held."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from zerocarbon.proof.leaves import ActivityRecord, ReadingBlock

FIRST = 1
"""The revision of what was never corrected."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Readings and records, every revision."""

    blocks: tuple[ReadingBlock, ...] = ()
    records: tuple[ActivityRecord, ...] = ()

    @property
    def count(self) -> int:
        """How many readings and records."""
        return sum(len(block.values) for block in self.blocks) + len(self.records)

    def days(self) -> Iterator[date]:
        """The UTC days on which they were recorded."""
        yield from (block.recorded_on for block in self.blocks)
        yield from (record.recorded_on for record in self.records)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came since. The correction of a reading that itself came late is late data: the closed version
    never held what it corrects."""

    late: Facts = Facts()
    corrections: Facts = Facts()

    @property
    def since(self) -> date | None:
        """The UTC day of the first of them."""
        return min((*self.late.days(), *self.corrections.days()), default=None)


def arrivals(known: Facts, new: Facts) -> Arrivals:
    """Tells late data and corrections apart by what was known. Exact to the single reading."""
    corrected = {block.meter for block in new.blocks if block.revision > FIRST}
    intervals = {meter: _Intervals(known.blocks, meter) for meter in corrected}
    held = {(record.source, record.record) for record in known.records} if new.records else set()
    late: list[ReadingBlock] = []
    corrections: list[ReadingBlock] = []
    for block in new.blocks:
        if block.revision == FIRST:
            late.append(block)
            continue
        for was_known, part in _runs(block, intervals[block.meter]):
            (corrections if was_known else late).append(part)
    return Arrivals(
        late=Facts(tuple(late), tuple(one for one in new.records if not _corrects(one, held))),
        corrections=Facts(tuple(corrections), tuple(one for one in new.records if _corrects(one, held))),
    )


def _corrects(record: ActivityRecord, held: set[tuple[str, str]]) -> bool:
    return record.revision > FIRST and (record.source, record.record) in held


class _Intervals:
    """The intervals of one meter that were read, as few stretches of time."""

    def __init__(self, blocks: Iterable[ReadingBlock], meter: str) -> None:
        spans = sorted((one.start, one.end) for one in blocks if one.meter == meter and one.revision == FIRST)
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for start, end in spans:
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, start: datetime) -> bool:
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and start < self._ends[at]


def _runs(block: ReadingBlock, known: _Intervals) -> Iterator[tuple[bool, ReadingBlock]]:
    """The block in pieces, each of readings that were all known or all not."""
    starts = list(block.starts())
    for was_known, indices in groupby(range(len(starts)), key=lambda index: starts[index] in known):
        first, *others = indices
        yield was_known, _part(block, starts, first, others[-1] + 1 if others else first + 1)


def _part(block: ReadingBlock, starts: Sequence[datetime], first: int, behind: int) -> ReadingBlock:
    return replace(
        block,
        start=starts[first],
        values=block.values[first:behind],
        previous=None if block.previous is None else block.previous[first:behind],
    )
