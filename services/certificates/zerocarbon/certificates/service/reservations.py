"""Sets units aside for a claim, sends them to their registry, frees them again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from zerocarbon.certificates.domain.choice import Candidate, Chosen, choose
from zerocarbon.certificates.domain.claim import wrong_unit
from zerocarbon.certificates.domain.progress import Progress
from zerocarbon.certificates.domain.release import ReleaseUnits, release_units
from zerocarbon.certificates.domain.reserve import Beneficiary, ReserveUnits, reserve_units, unusable
from zerocarbon.certificates.domain.retire import SubmitRetirement, submit_retirement
from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.service.order import Order
from zerocarbon.certificates.service.progress import settle, timer_subject
from zerocarbon.certificates.store import candidates, factories, retirement_requests
from zerocarbon.certificates.store.retirement_requests import RetirementRequest
from zerocarbon.common.consumer.timer import Timer, set_timer
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Refused, Violation, refuse

RELEASE_RULE = "release-reservation"


async def decide_reservation(ledger: Ledger, order: Order) -> tuple[Chosen, ...]:
    """Reads and decides, writes nothing yet; gives the ranges.

    Raises:
        Refused: MWh for tonnes or the reverse, an unknown factory, units that may not be used, or too few
            of them.
    """
    wrong = wrong_unit(order.unit, order.claim.purpose)
    if wrong is not None:
        raise Refused([wrong])
    beneficiary = await factories.beneficiary(
        ledger.connection, order.organisation_id, order.claim.factory_id
    )
    if beneficiary is None:
        raise refuse("DC18", "the beneficiary is not a factory of this organisation", "/factory_id")
    ranges = order.ranges or await _choose(ledger, order, beneficiary)
    _check_ranges(ranges, order.quantity)
    await ledger.open([(one.block_id, one.range) for one in ranges])
    violations: list[Violation] = []
    for number, one in enumerate(ranges):
        try:
            _reserve(ledger, order, beneficiary, one)
        except Refused as refused:
            violations += [_placed(violation, number) for violation in refused.violations]
    if violations:
        raise Refused(violations)
    return tuple(ranges)


async def record_reservation(ledger: Ledger, order: Order, *, submit: bool) -> RetirementRequest:
    """Writes what was decided: the request, the events, the tiles, and the timer of its end."""
    sent = order.quantity if submit else 0
    status = Progress(order.quantity, order.quantity, sent, 0).status
    request = RetirementRequest(
        order.correlation_id,
        order.organisation_id,
        order.claim,
        order.unit,
        order.quantity,
        status,
        ledger.now,
        order.expires_at,
        order.claim_id,
    )
    await retirement_requests.add(ledger.connection, request)
    await ledger.record()
    due = order.expires_at
    timer = Timer(timer_subject(order.correlation_id), RELEASE_RULE, due, order.organisation_id)
    await set_timer(ledger.connection, timer)
    return request


def submit(ledger: Ledger, correlation_id: str, block_ids: Sequence[str]) -> None:
    """Decides to send what a request has reserved to the registry."""
    command = SubmitRetirement(correlation_id)
    for block_id in block_ids:
        ledger.decide(block_id, lambda block: submit_retirement(command, block))


async def release(ledger: Ledger, correlation_id: str, reason: str) -> bool:
    """Frees what a request still has reserved; whether there was anything."""
    block_ids = await ledger.open_reserved(correlation_id)
    command = ReleaseUnits(correlation_id, reason)
    for block_id in block_ids:
        ledger.decide(block_id, lambda block: release_units(command, block))
    if not block_ids:
        return False
    await ledger.record()
    await settle(ledger.connection, {correlation_id: reason})
    return True


def _reserve(ledger: Ledger, order: Order, beneficiary: Beneficiary, one: Chosen) -> None:
    if ledger.block(one.block_id) is None:
        raise refuse("not-held", f"you do not hold all of {one.range} of this block", "/ranges")
    reservation = natural_id("reservation", order.correlation_id, one.block_id, str(one.range.low))
    command = ReserveUnits(
        one.range,
        order.organisation_id,
        reservation,
        order.correlation_id,
        order.claim,
        beneficiary,
        order.expires_at,
        ledger.now.date(),
    )
    ledger.decide(one.block_id, lambda block: reserve_units(command, block, schemes()[block.scheme]))


async def _choose(ledger: Ledger, order: Order, beneficiary: Beneficiary) -> list[Chosen]:
    vintages = (order.claim.start, order.claim.end) if order.unit == "MWh" else None
    found = await candidates.free(
        ledger.connection, order.organisation_id, order.unit, order.schemes, vintages
    )
    today = ledger.now.date()
    usable, broken = [], set()
    for block, range_, expires_on in found:
        against = unusable(block, schemes()[block.scheme], order.claim, beneficiary, today)
        broken |= {violation.rule for violation in against}
        if not against:
            start = block.vintage.start
            usable.append(Candidate(block.block_id, block.registry, block.serial, range_, start, expires_on))
    chosen = choose(usable, order.quantity)
    there = sum(one.range.quantity for one in chosen)
    if there < order.quantity:
        held_back = f"; others are held back by {', '.join(sorted(broken))}" if broken else ""
        message = f"{there} of {order.quantity} {order.unit} are free for this claim{held_back}"
        raise refuse("not-enough-units", message, "/quantity")
    return chosen


def _check_ranges(ranges: Sequence[Chosen], quantity: int) -> None:
    violations = []
    given = sum(one.range.quantity for one in ranges)
    if given != quantity:
        violations.append(
            Violation("quantity-of-ranges", f"the ranges hold {given}, not {quantity}", "/quantity")
        )
    for before, after in pairwise(sorted(ranges, key=lambda one: (one.block_id, one.range))):
        if before.block_id == after.block_id and before.range.overlaps(after.range):
            message = f"{before.range} and {after.range} of one block overlap"
            violations.append(Violation("DC09", message, "/ranges"))
    if violations:
        raise Refused(violations)


def _placed(violation: Violation, number: int) -> Violation:
    pointer = f"/ranges/{number}" if violation.pointer == "/ranges" else violation.pointer
    return Violation(violation.rule, violation.message, pointer)
