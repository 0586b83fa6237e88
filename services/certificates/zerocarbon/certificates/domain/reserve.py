"""What happens when units are set aside for a claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.claim import Claim, wrong_unit
from zerocarbon.certificates.domain.free_units import free_units
from zerocarbon.certificates.domain.scheme import Scheme
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.certificate import UnitsReserved


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """The factory that a claim is about, as far as the rules look at it."""

    factory_id: str
    country: str


@dataclass(frozen=True, slots=True)
class ReserveUnits:
    """Sets free units aside for one claim of the holder until a moment."""

    range: SerialRange
    organisation_id: str
    reservation_id: str
    correlation_id: str
    claim: Claim
    beneficiary: Beneficiary
    expires_at: datetime
    today: date


def reserve_units(command: ReserveUnits, block: Block, scheme: Scheme) -> list[UnitsReserved]:
    """The reservation.

    Raises:
        Refused: every rule that stands against it, at once.
    """
    _, violations = free_units(block, command.range, command.organisation_id)
    violations += unusable(block, scheme, command.claim, command.beneficiary, command.today)
    if violations:
        raise Refused(violations)
    return [
        UnitsReserved(
            block_id=block.block_id,
            organisation_id=command.organisation_id,
            reservation_id=command.reservation_id,
            correlation_id=command.correlation_id,
            low=command.range.low,
            high=command.range.high,
            factory_id=command.claim.factory_id,
            purpose=command.claim.purpose,
            period=command.claim.period,
            expires_at=command.expires_at,
        )
    ]


def unusable(
    block: Block, scheme: Scheme, claim: Claim, beneficiary: Beneficiary, today: date
) -> list[Violation]:
    """What stands against using any unit of a block for a claim today, apart from who holds it."""
    found = []
    wrong = wrong_unit(block.unit, claim.purpose)
    if wrong is not None:
        found.append(wrong)
    elif not scheme.permits(claim.purpose):
        message = f"no confirmed rule of {scheme.code} permits {claim.purpose}"
        found.append(Violation("R188", message, "/purpose"))
    expired = scheme.validity.breach(block.vintage, today) if scheme.validity is not None else None
    if expired is not None:
        found.append(expired)
    if block.unit == "MWh":
        found += _market_rules(block, claim, beneficiary)
    if block.unit == "tCO2e" and block.project.site_factory_id == claim.factory_id:
        message = "the project stands inside the boundary of the claim"
        found.append(Violation("DC23", message, "/ranges"))
    return found


def _market_rules(block: Block, claim: Claim, beneficiary: Beneficiary) -> list[Violation]:
    found = []
    if not block.vintage.within(claim.start, claim.end):
        message = f"generated in {block.vintage}, outside the period [{claim.start}, {claim.end})"
        found.append(Violation("DC14", message, "/period"))
    if block.project.country != beneficiary.country:
        message = f"generated in {block.project.country}, consumed in {beneficiary.country}: another market"
        found.append(Violation("DC15", message, "/factory_id"))
    return found
