"""A registry moved units to another holder."""

from __future__ import annotations

from zerocarbon.certificates.domain.transfer import TransferUnits, transfer_units
from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.service.registry.known_block import known_block
from zerocarbon.common.refusal import refuse
from zerocarbon.contracts.registry_inbound import RegistryNotice


async def take_transfer(ledger: Ledger, notice: RegistryNotice) -> str:
    """Moves the units; gives the block's id.

    Raises:
        Refused: no new holder, units of several holders, or what the scheme does not allow.
    """
    holder = notice.holder_organisation_id
    if holder is None:
        message = "a transfer names the new holder"
        raise refuse("missing", message, "/holder_organisation_id")
    block_id, range_ = await known_block(ledger, notice)
    await ledger.open([(block_id, range_)])
    block = ledger.block(block_id)
    assert block is not None, "a block that was found can be read"
    holders = {tile.organisation_id for tile in block.over(range_)}
    if len(holders) != 1:
        raise refuse("not-held", f"{range_} is not all of one holder", "/low")
    command = TransferUnits(range_, holders.pop(), holder, notice.reference)
    ledger.decide(block_id, lambda known: transfer_units(command, known, schemes()[known.scheme]))
    await ledger.record()
    return block_id
