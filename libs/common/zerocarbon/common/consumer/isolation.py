"""Finds the records that the database refuses, so that they harm no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zerocarbon.common.bus.record import Run
from zerocarbon.common.consumer.database_errors import ABOUT_DATA
from zerocarbon.common.consumer.processor import Processor, Rejected
from zerocarbon.common.postgres.session import WorkerSession

MAX_REFUSED = 100
"""More in one batch are no poison but a fault of the program: the consumer stops with the error."""


class _Slice(NamedTuple):
    run: int
    start: int
    stop: int


async def flush_in_pieces(
    session: WorkerSession, processor: Processor, runs: Sequence[Run]
) -> list[Rejected]:
    """Flushes all records but the refused ones, which are given with the reason of the database.

    Halves what is refused, each half under a savepoint, in order. Part of the caller's transaction.
    """
    rejected: list[Rejected] = []
    refused = 0
    waiting = [[_Slice(number, 0, len(run)) for number, run in enumerate(runs) if len(run)]]
    while waiting:
        slices = waiting.pop()
        prepared = processor.prepare([runs[it.run].part(it.start, it.stop) for it in slices])
        try:
            async with session.connection.transaction():
                await processor.flush(session, prepared.work)
        except ABOUT_DATA as error:
            if _count(slices) > 1:
                first, second = _halves(slices)
                waiting += [second, first]
                continue
            refused += 1
            if refused > MAX_REFUSED:
                raise
            rejected.append(Rejected(slices[0].run, slices[0].start, f"refused: {error}"))
        else:
            rejected += [
                Rejected(slices[it.run].run, slices[it.run].start + it.index, it.reason)
                for it in prepared.rejected
            ]
    return rejected


def _count(slices: Sequence[_Slice]) -> int:
    return sum(it.stop - it.start for it in slices)


def _halves(slices: Sequence[_Slice]) -> tuple[list[_Slice], list[_Slice]]:
    left = _count(slices) // 2
    first: list[_Slice] = []
    second: list[_Slice] = []
    for it in slices:
        taken = min(left, it.stop - it.start)
        left -= taken
        if taken:
            first.append(_Slice(it.run, it.start, it.start + taken))
        if it.start + taken < it.stop:
            second.append(_Slice(it.run, it.start + taken, it.stop))
    return first, second
