"""One command's transaction: load first, then write; everything or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from zerocarbon.common.eventstore.aggregate import Loaded, advanced, keep_snapshot_when_due, load
from zerocarbon.common.eventstore.decider import Decider
from zerocarbon.common.eventstore.event import NewEvent, StreamAppend
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import PreconditionFailed
from zerocarbon.contracts.base import Event

S = TypeVar("S")


class UnitOfWork:
    """What a use case works with. `now` is the business clock, read once for the whole command."""

    def __init__(
        self,
        connection: Connection,
        store: EventStore,
        now: datetime,
        organisation_id: str,
        principal: Principal,
        if_match: int | None = None,
    ) -> None:
        self.connection = connection
        self.now = now
        self.organisation_id = organisation_id
        self.principal = principal
        self._store = store
        self._if_match = if_match
        self._snapshotted: dict[str, tuple[Loaded[Any], Decider[Any]]] = {}

    def must_match(self, version: int) -> None:
        """Checks the version that the caller had seen, where one was named, against the loaded one.

        Raises:
            PreconditionFailed: they differ.
        """
        if self._if_match is not None and self._if_match != version:
            raise PreconditionFailed(f"version {self._if_match} was expected, {version} is current")

    async def load(self, stream: str, decider: Decider[S]) -> Loaded[S]:
        """The aggregate's state and version. Only before the first write; the store checks it."""
        loaded = await load(self.connection, self._store, stream, decider)
        if decider.snapshots is not None:
            self._snapshotted[stream] = (loaded, decider)
        return loaded

    async def versions(self, streams: Sequence[str]) -> dict[str, int]:
        """Where streams stand, for appends that need no state. Only before the first write."""
        return await self._store.versions(self.connection, streams)

    async def append(
        self,
        stream: str,
        expected_version: int,
        facts: Sequence[Event],
        event_ids: Sequence[str] | None = None,
    ) -> int:
        """Records facts on a stream that stands at `expected_version`; gives the new version.

        `event_ids` are given where the natural key of a fact makes its id, so that a retry is the same
        event.

        Raises:
            VersionConflict: the stream has moved on; the runner tries the command again.
        """
        return (await self.append_many([(stream, expected_version, facts, event_ids)]))[0]

    async def append_many(
        self, appends: Sequence[tuple[str, int, Sequence[Event], Sequence[str] | None]]
    ) -> list[int]:
        """Records facts on several streams at once, in one round trip a table."""
        prepared = []
        for stream, expected, facts, event_ids in appends:
            ids = event_ids if event_ids is not None else [new_id() for _ in facts]
            events = tuple(
                NewEvent(fact, self.organisation_id, event_id)
                for fact, event_id in zip(facts, ids, strict=True)
            )
            prepared.append(StreamAppend(stream, expected, events))
        versions = await self._store.append(self.connection, prepared, self.now)
        for stream, expected, facts, _ in appends:
            await self._keep_snapshot(stream, expected, facts)
        return versions

    async def _keep_snapshot(self, stream: str, expected: int, facts: Sequence[Event]) -> None:
        """In the transaction of the events: a snapshot never tells of what was rolled back."""
        if stream not in self._snapshotted:
            return
        loaded, decider = self._snapshotted[stream]
        assert loaded.version == expected, "an append stands on what was loaded"
        after = advanced(loaded, decider, facts)
        kept = await keep_snapshot_when_due(self.connection, self.organisation_id, after, decider)
        self._snapshotted[stream] = (kept, decider)
