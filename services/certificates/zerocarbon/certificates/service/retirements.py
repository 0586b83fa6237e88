"""Use cases of callers: reserve, retire, release."""

from __future__ import annotations

from zerocarbon.certificates.service import reservations
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.service.order import Order
from zerocarbon.certificates.service.progress import settle
from zerocarbon.certificates.store import retirement_requests
from zerocarbon.certificates.store.retirement_requests import RetirementRequest
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.refusal import NotFound, refuse


def reserve(store: EventStore, order: Order, *, submit: bool) -> UseCase:
    """Sets units aside, and with `submit` asks their registry at once to retire them.

    Credits for a claim are refused here: they retire after verification, when the claim asks (R179).
    """

    async def use_case(work: UnitOfWork) -> Answer:
        if order.claim.purpose == "neutrality-claim" and order.unit == "tCO2e":
            message = "credits retire when a verified claim asks for them, not by themselves"
            raise refuse("R179", message, "/purpose")
        ledger = Ledger(work.connection, store, work.now)
        chosen = await reservations.decide_reservation(ledger, order)
        if submit:
            reservations.submit(ledger, order.correlation_id, sorted({one.block_id for one in chosen}))
        request = await reservations.record_reservation(ledger, order, submit=submit)
        return Answer(202 if submit else 201, await _shown(work, request))

    return use_case


def retire_reserved(store: EventStore, correlation_id: str) -> UseCase:
    """Asks the registry to retire what was reserved before."""

    async def use_case(work: UnitOfWork) -> Answer:
        request = await _visible(work, correlation_id)
        if request.status != "reserved":
            return Answer(200, await _shown(work, request))
        ledger = Ledger(work.connection, store, work.now)
        reservations.submit(ledger, correlation_id, await ledger.open_reserved(correlation_id))
        await ledger.record()
        await settle(work.connection, {correlation_id: None})
        return Answer(202, await _shown(work, await _visible(work, correlation_id)))

    return use_case


def release(store: EventStore, correlation_id: str, reason: str) -> UseCase:
    """Calls a request back: what the registry has not retired is free again."""

    async def use_case(work: UnitOfWork) -> Answer:
        request = await _visible(work, correlation_id)
        released = await reservations.release(
            Ledger(work.connection, store, work.now), correlation_id, reason
        )
        if not released and request.status != "released":
            raise refuse("DC09", f"nothing is reserved: the request is {request.status}", "/correlation_id")
        return Answer(200, await _shown(work, await _visible(work, correlation_id)))

    return use_case


async def _visible(work: UnitOfWork, correlation_id: str) -> RetirementRequest:
    request = await retirement_requests.find(work.connection, correlation_id)
    if request is None or request.organisation_id != work.organisation_id:
        raise NotFound("retirement request", correlation_id)
    return request


async def _shown(work: UnitOfWork, request: RetirementRequest) -> dict[str, object]:
    correlation_id = request.correlation_id
    ranges = await retirement_requests.ranges(work.connection, [correlation_id])
    return retirement_requests.shown(request, ranges[correlation_id])
