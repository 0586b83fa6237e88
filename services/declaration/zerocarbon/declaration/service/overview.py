"""What callers read back: claims with their requests and statements, lists, the public's view."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.refusal import NotFound
from zerocarbon.contracts.base import Event, Period, instant_text
from zerocarbon.declaration.domain.record import Claim, Statement
from zerocarbon.declaration.domain.statement import claim_of, statement_of
from zerocarbon.declaration.service import reading
from zerocarbon.declaration.store import factories, inventories, public, retirements
from zerocarbon.declaration.store.public import PublicStatement

NOUNS = ("commitments", "plans", "opinions", "claims", "statements")


async def listed(
    context: ServiceContext,
    organisation_id: str,
    factory_id: str,
    noun: str,
    within: tuple[date, date] | None = None,
) -> tuple[dict[str, Any], int]:
    """All of one noun that a factory declared, in order, and the version of its stream. Claims and
    statements may be bounded to periods within two days."""
    assert noun in NOUNS, f"{noun} is none of {NOUNS}"
    async with context.database.request(organisation_id, read_only=True) as session:
        record, version = await reading.versioned_record(
            context, session.connection, organisation_id, factory_id
        )
    items: Iterable[dict[str, Any]]
    if noun == "claims":
        opened = (one.opened for one in record.claims.values())
        items = (_fact(one) for one in opened if _within(one.period, within))
    elif noun == "statements":
        found = (one for one in record.statements.values() if _within(one.current.valid, within))
        items = (statement_body(one) for one in found)
    else:
        items = (_fact(one) for one in getattr(record, noun).values())
    return {"items": list(items)}, version


async def inventories_of(
    context: ServiceContext,
    organisation_id: str,
    factory_id: str,
    within: tuple[date, date] | None = None,
) -> dict[str, Any]:
    """The closed inventories of a factory, by period and version; `superseded_by` where a newer one is.

    Raises:
        NotFound: the organisation has no such factory.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        await factories.known_factory(session.connection, organisation_id, factory_id)
        known = await inventories.of_factory(session.connection, organisation_id, factory_id)
    shown = {"inventory_id", "inventory_sha256", "period", "profile", "version", "totals"}
    ordered = sorted(known.values(), key=lambda one: (one.closed.period.start, one.closed.version))
    items = []
    for one in ordered:
        if not _within(one.closed.period, within):
            continue
        item = one.closed.model_dump(mode="json", include=shown)
        items.append({**item, **({"superseded_by": one.superseded_by} if one.superseded_by else {})})
    return {"items": items}


async def claim(
    context: ServiceContext, organisation_id: str, factory_id: str, claim_id: str
) -> tuple[dict[str, Any], int]:
    """A claim with its requests, what was answered and retired, and its statements.

    Raises:
        NotFound: the factory has no such claim.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        record, version = await reading.versioned_record(
            context, session.connection, organisation_id, factory_id
        )
        found = claim_of(record, claim_id)
        ids = [request.correlation_id for request in found.requests]
        answers = await retirements.answers(session.connection, organisation_id, ids)
        standing = await retirements.standing(session.connection, organisation_id, ids)
    requests = []
    for request in found.requests:
        answer = answers.get(request.correlation_id)
        retired = [one for one in standing if one.correlation_id == request.correlation_id]
        requests.append(
            {
                **_fact(request),
                "state": _state(answer.accepted if answer else None, bool(retired)),
                "reasons": list(answer.reasons) if answer else [],
                "retired": [_fact(one) for one in retired],
                "retired_quantity": sum(one.high - one.low for one in retired),
            }
        )
    return {
        **_fact(found.opened),
        "requests": requests,
        "statements": [statement_body(one) for one in record.statements_of(claim_id)],
        "refusals": _latest_refusals(found),
    }, version


async def statement(
    context: ServiceContext, organisation_id: str, factory_id: str, statement_id: str
) -> tuple[dict[str, Any], int]:
    """A statement with its status and its versions.

    Raises:
        NotFound: the factory has no such statement.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        record, version = await reading.versioned_record(
            context, session.connection, organisation_id, factory_id
        )
    return statement_body(statement_of(record, statement_id)), version


async def published(context: ServiceContext, statement_id: str) -> PublicStatement:
    """The public's snapshot of a statement, whoever's it is.

    Raises:
        NotFound: nothing was published under this id.
    """
    async with context.database.reader() as session:
        found = await public.latest(session.connection, statement_id)
    if found is None:
        raise NotFound("statement", statement_id)
    return found


def published_body(found: PublicStatement) -> dict[str, Any]:
    """The snapshot with its live status."""
    body = {
        "statement_id": found.statement_id,
        "version": found.version,
        "status": found.status,
        **found.snapshot,
    }
    if found.suspended_at is not None:
        body["suspended_at"] = instant_text(found.suspended_at)
        body["suspended_reason"] = found.suspended_reason
    return body


def statement_body(found: Statement) -> dict[str, Any]:
    """The newest version, its status, and the numbers of all versions."""
    body = {
        **_fact(found.current),
        "status": "issued" if found.stands else "suspended",
        "versions": [one.version for one in found.versions],
    }
    if found.suspended is not None:
        body["suspended_reason"] = found.suspended.reason
        body["suspended_cause"] = found.suspended.cause
    return body


def _within(period: Period, bounds: tuple[date, date] | None) -> bool:
    return bounds is None or (bounds[0] <= period.start and period.end <= bounds[1])


def _state(accepted: bool | None, retired: bool) -> str:
    if retired:
        return "retired"
    if accepted is None:
        return "requested"
    return "accepted" if accepted else "refused"


def _latest_refusals(found: Claim) -> list[dict[str, Any]]:
    by_standard = {refusal.standard: refusal for refusal in found.refusals}
    return [_fact(refusal) for _, refusal in sorted(by_standard.items())]


def _fact(event: Event) -> dict[str, Any]:
    fact: dict[str, Any] = event.model_dump(mode="json", exclude_none=True)
    return fact
