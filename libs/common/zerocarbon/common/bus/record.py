"""Records and runs of records, as a consumer gets them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """One event with its CloudEvents attributes, named without the transport's prefix (`id`, `type`, ...).

    `offset` tells records of a partition apart and is for people to look at; positions are made by the bus.
    `attributes` may lack anything: who wrote a record on a topic is not known before it was checked.
    """

    topic: str
    partition: int
    offset: int
    key: str
    attributes: Mapping[str, str]
    value: bytes

    @property
    def event_id(self) -> str | None:
        """The event's identity, the same on every way it takes."""
        return self.attributes.get("id")

    @property
    def type(self) -> str | None:
        """The event's type, past tense and versioned."""
        return self.attributes.get("type")


class Run(Protocol):
    """Consecutive records of one partition.

    Columns (`values`, `types`) cost nothing a record beyond the read; a `Record` is built when asked for.
    """

    def __len__(self) -> int: ...

    def values(self) -> Sequence[bytes]:
        """The data of each record."""
        ...

    def types(self) -> Sequence[str | None]:
        """The CloudEvents type of each record; `None` where a record has none."""
        ...

    def fault(self, index: int) -> str | None:
        """Why the transport itself holds the record for malformed, if it does: such a record is parked."""
        ...

    def faulty(self) -> Sequence[int]:
        """The indices for which `fault` gives a reason."""
        ...

    def record(self, index: int) -> Record:
        """One record, whole."""
        ...

    def part(self, start: int, stop: int) -> Run:
        """The records `start <= index < stop` as a run of their own."""
        ...

    def without(self, indices: Collection[int]) -> Run:
        """The other records as a run of their own, free of faults if those were the faulty ones."""
        ...


def records(run: Run) -> Iterator[Record]:
    """The records of a run, in order."""
    return (run.record(index) for index in range(len(run)))


class RecordRun:
    """A run of records that are there already."""

    def __init__(self, held: Sequence[Record]) -> None:
        self._held = held

    def __len__(self) -> int:
        return len(self._held)

    def values(self) -> Sequence[bytes]:
        return [record.value for record in self._held]

    def types(self) -> Sequence[str | None]:
        return [record.type for record in self._held]

    def fault(self, index: int) -> str | None:
        return None

    def faulty(self) -> Sequence[int]:
        return ()

    def record(self, index: int) -> Record:
        return self._held[index]

    def part(self, start: int, stop: int) -> RecordRun:
        return RecordRun(self._held[start:stop])

    def without(self, indices: Collection[int]) -> RecordRun:
        return RecordRun([record for index, record in enumerate(self._held) if index not in indices])
