"""Activity becomes exact sums of quantity per source, time bucket and recorded day.

The fold is commutative and associative: any order and any batching of the same facts gives the same sums.
Times are whole UTC seconds since 1970; a recorded day is the whole number of UTC days since then, so that
the hot path of a worker handles only integers, short tuples and `Decimal` additions that are exact or raise.
"""

from __future__ import annotations

import hashlib
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from itertools import chain, starmap
from typing import NamedTuple

from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.numbers import SUM_CONTEXT, canonical
from zerocarbon.proof.period import HOUR

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
ZERO = Decimal(0)

Key = tuple[str, int, int, int]
"""Source, bucket start, bucket end (both UTC epoch seconds, half-open), recorded day."""


def day_number(on: date) -> int:
    """A UTC calendar day as whole days since 1970-01-01."""
    return on.toordinal() - EPOCH_ORDINAL


def calendar_day(number: int) -> date:
    """The reverse of `day_number`."""
    return date.fromordinal(number + EPOCH_ORDINAL)


class Delta(NamedTuple):
    """What one fact adds to one bucket, in the unit of the source."""

    source: str
    bucket_start: int
    bucket_end: int
    quantity: Decimal
    recorded_day: int


class Series(NamedTuple):
    """A block of consecutive interval readings, in the unit of the source."""

    source: str
    start: int
    interval_seconds: int
    bucket_seconds: int
    recorded_day: int
    values: Sequence[Decimal]


class NoInterval(ValueError):
    """A fact has no time in which it happened: its end is not after its start."""


def bucket_of(start: int, end: int, bucket_seconds: int = HOUR) -> tuple[int, int]:
    """The bucket of a fact: the UTC hour or quarter-hour that holds it, else its own interval.

    Raises:
        NoInterval: the end is not after the start.
    """
    if end <= start:
        raise NoInterval(f"{end} is not after {start}")
    low = start - start % bucket_seconds
    high = low + bucket_seconds
    return (low, high) if end <= high else (start, end)


def deltas_of_readings(
    source: str,
    start_epoch: int,
    interval_seconds: int,
    values: Sequence[Decimal],
    recorded_day: int,
    *,
    bucket_seconds: int = HOUR,
) -> list[Delta]:
    """One delta for each bucket that the readings touch; readings coarser than a bucket keep their own."""
    sums = Sums()
    sums.add_series([Series(source, start_epoch, interval_seconds, bucket_seconds, recorded_day, values)])
    return sums.deltas()


def deltas_of_correction(
    source: str,
    start_epoch: int,
    interval_seconds: int,
    previous: Sequence[Decimal],
    values: Sequence[Decimal],
    *,
    recorded_day: int,
    bucket_seconds: int = HOUR,
) -> list[Delta]:
    """Moves the sums by the difference, on the day on which the correction was recorded.

    Raises:
        ValueError: `previous` and `values` differ in length.
    """
    differences = [SUM_CONTEXT.subtract(new, old) for old, new in zip(previous, values, strict=True)]
    return deltas_of_readings(
        source, start_epoch, interval_seconds, differences, recorded_day, bucket_seconds=bucket_seconds
    )


def delta_of_record(
    source: str,
    start_epoch: int,
    end_epoch: int,
    quantity: Decimal,
    recorded_day: int,
    *,
    bucket_seconds: int = HOUR,
    previous: Decimal = ZERO,
) -> Delta:
    """An activity without meter. A later revision gives the quantity that it replaces as `previous`."""
    low, high = bucket_of(start_epoch, end_epoch, bucket_seconds)
    return Delta(source, low, high, SUM_CONTEXT.subtract(quantity, previous), recorded_day)


def _quantities(
    source: str, start: int, interval: int, bucket: int, day: int, values: Sequence[Decimal]
) -> Iterator[tuple[Key, Decimal]]:
    """What a block of readings adds to each bucket that it touches."""
    if interval <= 0:
        raise NoInterval(f"an interval of {interval} s")
    if len(values) > 1 and bucket % interval == 0 and start % interval == 0:
        # Whole buckets: their readings stand together, and one sum over them is added once.
        low = start - start % bucket
        first, step = (low - start) // interval, bucket // interval
        for begin in range(first, len(values), step):
            yield (source, low, low + bucket, day), sum(values[max(begin, 0) : begin + step], ZERO)
            low += bucket
        return
    low = start
    for value in values:
        high = low + interval
        floor = low - low % bucket
        if high <= floor + bucket:
            yield (source, floor, floor + bucket, day), value
        else:
            yield (source, low, high, day), value
        low = high


class Sums:
    """Exact sums by (source, bucket, recorded day).

    A sum may be zero while a caller still holds it; zero sums never reach `items`, `deltas` or `digest`.
    Every method that adds raises `decimal.Inexact` rather than lose a digit, and then the object must be
    thrown away: the facts before the failing one have been added.
    """

    __slots__ = ("_by_key",)

    def __init__(self, by_key: Mapping[Key, Decimal] | None = None) -> None:
        self._by_key: dict[Key, Decimal] = dict(by_key or {})

    def add(self, deltas: Iterable[Delta]) -> None:
        """Adds deltas."""
        by_key = self._by_key
        held = by_key.get
        with localcontext(SUM_CONTEXT):
            for source, low, high, quantity, day in deltas:
                key = (source, low, high, day)
                before = held(key)
                by_key[key] = quantity if before is None else before + quantity

    def add_quantities(self, quantities: Iterable[tuple[Key, Decimal]]) -> None:
        """Adds quantities to buckets that the caller has found."""
        by_key = self._by_key
        held = by_key.get
        with localcontext(SUM_CONTEXT):
            for key, quantity in quantities:
                before = held(key)
                by_key[key] = quantity if before is None else before + quantity

    def add_series(self, blocks: Iterable[Series]) -> None:
        """Adds blocks of readings without making a delta of each.

        Raises:
            NoInterval: an interval is not positive.
        """
        self.add_quantities(chain.from_iterable(starmap(_quantities, blocks)))

    def merge(self, other: Sums) -> None:
        """Adds all sums of another."""
        self.add(Delta(*key[:3], quantity, key[3]) for key, quantity in other._by_key.items())

    def unordered(self) -> ItemsView[Key, Decimal]:
        """All sums, zeros too, in no particular order: for writers whose readers make the order."""
        return self._by_key.items()

    def items(self) -> Iterator[tuple[Key, Decimal]]:
        """Sums that are not zero, sorted by key."""
        by_key = self._by_key
        return ((key, by_key[key]) for key in sorted(by_key) if by_key[key])

    def unsorted(self) -> Iterator[tuple[Key, Decimal]]:
        """Sums that are not zero, in no order that a caller may rely on: for exact additions only."""
        return ((key, quantity) for key, quantity in self._by_key.items() if quantity)

    def deltas(self) -> list[Delta]:
        """The sums that are not zero as deltas, sorted by key."""
        return [Delta(*key[:3], quantity, key[3]) for key, quantity in self.items()]

    def known_on(self, day: date) -> Sums:
        """The sums of what had been recorded by the end of a UTC day."""
        last = day_number(day)
        return Sums({key: quantity for key, quantity in self._by_key.items() if key[3] <= last})

    def renamed(self, names: Mapping[str, str]) -> Sums:
        """The sums under other names of the sources: digests carry codes, never random ids.

        Raises:
            KeyError: a source has no name.
        """
        renamed = Sums()
        renamed.add(
            Delta(names[source], low, high, quantity, day)
            for (source, low, high, day), quantity in self._by_key.items()
        )
        return renamed

    def digest(self) -> str:
        """SHA-256 over the canonical sums, one line each, sorted; zero sums are dropped."""
        sha = hashlib.sha256()
        named, name = None, ""
        for (source, low, high, day), quantity in self.items():
            if source != named:
                named, name = source, canonical_bytes(source).decode()
            # The canonical bytes of the row, written out: a year of a factory has a million of them.
            sha.update(f'[{name},{low},{high},{day},"{canonical(quantity)}"]\n'.encode())
        return sha.hexdigest()

    def __len__(self) -> int:
        return len(self._by_key)


def digest(sums: Sums) -> str:
    """See `Sums.digest`."""
    return sums.digest()


def sums_known_on(sums: Sums, day: date) -> Sums:
    """See `Sums.known_on`."""
    return sums.known_on(day)
