"""Loads aggregates: the fold of a stream by its decider, from a snapshot where a valid one exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from zerocarbon.common.eventstore.decider import Decider
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.eventstore.upcast import decode
from zerocarbon.common.postgres.session import Connection

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A state and the version of the stream that it stands for."""

    stream: str
    state: S
    version: int


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
    for event in await store.load_stream(connection, stream, after=version):
        state = decider.evolve(state, decode(event.type, event.data))
        version = event.version
    return Loaded(stream, state, version)


async def keep_snapshot(connection: Connection, loaded: Loaded[S], decider: Decider[S]) -> None:
    """Writes the snapshot of a loaded state; part of the caller's transaction."""
    if decider.snapshots is None:
        return
    await connection.execute(
        "INSERT INTO snapshot (stream_id, version, fold, state) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version, fold = excluded.fold,"
        " state = excluded.state WHERE snapshot.version < excluded.version",
        loaded.stream,
        loaded.version,
        decider.snapshots.stamp(),
        decider.snapshots.encode(loaded.state),
    )
