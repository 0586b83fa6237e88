"""Asking for credits to be retired for a claim: only after its verification (R179)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zerocarbon.common.refusal import NotFound, refuse
from zerocarbon.contracts.certificate import UnitRange
from zerocarbon.contracts.declaration import RetirementRequested
from zerocarbon.declaration.domain.inventory import KnownInventory
from zerocarbon.declaration.domain.opinion import PASSING
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.subject import Subject


@dataclass(frozen=True, slots=True)
class RequestRetirement:
    """Whole tonnes to be retired for a claim, from named ranges or from whatever the owner holds.

    `promised_by` signed that the units serve no other purpose (R197); `outside_boundary` confirms that their
    projects stand outside the subject (DC23).
    """

    claim_id: str
    correlation_id: str
    quantity: int
    ranges: Sequence[UnitRange]
    deadline: datetime
    promised_by: str
    outside_boundary: bool


def decide(
    record: Record, subject: Subject, inventory: KnownInventory, command: RequestRetirement
) -> list[RetirementRequested]:
    """The request, to be answered by `certificates`.

    Raises:
        NotFound: no such claim.
        Refused: the verified inventory was superseded, the last opinion on it does not pass, or the ranges
            do not hold the quantity.
    """
    claim = record.claims.get(command.claim_id)
    if claim is None:
        raise NotFound("claim", command.claim_id)
    assert inventory.closed.inventory_id == claim.opened.inventory_id, "the claim's own inventory decides"
    inventory.demand_current("R179", "/claim_id")
    opinions = record.opinions_on(claim.opened.inventory_sha256)
    if not opinions or opinions[-1].opinion not in PASSING:
        raise refuse(
            "R179", "credits retire only after an opinion that passes on this inventory", "/claim_id"
        )
    if command.ranges and sum(one.high - one.low for one in command.ranges) != command.quantity:
        raise refuse("R208", f"the ranges do not hold {command.quantity} units", "/ranges")
    return [
        RetirementRequested(
            organisation_id=subject.organisation_id,
            factory_id=subject.factory_id,
            claim_id=command.claim_id,
            correlation_id=command.correlation_id,
            quantity=command.quantity,
            ranges=list(command.ranges),
            period=claim.opened.period,
            deadline=command.deadline,
            promised_by=command.promised_by,
            outside_boundary=command.outside_boundary,
        )
    ]
