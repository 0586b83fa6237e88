"""Events become rows: the one place where tiles change. Part of the transaction that appends the events.

The events were decided on tiles that were read before; each statement counts the units that it moved and
compares them with those of the events. The database's own constraints stand behind that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from typing import Any

from zerocarbon.certificates.domain.vintage import Vintage
from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import (
    BlockIssued,
    RetirementSubmitted,
    UnitsExpired,
    UnitsReleased,
    UnitsReserved,
    UnitsRetired,
    UnitsTransferred,
    UnitsWithdrawn,
)


class LedgerMismatch(Exception):
    """Events moved another number of units than they say: a fault of the program, rolled back."""


async def apply(connection: Connection, events: Sequence[Event]) -> None:
    """Applies events that concern units, in order; others are passed over.

    Raises:
        LedgerMismatch: the tiles are not as the decision had read them.
        asyncpg.IntegrityConstraintViolationError: the database refuses the step.
    """
    for kind, group in groupby(events, type):
        write = _WRITES.get(kind)
        if write is not None:
            await write(connection, list(group))


async def _issue(connection: Connection, events: Sequence[Any]) -> None:
    for event in events:
        assert isinstance(event, BlockIssued)
        await connection.execute(
            "INSERT INTO block (block_id, issued_to, scheme, registry, serial, low, high, unit, project,"
            " vintage_start, vintage_end, issued_on, expires_on)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            event.block_id,
            event.organisation_id,
            event.scheme,
            event.registry,
            event.serial,
            event.low,
            event.high,
            event.unit,
            event.project.model_dump_json(exclude_none=True),
            event.vintage_start,
            event.vintage_end,
            event.issued_on,
            schemes()[event.scheme].expires_on(Vintage(event.vintage_start, event.vintage_end)),
        )


async def _transfer(connection: Connection, events: Sequence[UnitsTransferred]) -> None:
    await _move(
        connection,
        events,
        "organisation_id = given.value, transfers = held.transfers + 1",
        "held.state = 'held'",
        [event.to_organisation_id for event in events],
    )


async def _reserve(connection: Connection, events: Sequence[UnitsReserved]) -> None:
    await _cut(connection, events)
    moved = await connection.fetchval(
        "WITH moved AS (UPDATE holding AS held SET state = 'reserved', correlation_id = given.correlation,"
        " reservation_id = given.reservation, expires_at = given.expires, submitted = false"
        " FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::uuid[], $5::uuid[], $6::uuid[],"
        " $7::timestamptz[])"
        " AS given (block_id, low, high, organisation_id, correlation, reservation, expires)"
        " WHERE held.block_id = given.block_id AND held.low >= given.low AND held.low < given.high"
        " AND held.organisation_id = given.organisation_id AND held.state = 'held'"
        " RETURNING held.high - held.low AS units) SELECT coalesce(sum(units), 0)::bigint FROM moved",
        *_columns(events),
        [event.correlation_id for event in events],
        [event.reservation_id for event in events],
        [event.expires_at for event in events],
    )
    _check(events, moved)


async def _submit(connection: Connection, events: Sequence[RetirementSubmitted]) -> None:
    await _move(
        connection,
        events,
        "submitted = true",
        "held.state = 'reserved' AND held.correlation_id = given.value",
        [event.correlation_id for event in events],
    )


_UNRESERVED = "correlation_id = NULL, reservation_id = NULL, expires_at = NULL, submitted = false"


async def _release(connection: Connection, events: Sequence[UnitsReleased]) -> None:
    await _move(
        connection,
        events,
        f"state = 'held', {_UNRESERVED}",
        "held.state = 'reserved' AND held.correlation_id = given.value",
        [event.correlation_id for event in events],
    )


async def _retire(connection: Connection, events: Sequence[UnitsRetired]) -> None:
    await connection.executemany(
        "INSERT INTO retirement (retirement_id, organisation_id, correlation_id, block_id, low, high, unit,"
        " retired_on, registry_reference) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            (
                event.retirement_id,
                event.organisation_id,
                event.correlation_id,
                event.block_id,
                event.low,
                event.high,
                event.unit,
                event.retired_on,
                event.registry_reference,
            )
            for event in events
        ],
    )
    await _move(
        connection,
        events,
        f"state = 'retired', retirement_id = given.value, {_UNRESERVED}",
        "held.state IN ('held', 'reserved')",
        [event.retirement_id for event in events],
    )


async def _withdraw(connection: Connection, events: Sequence[UnitsWithdrawn]) -> None:
    used = [event for event in events if event.cause == "used-elsewhere"]
    void = [event for event in events if event.cause == "void"]
    assert len(used) + len(void) == len(events), "a withdrawal that is written says its cause"
    for state, gone, group in (
        ("cancelled", "'cancelled'", void),
        ("sent-out", "'cancelled', 'sent-out'", used),
    ):
        await _move(
            connection,
            group,
            f"state = '{state}', {_UNRESERVED}",
            f"held.state NOT IN ({gone}) AND held.retirement_id IS NOT DISTINCT FROM given.value",
            [event.retirement_id for event in group],
        )
    # A void issue leaves its generation to other certificates. What was used elsewhere stays used: freeing
    # it would let the same MWh be claimed again under another scheme (DC01).
    await connection.executemany(
        "UPDATE generation_claim SET withdrawn_mwh = withdrawn_mwh + $2 WHERE claim_id = $1",
        [(event.block_id, event.high - event.low) for event in void],
    )


async def _expire(connection: Connection, events: Sequence[UnitsExpired]) -> None:
    await _move(
        connection, events, "state = 'expired'", "held.state = 'held'", [event.block_id for event in events]
    )


async def _move(
    connection: Connection, events: Sequence[Any], change: str, condition: str, values: Sequence[str | None]
) -> None:
    if not events:
        return
    await _cut(connection, events)
    moved = await connection.fetchval(
        f"WITH moved AS (UPDATE holding AS held SET {change}"  # noqa: S608 - the texts stand in this file
        " FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::uuid[], $5::uuid[])"
        " AS given (block_id, low, high, organisation_id, value)"
        " WHERE held.block_id = given.block_id AND held.low >= given.low AND held.low < given.high"
        f" AND held.organisation_id = given.organisation_id AND {condition}"
        " RETURNING held.high - held.low AS units) SELECT coalesce(sum(units), 0)::bigint FROM moved",
        *_columns(events),
        list(values),
    )
    _check(events, moved)


async def _cut(connection: Connection, events: Sequence[Any]) -> None:
    borders = sorted({(event.block_id, border) for event in events for border in (event.low, event.high)})
    await connection.execute(
        "SELECT cut_holding(block_id, border)"
        " FROM unnest($1::uuid[], $2::bigint[]) AS given (block_id, border)",
        [block_id for block_id, _ in borders],
        [border for _, border in borders],
    )


def _columns(events: Sequence[Any]) -> list[list[Any]]:
    return [
        [event.block_id for event in events],
        [event.low for event in events],
        [event.high for event in events],
        [event.organisation_id for event in events],
    ]


def _check(events: Sequence[Any], moved: int) -> None:
    said = sum(event.high - event.low for event in events)
    if moved != said:
        raise LedgerMismatch(f"{type(events[0]).__name__}: {moved} units moved, {said} were decided")


_WRITES: dict[type[Event], Callable[[Connection, Sequence[Any]], Awaitable[None]]] = {
    BlockIssued: _issue,
    UnitsTransferred: _transfer,
    UnitsReserved: _reserve,
    RetirementSubmitted: _submit,
    UnitsReleased: _release,
    UnitsRetired: _retire,
    UnitsWithdrawn: _withdraw,
    UnitsExpired: _expire,
}
