"""What each registry sent, in its own numbering."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from zerocarbon.common.postgres.session import Connection

Outcome = Literal["applied", "refused"]


@dataclass(frozen=True, slots=True)
class TakenNotice:
    """A notice that was dealt with, and what was answered."""

    sha256: str
    outcome: Outcome
    answer: dict[str, Any]


async def lock(connection: Connection, registry: str) -> None:
    """Takes a registry's notices one at a time, until the transaction ends. Assigns no transaction id."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", registry)


async def taken(connection: Connection, registry: str, sequence: int) -> TakenNotice | None:
    """A notice that was dealt with before."""
    row = await connection.fetchrow(
        "SELECT sha256, outcome, answer::text FROM registry_notice WHERE registry = $1 AND sequence = $2",
        registry,
        sequence,
    )
    return TakenNotice(row["sha256"], row["outcome"], json.loads(row["answer"])) if row is not None else None


async def next_sequence(connection: Connection, registry: str) -> tuple[int, bool]:
    """The number that comes next, and whether the stream stands still because a later one came."""
    row = await connection.fetchrow(
        "SELECT next_sequence, stopped_at FROM registry_stream WHERE registry = $1", registry
    )
    return (row["next_sequence"], row["stopped_at"] is not None) if row is not None else (1, False)


async def stop(connection: Connection, registry: str, expected: int, sequence: int) -> None:
    """Notes that a later notice came than the one expected."""
    await connection.execute(
        "INSERT INTO registry_stream AS known (registry, next_sequence, stopped_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (registry) DO UPDATE SET stopped_at = coalesce(known.stopped_at, excluded.stopped_at)",
        registry,
        expected,
        sequence,
    )


async def advance(
    connection: Connection, registry: str, sequence: int, notice: TakenNotice, taken_at: datetime
) -> None:
    """Records a notice as dealt with; the next one is expected."""
    await connection.execute(
        "INSERT INTO registry_stream (registry, next_sequence) VALUES ($1, $2)"
        " ON CONFLICT (registry) DO UPDATE SET next_sequence = excluded.next_sequence, stopped_at = NULL",
        registry,
        sequence + 1,
    )
    await connection.execute(
        "INSERT INTO registry_notice (registry, sequence, sha256, outcome, answer, taken_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        registry,
        sequence,
        notice.sha256,
        notice.outcome,
        json.dumps(notice.answer, ensure_ascii=False),
        taken_at,
    )


async def keep_early(connection: Connection, registry: str, sequence: int, data: bytes) -> None:
    """Keeps a notice of the topic that came before its predecessor."""
    await connection.execute(
        "INSERT INTO registry_early_notice (registry, sequence, data) VALUES ($1, $2, $3)"
        " ON CONFLICT DO NOTHING",
        registry,
        sequence,
        data,
    )


async def peek_early(connection: Connection, registry: str) -> bytes | None:
    """The early notice whose turn has come, if there is one."""
    data: bytes | None = await connection.fetchval(
        "SELECT early.data FROM registry_early_notice AS early"
        " JOIN registry_stream AS stream USING (registry)"
        " WHERE stream.registry = $1 AND early.sequence = stream.next_sequence",
        registry,
    )
    return data


async def forget_early(connection: Connection, registry: str) -> None:
    """Drops early notices that were dealt with."""
    await connection.execute(
        "DELETE FROM registry_early_notice AS early USING registry_stream AS stream"
        " WHERE stream.registry = $1 AND early.registry = $1 AND early.sequence < stream.next_sequence",
        registry,
    )


async def states(connection: Connection) -> list[dict[str, Any]]:
    """How far each registry has come."""
    rows = await connection.fetch(
        "SELECT registry, next_sequence, stopped_at FROM registry_stream ORDER BY registry"
    )
    return [{name: value for name, value in row.items() if value is not None} for row in rows]
