"""The consumer of activity: batches of events in, deltas of sums out, in the transaction of the positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zerocarbon.accounting.consumers.activity_sums import ActivityFold, Folded
from zerocarbon.accounting.store import sums as store
from zerocarbon.accounting.store.sums import Stretch
from zerocarbon.common.bus.record import Run
from zerocarbon.common.consumer.processor import Prepared, Rejected
from zerocarbon.common.postgres.session import WorkerSession
from zerocarbon.proof.fold import Sums

FLUSHES = 64
"""Flushes of one source after which the buckets that they touched are looked through for merging."""

AT_ONCE = 50
"""Sources whose buckets are merged in one flush, so that no transaction becomes long; others wait a flush."""

COUNTED = 50_000
"""Sources whose flushes are counted before the count starts anew: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Deltas:
    """What a batch adds: rows for COPY, where they lie by source, and factories not known yet."""

    text: bytes
    touched: Mapping[str, Stretch]
    unknown: frozenset[str]


class ActivityProcessor:
    """Folds `zerocarbon.activity.v1`. What it remembers between batches only saves work."""

    def __init__(self) -> None:
        self._fold = ActivityFold()
        self._gathered: dict[str, tuple[int, Stretch]] = {}

    def prepare(self, runs: Sequence[Run]) -> Prepared:
        """Decodes, checks and folds; events that cannot be folded are to be parked."""
        folded = Folded()
        rejected: list[Rejected] = []
        for number, run in enumerate(runs):
            before = len(folded.refused)
            self._fold.fold(run.types(), run.values(), folded)
            rejected += [Rejected(number, index, reason) for index, reason in folded.refused[before:]]
        text, touched = store.copy_text(folded.sums), _touched(folded.sums)
        return Prepared(Deltas(text, touched, frozenset(folded.unknown)), rejected)

    async def flush(self, session: WorkerSession, work: Deltas) -> None:
        """Appends the deltas; merges where buckets gathered many."""
        connection = session.connection
        if work.text:
            await store.append(connection, work.text)
        if work.unknown:
            self._fold.buckets |= await store.bucket_seconds_of(connection, sorted(work.unknown))
        due = self._due(work.touched)
        if due:
            await store.compact(connection, due)

    def _due(self, touched: Mapping[str, Stretch]) -> dict[str, Stretch]:
        """Counts the flush of each source, and gives the sources whose turn it is to be merged."""
        gathered = self._gathered
        if len(gathered) > COUNTED:
            gathered.clear()
        due: dict[str, Stretch] = {}
        for source, stretch in touched.items():
            flushes, before = gathered.get(source, (0, stretch))
            joined = before.joined(stretch)
            if flushes + 1 >= FLUSHES and len(due) < AT_ONCE:
                due[source] = joined
                gathered.pop(source, None)
            else:
                gathered[source] = (flushes + 1, joined)
        return due


def _touched(sums: Sums) -> dict[str, Stretch]:
    """From the first to the last bucket of each source."""
    ends: dict[str, list[int]] = {}
    for (key, low, _, _), _ in sums.unordered():
        held = ends.get(key)
        if held is None:
            ends[key] = [low, low]
        elif low < held[0]:
            held[0] = low
        elif low > held[1]:
            held[1] = low
    touched: dict[str, Stretch] = {}
    for key, (first, last) in ends.items():
        source, stretch = key.partition("\t")[0], Stretch(first, last)
        touched[source] = touched[source].joined(stretch) if source in touched else stretch
    return touched
