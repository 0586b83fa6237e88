"""Loads aggregates: the fold of a stream by its decider, from a snapshot where a valid one exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from zerocarbon.common.eventstore.decider import Decider
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.eventstore.upcast import decode
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.base import Event

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A state and the version of the stream that it stands for; `kept` is that of its newest snapshot."""

    stream: str
    state: S
    version: int
    kept: int = 0


async def load(connection: Connection, store: EventStore, stream: str, decider: Decider[S]) -> Loaded[S]:
    """Folds a stream, from its snapshot where a valid one exists. A snapshot is never needed for truth."""
    state, version = decider.initial(), 0
    if decider.snapshots is not None:
        row = await connection.fetchrow(
            "SELECT version, state FROM snapshot WHERE stream_id = $1 AND fold = $2",
            stream,
            decider.snapshots.stamp(),
        )
        if row is not None:
            state, version = decider.snapshots.decode(row["state"]), row["version"]
    kept = version
    for event in await store.load_stream(connection, stream, after=version):
        state = decider.evolve(state, decode(event.type, event.data))
        version = event.version
    return Loaded(stream, state, version, kept)


def advanced(loaded: Loaded[S], decider: Decider[S], facts: Sequence[Event]) -> Loaded[S]:
    """The state after facts that were appended. They are folded as a reader of their bytes will fold them."""
    state = loaded.state
    for fact in facts:
        state = decider.evolve(state, decode(fact.TYPE, fact.data()))
    return replace(loaded, state=state, version=loaded.version + len(facts))


async def keep_snapshot_when_due(
    connection: Connection, organisation_id: str, loaded: Loaded[S], decider: Decider[S]
) -> Loaded[S]:
    """Writes a snapshot once enough events lie behind the last one; part of the caller's transaction."""
    if decider.snapshots is None or loaded.version - loaded.kept < decider.snapshots.every:
        return loaded
    await connection.execute(
        "INSERT INTO snapshot (stream_id, organisation_id, version, fold, state) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version, fold = excluded.fold,"
        " state = excluded.state"
        " WHERE snapshot.version < excluded.version OR snapshot.fold <> excluded.fold",
        loaded.stream,
        organisation_id,
        loaded.version,
        decider.snapshots.stamp(),
        decider.snapshots.encode(loaded.state),
    )
    return replace(loaded, kept=loaded.version)
