"""Batches of activity events folded into exact sums, and the events that cannot be, with reasons."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate, chain, islice
from typing import cast

import msgspec
from msgspec.structs import astuple

from zerocarbon.accounting.consumers.readings_wire import DECODER, NotCanonical, Vocabulary
from zerocarbon.accounting.domain.activity import Unfoldable, judged
from zerocarbon.contracts.activity import ReadingsRecorded
from zerocarbon.proof.fold import Series, Sums
from zerocarbon.proof.period import QUARTER

CHUNK = 256
"""Events that are decoded and checked together, few enough to stay in the processor's cache."""

CHUNK_BYTES = 512 * 1024
"""The same for blocks of many readings, whose texts and numbers take ten times as much while they last."""

READINGS = ReadingsRecorded.TYPE


@dataclass(slots=True)
class Folded:
    """What a batch came to. `sums` are kept under `source_id TAB unit`.

    `refused` are the indices of events that stand aside, with the reason; `unknown` are factories whose
    finest bucket is not known yet.
    """

    sums: Sums = field(default_factory=Sums)
    refused: list[tuple[int, str]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


class ActivityFold:
    """Folds batches; one a worker, because it remembers what it checked.

    `buckets` is the finest bucket of each known factory, in seconds. A factory that is not known yet gets
    quarter-hours: whoever reads sums merges them into the factory's own buckets, so that it does not matter
    which came first, the factory or its activity.
    """

    def __init__(self) -> None:
        self.buckets: dict[str, int] = {}
        self._vocabulary = Vocabulary()

    def fold(self, types: Sequence[str | None], values: Sequence[bytes], folded: Folded) -> None:
        """Adds a run of events: each is either in the sums or refused, by its index in the run."""
        sizes = list(accumulate(map(len, values), initial=0))
        start = 0
        while start < len(values):
            stop = min(start + CHUNK, max(start + 1, bisect(sizes, sizes[start] + CHUNK_BYTES) - 1))
            self._fold_chunk(folded, start, types[start:stop], values[start:stop])
            start = stop

    def _fold_chunk(
        self, folded: Folded, start: int, types: Sequence[str | None], values: Sequence[bytes]
    ) -> None:
        """Halves what is not canonical as a whole, until the events stand alone that are for the contract."""
        try:
            self._fold_canonical(folded, types, values)
        except _FOR_THE_CONTRACT:
            if len(values) == 1:
                self._fold_judged(folded, start, types[0], values[0])
            else:
                half = len(values) // 2
                self._fold_chunk(folded, start, types[:half], values[:half])
                self._fold_chunk(folded, start + half, types[half:], values[half:])

    def _fold_judged(self, folded: Folded, index: int, event_type: str | None, value: bytes) -> None:
        try:
            row = judged(event_type, value)
        except Unfoldable as reason:
            folded.refused.append((index, str(reason)))
            return
        (bucket,) = self._buckets(folded, [row.factory_id])
        folded.sums.add_series([row.series(bucket)])

    def _fold_canonical(self, folded: Folded, types: Sequence[str | None], values: Sequence[bytes]) -> None:
        """Adds all or none.

        Raises:
            NotCanonical, msgspec.DecodeError, UnicodeDecodeError: at least one is for the contract to judge.
        """
        if types.count(READINGS) != len(types):
            raise NotCanonical
        events = list(map(DECODER.decode, values))
        columns = list(zip(*map(astuple, events), strict=True))
        factories, sources, recorded, meters, units, starts, intervals, texts, _origins = columns
        vocabulary = self._vocabulary
        vocabulary.identities(meters)
        if _one(units):
            keys = vocabulary.keys(sources, units[0])
        else:
            pairs = zip(sources, units, strict=True)
            keys = [key for source, unit in pairs for key in vocabulary.keys([source], unit)]
        days = vocabulary.days(recorded)
        buckets = self._buckets(folded, vocabulary.identities(factories))
        held = self._held(texts)
        if _one(intervals) and _one(buckets) and max(map(len, texts)) == 1:
            spans = vocabulary.buckets(starts, intervals[0], buckets[0])
            places = [(key, low, high, day) for key, (low, high), day in zip(keys, spans, days, strict=True)]
            folded.sums.add_quantities(zip(places, chain.from_iterable(held), strict=True))
            return
        rows = zip(keys, vocabulary.seconds(starts), intervals, buckets, days, held, strict=True)
        # Plain tuples of the same shape: nothing is built for each event.
        folded.sums.add_series(cast("Iterable[Series]", rows))

    def _held(self, texts: Sequence[Sequence[str]]) -> list[tuple[Decimal, ...]]:
        """The values of each event."""
        numbers = self._vocabulary.quantities(list(chain.from_iterable(texts)))
        if len(numbers) == len(texts):
            return list(zip(numbers))  # one reading each: every event has at least one
        following = iter(numbers)
        return [tuple(islice(following, len(block))) for block in texts]

    def _buckets(self, folded: Folded, factories: Sequence[str]) -> list[int]:
        buckets = self.buckets
        try:
            return [buckets[factory] for factory in factories]
        except KeyError:
            folded.unknown |= set(factories) - buckets.keys()
            return [buckets.get(factory, QUARTER) for factory in factories]


def _one(column: Sequence[object]) -> bool:
    """Whether all are equal."""
    return column.count(column[0]) == len(column)


_FOR_THE_CONTRACT = (NotCanonical, msgspec.DecodeError, UnicodeDecodeError)
