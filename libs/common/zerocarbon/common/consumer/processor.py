"""What a consumer does with events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from zerocarbon.common.bus.record import Run
from zerocarbon.common.postgres.session import WorkerSession


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be used: which of the runs, which record in it, and why."""

    run: int
    index: int
    reason: str


class Unacceptable(Exception):
    """A record breaks a rule that shows only in the database. It is parked, the others go on."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Work for the database, made without it, and the records to be parked. `work` is the processor's own."""

    work: Any
    rejected: Sequence[Rejected] = ()


class Processor(Protocol):
    """Turns events into state.

    An implementation may assume: runs hold records of distinct partitions, in order; none is too large or
    without a sequence number; `flush` is called in the order of `prepare`, in the transaction that also
    moves the positions, so that its effect happens exactly once.
    It may not assume: that what was prepared is ever flushed; that records are prepared once only (after a
    refusal by the database parts of a batch are prepared again); that `prepare` runs on the event loop's
    thread; anything about the order of different keys.
    So `prepare` is a pure function of the records, and state between batches lives in the database.
    """

    def prepare(self, runs: Sequence[Run]) -> Prepared:
        """Decodes, checks and folds. CPU only: no I/O, no clock, no randomness.

        What cannot be used is rejected, not raised: an exception from here is a fault of the program and
        stops the consumer.
        """
        ...

    async def flush(self, session: WorkerSession, work: Any) -> None:
        """Writes what `prepare` made. Never commits.

        Raises:
            Unacceptable: some record is at fault; the batch is cut until it is found and parked. Errors of
                the database about data and constraints are taken in the same way.
        """
        ...


@runtime_checkable
class Acting(Protocol):
    """A processor that also acts on the world, before its position moves. Reactors do, projections never."""

    async def perform(self, work: Any) -> Sequence[Rejected]:
        """Acts outside of any transaction, idempotently: it may be called again for the same records."""
        ...
