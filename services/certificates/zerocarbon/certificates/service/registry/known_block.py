"""The block that a notice is about."""

from __future__ import annotations

from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.store import blocks
from zerocarbon.common.refusal import refuse
from zerocarbon.contracts.registry_inbound import RegistryNotice


async def known_block(ledger: Ledger, notice: RegistryNotice) -> tuple[str, SerialRange]:
    """The id of the block that holds all units of a notice, and their range.

    Raises:
        Refused: no block holds them all.
    """
    try:
        range_ = SerialRange(notice.low, notice.high)
    except ValueError as reversed_range:
        raise refuse("range", str(reversed_range), "/low") from reversed_range
    block_id = await blocks.containing(ledger.connection, notice.registry, notice.serial, range_)
    if block_id is None:
        raise refuse("R182", f"no issued block holds {notice.serial} {range_}", "/low")
    return block_id, range_
