"""The reaction to a claim that asks for credits: reserve and send them out, or say why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from zerocarbon.certificates.domain.choice import Chosen
from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.service import reservations
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.service.order import Order
from zerocarbon.certificates.store import retirement_requests
from zerocarbon.certificates.store.retirement_requests import RetirementRequest
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Refused, refuse
from zerocarbon.contracts.certificate import RetirementAnswered, UnitRange
from zerocarbon.contracts.declaration import RetirementRequested


def answer_request(store: EventStore, asked: RetirementRequested) -> UseCase:
    """Answers in the same transaction that reserves: the claim never waits for units it will not get."""

    async def use_case(work: UnitOfWork) -> Answer:
        known = await retirement_requests.find(work.connection, asked.correlation_id)
        if known is not None:
            return Answer(200, {"status": known.status})
        ledger = Ledger(work.connection, store, work.now)
        order = _order(asked)
        try:
            order = replace(order, ranges=_check(asked, work.now))
            chosen = await reservations.decide_reservation(ledger, order)
        except Refused as refused:
            ledger = Ledger(work.connection, store, work.now)
            return await _refuse(ledger, order, refused)
        reservations.submit(ledger, order.correlation_id, sorted({one.block_id for one in chosen}))
        ranges = [UnitRange(block_id=one.block_id, low=one.range.low, high=one.range.high) for one in chosen]
        _say(ledger, order, accepted=True, ranges=ranges, reasons=[])
        request = await reservations.record_reservation(ledger, order, submit=True)
        return Answer(200, {"status": request.status})

    return use_case


def _order(asked: RetirementRequested) -> Order:
    return Order(
        asked.correlation_id,
        asked.organisation_id,
        Claim(asked.factory_id, "neutrality-claim", asked.period.start, asked.period.end),
        asked.unit,
        asked.quantity,
        asked.deadline,
        claim_id=asked.claim_id,
    )


def _check(asked: RetirementRequested, now: datetime) -> tuple[Chosen, ...]:
    if asked.deadline <= now:
        raise refuse("deadline", f"the deadline {asked.deadline:%Y-%m-%d %H:%M} has passed", "/deadline")
    if asked.outside_boundary is False:
        message = "the projects were not confirmed to stand outside the boundary"
        raise refuse("DC23", message, "/outside_boundary")
    try:
        return tuple(Chosen(one.block_id, SerialRange(one.low, one.high)) for one in asked.ranges)
    except ValueError as reversed_range:
        raise refuse("range", str(reversed_range), "/ranges") from reversed_range


async def _refuse(ledger: Ledger, order: Order, refused: Refused) -> Answer:
    reasons = tuple(f"{violation.rule}: {violation.message}" for violation in refused.violations)
    request = RetirementRequest(
        order.correlation_id,
        order.organisation_id,
        order.claim,
        order.unit,
        order.quantity,
        "refused",
        ledger.now,
        order.expires_at,
        order.claim_id,
        reasons,
    )
    _say(ledger, order, accepted=False, ranges=[], reasons=list(reasons))
    await retirement_requests.add(ledger.connection, request)
    await ledger.record()
    return Answer(200, {"status": "refused", "reasons": list(reasons)})


def _say(
    ledger: Ledger, order: Order, *, accepted: bool, ranges: list[UnitRange], reasons: list[str]
) -> None:
    answer = RetirementAnswered(
        organisation_id=order.organisation_id,
        correlation_id=order.correlation_id,
        accepted=accepted,
        ranges=ranges,
        reasons=reasons,
    )
    # The id stems from the request, so that an answer that is sent again is the same event.
    event_id = natural_id("retirement-answered", order.correlation_id)
    ledger.beside(answer.subject(), answer, order.organisation_id, event_id)
