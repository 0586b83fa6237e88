"""The sequencer of one store: reads it in order, numbers the events and publishes them."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from aiokafka.errors import KafkaError

from zerocarbon.common.bus import cloudevent
from zerocarbon.common.bus.interpreter import expect_batches
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.listener import UNREACHABLE, Listener
from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.bus.topics import PartitionsChanged, TopicPlan, ensure_topics
from zerocarbon.common.eventstore import identity
from zerocarbon.common.eventstore.event import Cursor, StoredEvent
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.relay import metrics
from zerocarbon.common.relay.agreement import Agreement
from zerocarbon.common.relay.log_tail import LogTail
from zerocarbon.common.relay.numbering import Numbering
from zerocarbon.common.relay.restored import StoreRestored
from zerocarbon.common.relay.route import Route
from zerocarbon.common.relay.sender import Parcel, Sender
from zerocarbon.common.relay.state import Claimed, Mark, RelayFenced, RelayState

MOST_ROWS = 5_000
FEWEST_ROWS = 50
PAGE_BYTES = 8 * 1024 * 1024
LOOK_AGAIN_SECONDS = 0.25
STAND_BY_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 5.0

_log = structlog.get_logger(__name__)
_store = EventStore()


@dataclass(frozen=True, slots=True)
class _Page:
    """Packed events, and the state of the relay once they are acknowledged."""

    parcel: Parcel
    cursor: Cursor
    marks: Mapping[TopicPartition, Mark]


@dataclass(frozen=True, slots=True)
class _Lead:
    """What a time of leading rests on."""

    claimed: Claimed
    numbering: Numbering
    tail: LogTail


class Relay:
    """Publishes a store's events, or stands by while another process does.

    A reader may assume: events of one partition carry numbers without a hole, in the order of the store; an
    event that comes twice comes with the same number. It may not assume that each comes once.

    Nothing is sent to a topic before its log was held against the store: a database that was put back to an
    earlier moment would give numbers that readers have already to other events.
    """

    def __init__(
        self,
        name: str,
        database: Database,
        kafka: KafkaSettings,
        route: Route,
        plan: TopicPlan,
        topics: Iterable[str] = (),
        new_sender: Callable[[KafkaSettings], Sender] = Sender,
    ) -> None:
        """`topics` are made at start; others when an event first goes there."""
        self._new_sender = new_sender
        self.name = name
        self._database = database
        self._kafka = kafka
        self._route = route
        self._plan = plan
        self._topics = tuple(topics)
        self._state = RelayState(name)
        self._listener = Listener(database)
        self._wake = asyncio.Event()
        self._owner = f"{socket.gethostname()}/{os.getpid()}/{new_id()}"
        self._partitions: dict[str, int] = {}
        self._rows = FEWEST_ROWS

    async def run(self) -> None:
        """Publishes until it is cancelled; comes back from whatever interrupts it.

        Raises:
            PartitionsChanged: a topic is not what its keys were spread over. Nothing more is published.
            StoreRestored: the store is not the one that was published. Nothing is published.
            NotRecognised: the database was exchanged since the start. Nothing more is published.
        """
        expect_batches()
        self._listener.register(self._wake)
        self._listener.start()
        pause = LOOK_AGAIN_SECONDS
        try:
            while True:
                try:
                    if await self._listener.try_lock(self._lock):
                        pause = LOOK_AGAIN_SECONDS
                        await self._lead()
                    else:
                        await asyncio.sleep(STAND_BY_SECONDS)
                        continue
                except* (KafkaError, RelayFenced, *UNREACHABLE) as lost:
                    metrics.FAILURES.labels(self.name).inc()
                    _log.warning("relay interrupted", relay=self.name, reason=str(lost.exceptions[0]))
                await self._listener.unlock(self._lock)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        finally:
            await self._listener.stop()

    @property
    def _lock(self) -> str:
        return f"relay {self.name}"

    async def _lead(self) -> None:
        async with self._database.worker() as session:
            store = await identity.verified(session.connection)
            claimed = await self._state.claim(session.connection, store.name, self._owner)
        source = cloudevent.source(store.service, store.name)
        numbers = {at: mark.next_number for at, mark in claimed.marks.items()}
        # Whoever led meanwhile may have sent: every log is looked at again.
        self._partitions.clear()
        lead = _Lead(
            claimed,
            Numbering(source, self._route, self._partitions, numbers),
            LogTail(self._kafka, source, MOST_ROWS),
        )
        await self._open(self._topics, lead, claimed.cursor)
        sender = self._new_sender(self._kafka)
        await sender.start()
        metrics.LEADING.labels(self.name).set(1)
        _log.info("relay leads", relay=self.name, epoch=claimed.epoch)
        try:
            await self._publish(sender, lead)
        finally:
            metrics.LEADING.labels(self.name).set(0)
            with suppress(KafkaError):
                await sender.stop()

    async def _publish(self, sender: Sender, lead: _Lead) -> None:
        """Reads and packs a page while the one before is on its way; one is in flight."""
        cursor = lead.claimed.cursor
        generation = self._listener.generation
        sending: asyncio.Task[None] | None = None
        try:
            while generation == self._listener.generation:
                self._wake.clear()
                events = await self._read(cursor)
                await self._open(self._new_topics(events), lead, cursor)
                page = self._page(events, lead.numbering, sender) if events else None
                if sending is not None:
                    await sending
                    sending = None
                if page is None:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), LOOK_AGAIN_SECONDS)
                    continue
                cursor = page.cursor
                sending = asyncio.create_task(self._send(sender, page, lead.claimed.epoch))
        finally:
            if sending is not None:
                sending.cancel()
                await asyncio.wait([sending])

    async def _read(self, cursor: Cursor) -> list[StoredEvent]:
        async with self._database.reader() as session:
            events = await _store.read_after(session.connection, cursor, self._rows)
        if events:
            # Events are of very different sizes; the next page is cut after what this one weighed.
            weight = sum(len(event.data) for event in events) // len(events) + 1
            self._rows = min(MOST_ROWS, max(FEWEST_ROWS, PAGE_BYTES // weight))
        return events

    def _page(self, events: Sequence[StoredEvent], numbering: Numbering, sender: Sender) -> _Page:
        parcel = sender.pack(numbering.records(events))
        marks = {at: Mark(numbering.next_numbers[at], numbering.last_ids[at]) for at in parcel.batches}
        return _Page(parcel, events[-1].cursor, marks)

    async def _send(self, sender: Sender, page: _Page, epoch: int) -> None:
        await sender.send(page.parcel)
        async with self._database.worker() as session:
            await self._state.save(session.connection, epoch, page.cursor, page.marks)
        metrics.PUBLISHED.labels(self.name).inc(page.parcel.records)

    def _new_topics(self, events: Sequence[StoredEvent]) -> list[str]:
        routed = {self._route.topic(event) for event in events}
        return sorted(topic for topic in routed if topic is not None and topic not in self._partitions)

    async def _open(self, topics: Sequence[str], lead: _Lead, cursor: Cursor) -> None:
        """Makes topics where they are missing, and holds what they have against the store from `cursor` on.

        Reads ahead only where the log is ahead of what was saved: a relay died in between.
        """
        if not topics:
            return
        await self._know(topics)
        marks = lead.claimed.marks
        ats = [TopicPartition(topic, number) for topic in topics for number in range(self._plan.partitions)]
        sent, lacking = await lead.tail.of(
            {at: marks[at].next_number - 1 if at in marks else 0 for at in ats}
        )
        for at in ats:
            if at not in marks or at in sent:
                continue
            if at in lacking and at.topic not in self._kafka.ungated:
                raise StoreRestored.log_lost(self.name, at, marks[at].next_number - 1)
            _log.warning("no record of this store near the end of the log", relay=self.name, at=at)
        agreement = Agreement(self.name, marks, sent, self._kafka.ungated)
        ahead, read_to = lead.numbering.copy(), cursor
        while agreement.ahead:
            events = await self._read(read_to)
            if not events:
                raise agreement.exhausted()
            await self._open(self._new_topics(events), lead, cursor)
            agreement.compare(ahead.records(events))
            read_to = events[-1].cursor

    async def _know(self, topics: Sequence[str]) -> None:
        """Makes topics where they are missing, and sees that they are as they were."""
        await ensure_topics(self._kafka, topics, self._plan)
        async with self._database.worker() as session:
            for topic in topics:
                before = await self._state.partitions(session.connection, topic, self._plan.partitions)
                if before != self._plan.partitions:
                    raise PartitionsChanged(topic, before, self._plan.partitions)
        self._partitions.update(dict.fromkeys(topics, self._plan.partitions))
