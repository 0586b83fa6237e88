"""What units were asked to be retired for, and how far that has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.progress import Progress, Status
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.base import instant_text
from zerocarbon.contracts.certificate import Unit

_COLUMNS = (
    "correlation_id::text, organisation_id::text, factory_id::text, purpose, unit, period_start, period_end,"
    " quantity, claim_id::text, status, reasons, asked_at, expires_at"
)
# By block and number, for which there is an index.
_ITS_TILES = (
    "JOIN holding AS held ON held.block_id = retirement.block_id AND held.low >= retirement.low"
    " AND held.low < retirement.high AND held.retirement_id = retirement.retirement_id"
)


@dataclass(frozen=True, slots=True)
class RetirementRequest:
    """One request: units of one kind for one claim, by one organisation."""

    correlation_id: str
    organisation_id: str
    claim: Claim
    unit: Unit
    quantity: int
    status: Status
    asked_at: datetime
    expires_at: datetime
    claim_id: str | None = None
    reasons: tuple[str, ...] = ()


async def add(connection: Connection, request: RetirementRequest) -> None:
    """Records a new request."""
    await connection.execute(
        "INSERT INTO retirement_request (correlation_id, organisation_id, factory_id, purpose, unit,"
        " period_start, period_end, quantity, claim_id, status, reasons, asked_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        request.correlation_id,
        request.organisation_id,
        request.claim.factory_id,
        request.claim.purpose,
        request.unit,
        request.claim.start,
        request.claim.end,
        request.quantity,
        request.claim_id,
        request.status,
        list(request.reasons),
        request.asked_at,
        request.expires_at,
    )


async def find(connection: Connection, correlation_id: str) -> RetirementRequest | None:
    """A request that the session may see."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM retirement_request WHERE correlation_id = $1",  # noqa: S608
        correlation_id,
    )
    return _request(row) if row is not None else None


async def lock_and_count(connection: Connection, correlation_id: str) -> Progress:
    """The units that stand for a request now. Nobody else counts them until this transaction has ended.

    The lock comes first, in a statement of its own: the count then sees what those before have committed.
    """
    asked = await connection.fetchval(
        "SELECT quantity FROM retirement_request WHERE correlation_id = $1 FOR NO KEY UPDATE", correlation_id
    )
    row = await connection.fetchrow(
        "SELECT coalesce(sum(high - low) FILTER (WHERE state = 'reserved'), 0)::bigint"  # noqa: S608
        " AS reserved,"
        " coalesce(sum(high - low) FILTER (WHERE submitted), 0)::bigint AS submitted,"
        " coalesce(sum(high - low) FILTER (WHERE state = 'retired'), 0)::bigint AS retired FROM ("
        "SELECT low, high, state, submitted FROM holding WHERE correlation_id = $1"
        " UNION ALL SELECT held.low, held.high, held.state, false FROM retirement"
        f" {_ITS_TILES} WHERE retirement.correlation_id = $1) AS unit",
        correlation_id,
    )
    assert asked is not None, "units stand for a request that is known"
    assert row is not None, "a sum has a row"
    return Progress(asked, row["reserved"], row["submitted"], row["retired"])


async def of_retirements(connection: Connection, retirement_ids: Sequence[str]) -> list[str]:
    """The requests that retirements were made for, in order."""
    rows = await connection.fetch(
        "SELECT DISTINCT correlation_id::text FROM retirement WHERE retirement_id = ANY ($1::uuid[])"
        " ORDER BY correlation_id",
        list(retirement_ids),
    )
    return [row["correlation_id"] for row in rows]


async def note(connection: Connection, correlation_id: str, status: Status, reason: str | None) -> None:
    """Notes how far a request has come, and why it came no further."""
    await connection.execute(
        "UPDATE retirement_request SET status = $2,"
        " reasons = CASE WHEN $3::text IS NULL THEN reasons ELSE reasons || $3 END WHERE correlation_id = $1",
        correlation_id,
        status,
        reason,
    )


async def page(
    connection: Connection,
    organisation_id: str,
    *,
    statuses: Sequence[str],
    factory_id: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[RetirementRequest]:
    """Requests in the order in which they were made."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM retirement_request WHERE organisation_id = $1"  # noqa: S608
        " AND (cardinality($2::text[]) = 0 OR status = ANY ($2)) AND ($3::uuid IS NULL OR factory_id = $3)"
        " AND ($4::timestamptz IS NULL OR (asked_at, correlation_id) > ($4, $5::uuid))"
        " ORDER BY asked_at, correlation_id LIMIT $6",
        organisation_id,
        list(statuses),
        factory_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )
    return [_request(row) for row in rows]


async def ranges(connection: Connection, correlation_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The units of requests: what is reserved, and what is retired with the registry's reference, also where
    it was withdrawn afterwards."""
    rows = await connection.fetch(
        "SELECT found.correlation_id::text, found.block_id::text, block.scheme, block.registry,"  # noqa: S608
        " block.serial,"
        " found.low, found.high, found.state, found.retirement_id::text, found.registry_reference,"
        " found.retired_on FROM ("
        "SELECT correlation_id, block_id, low, high, 'reserved' AS state, NULL::uuid AS retirement_id,"
        " NULL AS registry_reference, NULL::date AS retired_on FROM holding WHERE correlation_id = ANY ($1)"
        " UNION ALL SELECT retirement.correlation_id, held.block_id, held.low, held.high,"
        " CASE held.state WHEN 'retired' THEN 'retired' ELSE 'withdrawn' END, held.retirement_id,"
        f" registry_reference, retired_on FROM retirement {_ITS_TILES}"
        " WHERE retirement.correlation_id = ANY ($1)) AS found"
        " JOIN block USING (block_id) ORDER BY block.registry, block.serial, found.low",
        list(correlation_ids),
    )
    found: dict[str, list[dict[str, Any]]] = {correlation_id: [] for correlation_id in correlation_ids}
    for row in rows:
        shown = {name: value for name, value in row.items() if value is not None}
        if "retired_on" in shown:
            shown["retired_on"] = shown["retired_on"].isoformat()
        found[shown.pop("correlation_id")].append(shown)
    return found


def shown(request: RetirementRequest, ranges_: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A request and its units as they are shown."""
    retired = sum(item["high"] - item["low"] for item in ranges_ if item["state"] == "retired")
    body: dict[str, Any] = {
        "correlation_id": request.correlation_id,
        "factory_id": request.claim.factory_id,
        "purpose": request.claim.purpose,
        "period": request.claim.period.model_dump(mode="json"),
        "unit": request.unit,
        "quantity": request.quantity,
        "retired_quantity": retired,
        "status": request.status,
        "reasons": list(request.reasons),
        "asked_at": instant_text(request.asked_at),
        "expires_at": instant_text(request.expires_at),
        "ranges": list(ranges_),
    }
    return {**body, "claim_id": request.claim_id} if request.claim_id else body


def _request(row: asyncpg.Record) -> RetirementRequest:
    return RetirementRequest(
        row["correlation_id"],
        row["organisation_id"],
        Claim(row["factory_id"], row["purpose"], row["period_start"], row["period_end"]),
        row["unit"],
        row["quantity"],
        row["status"],
        row["asked_at"],
        row["expires_at"],
        row["claim_id"],
        tuple(row["reasons"]),
    )
