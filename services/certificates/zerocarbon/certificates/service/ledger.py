"""Decisions about units in one transaction: versions and tiles are read, events appended, tiles changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from zerocarbon.certificates.domain.block import Block, evolve
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.store import blocks
from zerocarbon.certificates.store import ledger as tiles
from zerocarbon.common.eventstore.event import NewEvent, StreamAppend
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import CertificateEvent

Decide = Callable[[Block], Sequence[Event]]


def stream_of(block_id: str) -> str:
    """The stream of a block's events."""
    return f"block/{block_id}"


class Ledger:
    """Blocks in one transaction. `open` before the first write, then any number of `decide`, then `record`.

    Commands on a block take turns, so that a busy block makes callers wait instead of starving some of them.
    That is courtesy, not protection: versions are read before tiles, and whoever commits in between moves a
    version on, so that `record` raises `VersionConflict` instead of acting on old tiles.
    """

    def __init__(self, connection: Connection, store: EventStore, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self._store = store
        self._versions: dict[str, int] = {}
        self._blocks: dict[str, Block] = {}
        self._decided: dict[str, list[Event]] = {}
        self._aside: list[tuple[str, Event, str | None, str]] = []

    async def open(self, ranges: Iterable[tuple[str, SerialRange]]) -> None:
        """Reads blocks with the tiles that the ranges touch; a block that is not there, or not visible,
        stays unknown."""
        wanted = list(ranges)
        await self._read_versions({block_id for block_id, _ in wanted})
        self._blocks |= await blocks.with_ranges(self.connection, wanted)

    async def open_reserved(self, correlation_id: str) -> list[str]:
        """Reads the blocks in which a request has reserved units; gives their ids in order."""
        before = await blocks.reserved_for(self.connection, correlation_id)
        await self._read_versions(set(before))
        self._blocks |= await blocks.reserved_for(self.connection, correlation_id)
        return sorted(before.keys() & self._blocks.keys())

    async def open_whole(self, block_id: str) -> None:
        """Reads a block with all its tiles."""
        await self._read_versions({block_id})
        block = await blocks.whole(self.connection, block_id)
        if block is not None:
            self._blocks[block_id] = block

    def block(self, block_id: str) -> Block | None:
        """A block as it stands after what was decided so far."""
        return self._blocks.get(block_id)

    def decide(self, block_id: str, decide: Decide) -> list[Event]:
        """Asks the domain, and shows the next decision the state after this one.

        Raises:
            Refused: by the domain; nothing is kept of this decision.
        """
        events = list(decide(self._blocks[block_id]))
        for event in events:
            self._add(block_id, event)
        return events

    def issue(self, event: CertificateEvent) -> None:
        """Adds the first event of a block."""
        assert event.block_id not in self._blocks, "a block is issued once"
        self._add(event.block_id, event)

    def beside(
        self, stream: str, event: Event, organisation_id: str | None, event_id: str | None = None
    ) -> None:
        """Adds the first and only event of another stream, such as an answer or an alert."""
        self._aside.append((stream, event, organisation_id, event_id or new_id()))

    async def record(self) -> None:
        """Appends everything that was decided and changes the tiles.

        Raises:
            VersionConflict: somebody else was faster with one of the blocks.
        """
        appends = [
            StreamAppend(
                stream_of(block_id),
                self._versions[block_id],
                tuple(NewEvent(event, _organisation_of(event), new_id()) for event in events),
            )
            for block_id, events in sorted(self._decided.items())
        ]
        appends += [
            StreamAppend(stream, 0, (NewEvent(event, organisation_id, event_id),))
            for stream, event, organisation_id, event_id in self._aside
        ]
        await self._store.append(self.connection, appends, self.now)
        for _, events in sorted(self._decided.items()):
            await tiles.apply(self.connection, events)
        self._decided, self._aside = {}, []

    async def _read_versions(self, block_ids: set[str]) -> None:
        # In one order, so that two commands never wait for each other. Assigns no transaction id.
        for block_id in sorted(block_ids):
            await self.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", block_id)
        streams = {stream_of(block_id): block_id for block_id in sorted(block_ids)}
        found = await self._store.versions(self.connection, list(streams))
        self._versions |= {streams[stream]: version for stream, version in found.items()}

    def _add(self, block_id: str, event: Event) -> None:
        block = evolve(self._blocks.get(block_id), event)
        assert block is not None, "an event about units leaves a block"
        self._blocks[block_id] = block
        self._decided.setdefault(block_id, []).append(event)


def _organisation_of(event: Event) -> str:
    organisation_id = getattr(event, "organisation_id", None)
    assert isinstance(organisation_id, str), "an event about units names its holder"
    return organisation_id
