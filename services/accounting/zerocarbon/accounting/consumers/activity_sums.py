"""Batches of activity events folded into exact sums, and the events that cannot be, with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from typing import cast

import msgspec

from zerocarbon.accounting.consumers.readings_wire import DECODER, NotCanonical, Vocabulary, quantities
from zerocarbon.accounting.domain.activity import Unfoldable, judged
from zerocarbon.contracts.activity import ReadingsRecorded
from zerocarbon.proof.fold import Series, Sums
from zerocarbon.proof.period import QUARTER

CHUNK = 256
"""Events that are decoded and checked together, few enough to stay in the processor's cache. One that is not
canonical sends its chunk through one by one."""

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
        for start in range(0, len(values), CHUNK):
            chunk = values[start : start + CHUNK]
            kinds = types[start : start + CHUNK]
            try:
                self._fold_canonical(folded, kinds, chunk)
            except _FOR_THE_CONTRACT:
                self._fold_singly(folded, start, kinds, chunk)

    def _fold_singly(
        self, folded: Folded, start: int, types: Sequence[str | None], values: Sequence[bytes]
    ) -> None:
        for index, (event_type, value) in enumerate(zip(types, values, strict=True), start):
            try:
                self._fold_canonical(folded, [event_type], [value])
            except _FOR_THE_CONTRACT:
                self._fold_judged(folded, index, event_type, value)

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
        vocabulary = self._vocabulary
        vocabulary.identities([event.meter_id for event in events])
        factories = vocabulary.identities([event.factory_id for event in events])
        units = {event.unit for event in events}
        if len(units) == 1:
            keys = vocabulary.keys([event.source_id for event in events], units.pop())
        else:
            keys = [key for event in events for key in vocabulary.keys([event.source_id], event.unit)]
        starts = vocabulary.seconds([event.start for event in events])
        days = vocabulary.days([event.recorded_at for event in events])
        intervals = [event.interval_seconds for event in events]
        held = _held([event.values for event in events])
        buckets = self._buckets(folded, factories)
        rows = zip(keys, starts, intervals, buckets, days, held, strict=True)
        # Plain tuples of the same shape: nothing is built for each event.
        folded.sums.add_series(cast("Iterable[Series]", rows))

    def _buckets(self, folded: Folded, factories: Sequence[str]) -> list[int]:
        buckets = self.buckets
        try:
            return [buckets[factory] for factory in factories]
        except KeyError:
            folded.unknown |= set(factories) - buckets.keys()
            return [buckets.get(factory, QUARTER) for factory in factories]


def _held(texts: Sequence[Sequence[str]]) -> list[tuple[Decimal, ...]]:
    """The values of each event; one match checks them all."""
    numbers = quantities(list(chain.from_iterable(texts)))
    if len(numbers) == len(texts):
        return list(zip(numbers))  # one reading each: every event has at least one
    following = iter(numbers)
    return [tuple(islice(following, len(block))) for block in texts]


_FOR_THE_CONTRACT = (NotCanonical, msgspec.DecodeError, UnicodeDecodeError)
