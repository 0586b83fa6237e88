"""What happens when the validity of a scheme's units is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.runs import runs
from zerocarbon.certificates.domain.scheme import Scheme
from zerocarbon.contracts.certificate import UnitsExpired


@dataclass(frozen=True, slots=True)
class ExpireUnits:
    """Looks at a block on a day."""

    today: date


def expire_units(command: ExpireUnits, block: Block, scheme: Scheme) -> list[UnitsExpired]:
    """Free units past their validity expire; reserved ones wait for their registry or their release."""
    expires_on = scheme.expires_on(block.vintage)
    if expires_on is None or command.today < expires_on:
        return []
    free = [tile for tile in block.holdings if tile.state == "held"]
    return [
        UnitsExpired(
            block_id=block.block_id,
            organisation_id=organisation_id,
            low=run.low,
            high=run.high,
            expired_on=expires_on,
        )
        for run, organisation_id in runs(free, lambda tile: tile.organisation_id)
    ]
