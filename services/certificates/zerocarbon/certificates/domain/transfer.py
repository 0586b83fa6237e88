"""What happens when units move to another holder."""

from __future__ import annotations

from dataclasses import dataclass

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.free_units import free_units
from zerocarbon.certificates.domain.runs import runs
from zerocarbon.certificates.domain.scheme import Scheme
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.certificate import UnitsTransferred


@dataclass(frozen=True, slots=True)
class TransferUnits:
    """Moves free units from their holder to another."""

    range: SerialRange
    from_organisation_id: str
    to_organisation_id: str
    registry_reference: str


def transfer_units(command: TransferUnits, block: Block, scheme: Scheme) -> list[UnitsTransferred]:
    """One event for each run of the holder's units.

    Raises:
        Refused: not the holder's, not free, to the holder itself, or more often than the scheme allows.
    """
    tiles, violations = free_units(block, command.range, command.from_organisation_id)
    if command.from_organisation_id == command.to_organisation_id:
        violations.append(Violation("transfer-to-self", "the units are there already", "/holder"))
    limit = scheme.transfer_limit
    if limit is not None and any(tile.transfers >= limit.most for tile in tiles):
        times = "once only" if limit.most == 1 else f"{limit.most} times"
        message = (
            f"{scheme.code} moves {times}; the holder uses it"
            if limit.most
            else (f"{scheme.code} never moves to another holder")
        )
        violations.append(limit.source.violation(message, "/holder"))
    if violations:
        raise Refused(violations)
    return [
        UnitsTransferred(
            block_id=block.block_id,
            organisation_id=command.from_organisation_id,
            to_organisation_id=command.to_organisation_id,
            low=run.low,
            high=run.high,
            registry_reference=command.registry_reference,
        )
        for run, _ in runs(tiles, lambda tile: tile.organisation_id)
    ]
