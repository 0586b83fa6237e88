"""The consumer of activity: batches of events in, deltas of sums out, in the transaction of the positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from zerocarbon.accounting.consumers.activity_sums import ActivityFold, Folded
from zerocarbon.accounting.store import sums as store
from zerocarbon.common.bus.record import Run
from zerocarbon.common.consumer.processor import Prepared, Rejected
from zerocarbon.common.postgres.session import WorkerSession

FLUSHES = 64
"""Flushes of one source after which its buckets are looked through for merging."""

COUNTED = 50_000
"""Sources whose flushes are counted for compaction before the count starts anew: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Deltas:
    """What a batch adds: rows for COPY, the sources they belong to, and factories not known yet."""

    text: bytes
    sources: frozenset[str]
    unknown: frozenset[str]


class ActivityProcessor:
    """Folds `zerocarbon.activity.v1`. What it remembers between batches only saves work."""

    def __init__(self) -> None:
        self._fold = ActivityFold()
        self._flushes: Counter[str] = Counter()

    def prepare(self, runs: Sequence[Run]) -> Prepared:
        """Decodes, checks and folds; events that cannot be folded are to be parked."""
        folded = Folded()
        rejected: list[Rejected] = []
        for number, run in enumerate(runs):
            before = len(folded.refused)
            self._fold.fold(run.types(), run.values(), folded)
            rejected += [Rejected(number, index, reason) for index, reason in folded.refused[before:]]
        text = store.copy_text(folded.sums)
        keys = {key for (key, _, _, _), _ in folded.sums.unordered()}
        sources = frozenset(key.partition("\t")[0] for key in keys)
        return Prepared(Deltas(text, sources, frozenset(folded.unknown)), rejected)

    async def flush(self, session: WorkerSession, work: Deltas) -> None:
        """Appends the deltas; merges where buckets gathered many."""
        connection = session.connection
        if work.text:
            await store.append(connection, work.text)
        if work.unknown:
            self._fold.buckets |= await store.bucket_seconds_of(connection, sorted(work.unknown))
        self._flushes.update(work.sources)
        due = [source for source in work.sources if self._flushes[source] >= FLUSHES]
        if due:
            await store.compact(connection, due)
            for source in due:
                del self._flushes[source]
        if len(self._flushes) > COUNTED:
            self._flushes.clear()
