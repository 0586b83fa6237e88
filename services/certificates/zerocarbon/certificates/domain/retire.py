"""What happens when units are retired: asked for at the registry, final when the registry confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.holding import Holding
from zerocarbon.certificates.domain.release import released
from zerocarbon.certificates.domain.runs import runs
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.common.refusal import refuse
from zerocarbon.contracts.certificate import CertificateEvent, RetirementSubmitted, UnitsRetired


@dataclass(frozen=True, slots=True)
class SubmitRetirement:
    """Sends the units of one request out to the registry."""

    correlation_id: str


@dataclass(frozen=True, slots=True)
class ConfirmRetirement:
    """The registry says that it retired units under our correlation id.

    `claim` and `organisation_id` are those of the request, so that a confirmation that comes after the
    reservation had ended still finds its beneficiary.
    """

    range: SerialRange
    organisation_id: str
    correlation_id: str
    retirement_id: str
    claim: Claim
    retired_on: date
    registry_reference: str


def submit_retirement(command: SubmitRetirement, block: Block) -> list[RetirementSubmitted]:
    """An event for each reservation of the request in this block that was not sent out yet."""
    waiting = [tile for tile in reserved_for(block, command.correlation_id) if not _submitted(tile)]
    events = []
    for run, (organisation_id, reservation_id, claim) in runs(waiting, _whose):
        events.append(
            RetirementSubmitted(
                block_id=block.block_id,
                organisation_id=organisation_id,
                reservation_id=reservation_id,
                correlation_id=command.correlation_id,
                scheme=block.scheme,
                registry=block.registry,
                serial=block.serial,
                low=run.low,
                high=run.high,
                beneficiary_factory_id=claim.factory_id,
                purpose=claim.purpose,
                period=claim.period,
            )
        )
    return events


def confirm_retirement(command: ConfirmRetirement, block: Block) -> list[CertificateEvent]:
    """The retirement, final. The registry's word stands even when it comes late: units that were released
    meanwhile are retired all the same, and another request that had reserved them loses them.

    Raises:
        Refused: units outside the block or of another holder, or units that are already at their end.
    """
    tiles = block.over(command.range)
    if any(tile.organisation_id != command.organisation_id for tile in tiles) or not block.covers(
        command.range
    ):
        raise refuse("DC18", f"{command.range} is not all held for this request", "/low")
    ended = sorted({tile.state for tile in tiles if tile.state not in ("held", "reserved")})
    if ended:
        raise refuse("DC09", f"some of {command.range} is {', '.join(ended)} already", "/low")
    lost = [tile for tile in tiles if _correlation(tile) not in (None, command.correlation_id)]
    reason = f"the registry retired these units under {command.correlation_id}"
    return [
        *released(block, lost, reason),
        UnitsRetired(
            block_id=block.block_id,
            organisation_id=command.organisation_id,
            retirement_id=command.retirement_id,
            correlation_id=command.correlation_id,
            scheme=block.scheme,
            registry=block.registry,
            serial=block.serial,
            low=command.range.low,
            high=command.range.high,
            unit=block.unit,
            beneficiary_factory_id=command.claim.factory_id,
            purpose=command.claim.purpose,
            period=command.claim.period,
            project=block.project,
            vintage_start=block.vintage.start,
            vintage_end=block.vintage.end,
            issued_on=block.issued_on,
            retired_on=command.retired_on,
            registry_reference=command.registry_reference,
        ),
    ]


def reserved_for(block: Block, correlation_id: str) -> list[Holding]:
    """The tiles that one request has reserved."""
    return [tile for tile in block.holdings if _correlation(tile) == correlation_id]


def _correlation(tile: Holding) -> str | None:
    return tile.reservation.correlation_id if tile.reservation is not None else None


def _submitted(tile: Holding) -> bool:
    return tile.reservation is not None and tile.reservation.submitted


def _whose(tile: Holding) -> tuple[str, str, Claim]:
    assert tile.reservation is not None
    return tile.organisation_id, tile.reservation.reservation_id, tile.reservation.claim
