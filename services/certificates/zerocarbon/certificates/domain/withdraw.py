"""What happens when a registry takes units back, or shows that they were used elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.release import released
from zerocarbon.certificates.domain.runs import runs
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.common.refusal import refuse
from zerocarbon.contracts.certificate import CertificateEvent, UnitsWithdrawn, WithdrawalCause


@dataclass(frozen=True, slots=True)
class WithdrawUnits:
    """The registry withdraws units, also retired ones: the claim on them is void, the units are not free.

    The cause decides what becomes of the generation behind them: only a void issue gives it back (DC01).
    """

    range: SerialRange
    reason: str
    cause: WithdrawalCause


def withdraw_units(command: WithdrawUnits, block: Block) -> list[CertificateEvent]:
    """Reserved units are released first, so that whoever waits for them learns it.

    What was used elsewhere can still turn out to be void; what is void cannot be used any more.

    Raises:
        Refused: units outside the block.
    """
    tiles = block.over(command.range)
    if not block.covers(command.range):
        raise refuse("range-outside-block", f"{command.range} is not within the block", "/low")
    gone = ("cancelled",) if command.cause == "void" else ("cancelled", "sent-out")
    live = [tile for tile in tiles if tile.state not in gone]
    return [
        *released(block, [tile for tile in live if tile.state == "reserved"], command.reason),
        *(
            UnitsWithdrawn(
                block_id=block.block_id,
                organisation_id=organisation_id,
                low=run.low,
                high=run.high,
                reason=command.reason,
                retirement_id=retirement_id,
                cause=command.cause,
            )
            for run, (organisation_id, retirement_id) in runs(
                live, lambda tile: (tile.organisation_id, tile.retirement_id)
            )
        ),
    ]
