"""A small projection and its events, for tests of buses, relays and consumers.

Events carry a number in their message; the projection keeps for each subject how many came, their sum, and
the order in which they came. What is lost, doubled or overtaken shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

import asyncpg

from zerocarbon.common.bus.record import Run
from zerocarbon.common.consumer.handlers import decode_wanted
from zerocarbon.common.consumer.processor import Prepared, Rejected
from zerocarbon.common.eventstore.event import NewEvent, StreamAppend
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.session import Connection, WorkerSession
from zerocarbon.contracts.alert import AlertRaised

ORGANISATION = "0190a000-0000-7000-8000-000000000001"
NOW = datetime(2025, 6, 30, tzinfo=UTC)

_ADD = """
INSERT INTO sum_of AS held (version, subject, count, total, seen)
SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::numeric[], $5::text[])
ON CONFLICT (version, subject) DO UPDATE SET count = held.count + excluded.count,
    total = held.total + excluded.total, seen = held.seen || excluded.seen
"""


class Fact(NamedTuple):
    """One number about one subject."""

    subject: str
    number: int


class Sum(NamedTuple):
    """What is known about a subject. `seen` is the numbers in the order of their arrival."""

    events: int
    total: int
    seen: tuple[int, ...]


async def record(database: Database, facts: Iterable[Fact], at: datetime = NOW) -> None:
    """Appends facts to the streams of their subjects, in order, in one transaction."""
    streams: dict[str, list[Fact]] = {}
    for fact in facts:
        streams.setdefault(fact.subject, []).append(fact)
    store = EventStore()
    async with database.worker() as session:
        heads = await session.connection.fetch("SELECT stream_id, version FROM stream_head")
        versions = {row["stream_id"]: row["version"] for row in heads}
        appends = [
            StreamAppend(
                subject,
                versions.get(subject, 0),
                tuple(NewEvent(alert(it), ORGANISATION, new_id()) for it in held),
            )
            for subject, held in streams.items()
        ]
        await store.append(session.connection, appends, at)
        await store.notify(session.connection)


def alert(fact: Fact) -> AlertRaised:
    """The published form of a fact."""
    return AlertRaised(
        organisation_id=ORGANISATION,
        subject_id=fact.subject,
        rule="trial",
        severity="notice",
        message=str(fact.number),
    )


class SumFold:
    """Implements `Processor`. Messages that are no numbers are rejected, totals of a million are refused."""

    def __init__(self, version: str = "1") -> None:
        self.version = version

    def prepare(self, runs: Sequence[Run]) -> Prepared:
        """See `Processor.prepare`."""
        decoded = decode_wanted(runs, {AlertRaised.TYPE: None})
        sums: dict[str, list[int]] = {}
        rejected: list[Rejected] = list(decoded.rejected)
        for event, held in decoded.work:
            if not event.message.lstrip("-").isdigit():
                rejected.append(_place(runs, held.offset, held.partition, "no number"))
                continue
            sums.setdefault(event.subject_id, []).append(int(event.message))
        return Prepared(sums, rejected)

    async def flush(self, session: WorkerSession, work: dict[str, list[int]]) -> None:
        """See `Processor.flush`."""
        subjects = sorted(work)
        await session.connection.execute(
            _ADD,
            self.version,
            subjects,
            [len(work[subject]) for subject in subjects],
            [Decimal(sum(work[subject])) for subject in subjects],
            ["".join(f"{number} " for number in work[subject]) for subject in subjects],
        )

    async def digest(self, connection: Connection) -> str:
        """The state as one text, equal for equal states."""
        return repr(sorted((await sums(connection, self.version)).items()))


async def sums(connection: Connection, version: str = "1") -> dict[str, Sum]:
    """The projection, read back."""
    rows: list[asyncpg.Record] = await connection.fetch(
        "SELECT subject, count, total, seen FROM sum_of WHERE version = $1", version
    )
    return {
        row["subject"]: Sum(row["count"], int(row["total"]), tuple(map(int, row["seen"].split())))
        for row in rows
    }


def expected(facts: Iterable[Fact]) -> dict[str, Sum]:
    """What the projection has to say after these facts, each once and in this order."""
    numbers: dict[str, list[int]] = {}
    for fact in facts:
        numbers.setdefault(fact.subject, []).append(fact.number)
    return {subject: Sum(len(held), sum(held), tuple(held)) for subject, held in numbers.items()}


def _place(runs: Sequence[Run], offset: int, partition: int, reason: str) -> Rejected:
    for number, run in enumerate(runs):
        for index in range(len(run)):
            found = run.record(index)
            if (found.offset, found.partition) == (offset, partition):
                return Rejected(number, index, reason)
    raise AssertionError("a decoded record comes out of one of the runs")
