"""A claim: subject, boundary and period, once, bound to one verified inventory (R179, R194, R216)."""

from __future__ import annotations

from dataclasses import dataclass

from zerocarbon.common.refusal import refuse
from zerocarbon.contracts.declaration import ClaimOpened
from zerocarbon.declaration.domain.inventory import KnownInventory
from zerocarbon.declaration.domain.opinion import PASSING
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.subject import Subject


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """Opens the claim of a boundary and period, or binds it anew to the inventory that superseded the
    old one. `claim_id` is made from factory, boundary and period, so that there is one."""

    claim_id: str
    boundary: str
    inventory_id: str
    opinion_id: str


def decide(
    record: Record, subject: Subject, inventory: KnownInventory, command: OpenClaim
) -> list[ClaimOpened]:
    """The claim, opened or bound anew. Its retirements stay with it either way (DC20).

    Raises:
        Refused: no passing opinion on exactly this inventory, the inventory was superseded, or the claim
            is bound to it already.
    """
    inventory.demand_current("R216")
    closed = inventory.closed
    opinion = record.opinions.get(command.opinion_id)
    if opinion is None or opinion.inventory_sha256 != closed.inventory_sha256:
        raise refuse(
            "R179",
            "the claim comes after the verification: no such opinion on exactly this inventory",
            "/opinion_id",
        )
    latest = record.opinions_on(closed.inventory_sha256)[-1]
    if latest.opinion_id != opinion.opinion_id:
        raise refuse("R194", f"a later opinion counts: {latest.opinion_id}", "/opinion_id")
    if opinion.opinion not in PASSING:
        raise refuse("R194", f"an opinion that is {opinion.opinion} carries no claim", "/opinion_id")
    known = record.claims.get(command.claim_id)
    if known is not None and known.opened.opinion_id == opinion.opinion_id:
        raise refuse(
            "R216",
            "this factory, boundary and period has its claim, on this inventory and opinion",
            "/boundary",
        )
    return [
        ClaimOpened(
            organisation_id=subject.organisation_id,
            factory_id=subject.factory_id,
            claim_id=command.claim_id,
            period=closed.period,
            boundary=command.boundary,
            inventory_id=closed.inventory_id,
            inventory_sha256=closed.inventory_sha256,
            opinion_id=opinion.opinion_id,
            first_period=not record.declared_before(closed.period),
        )
    ]
