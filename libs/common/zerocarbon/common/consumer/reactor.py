"""Reactions: commands that events call for, run once for each event and reaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opentelemetry.trace import SpanKind

from zerocarbon.common.bus.record import Record, Run
from zerocarbon.common.consumer.database_errors import ABOUT_DATA
from zerocarbon.common.consumer.handlers import Decoded, decode_wanted
from zerocarbon.common.consumer.processor import Prepared, Rejected, Unacceptable
from zerocarbon.common.eventstore.store import VersionConflict
from zerocarbon.common.ids import natural_id
from zerocarbon.common.postgres.session import WorkerSession
from zerocarbon.common.refusal import Conflict, NotFound, Refused
from zerocarbon.common.telemetry.logs import bound
from zerocarbon.common.telemetry.tracing import continued
from zerocarbon.contracts.base import Event

ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.05

Act = Callable[[Any, Record, str], Awaitable[None]]
"""Runs a command for an event, with the given idempotency key. Raises `Unacceptable` to have it parked."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What is done about an event. `name` is durable: it is part of the command's key."""

    name: str
    act: Act


class Reactor:
    """Implements `Processor` and `Acting`: acts, then moves on.

    It runs under a consumer name of its own, apart from projections, so that their rebuild acts never. A
    crash between command and position runs the command again under the same key, which gives the kept
    answer and has no second effect.
    """

    def __init__(self, reactions: Mapping[type[Event], Sequence[Reaction]]) -> None:
        self._reactions = {event.TYPE: tuple(given) for event, given in reactions.items()}

    def prepare(self, runs: Sequence[Run]) -> Prepared:
        """See `Processor.prepare`; places of records are kept for `perform`."""
        prepared = decode_wanted(runs, self._reactions)
        places = {
            (run.record(index).topic, run.record(index).partition, run.record(index).offset): (number, index)
            for number, run in enumerate(runs)
            for index, kind in enumerate(run.types())
            if kind in self._reactions
        }
        work = [(places[it.record.topic, it.record.partition, it.record.offset], it) for it in prepared.work]
        return Prepared(work, prepared.rejected)

    async def perform(self, work: Sequence[tuple[tuple[int, int], Decoded]]) -> list[Rejected]:
        """See `Acting.perform`."""
        rejected = []
        for (run, index), (event, record) in work:
            for reaction in self._reactions[event.TYPE]:
                try:
                    await self._act(reaction, event, record)
                except (*ABOUT_DATA, Conflict, NotFound, Refused) as refused:
                    # One event at fault must not stop the reactions to all others, nor end the process.
                    rejected.append(Rejected(run, index, f"{reaction.name}: {refused}"))
                    break
        return rejected

    async def flush(self, session: WorkerSession, work: object) -> None:
        """See `Processor.flush`: a reactor has no state but its position."""

    async def _act(self, reaction: Reaction, event: Event, record: Record) -> None:
        key = reaction_key(record, reaction.name)
        traceparent = record.attributes.get("traceparent")
        # What follows from an event belongs to the trace that led to it, and its log lines name the event.
        with (
            continued(reaction.name, traceparent, kind=SpanKind.CONSUMER),
            bound(event_id=record.event_id, reaction=reaction.name),
        ):
            for attempt in range(ATTEMPTS):
                try:
                    return await reaction.act(event, record, key)
                except VersionConflict:
                    if attempt == ATTEMPTS - 1:
                        raise
                    await asyncio.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
        return None


def reaction_key(record: Record, reaction: str) -> str:
    """The idempotency key of a reaction to an event: the same on every bus and on every retry."""
    if record.event_id is None:
        raise Unacceptable("the record has no event id")
    return natural_id("reaction", record.event_id, reaction)
