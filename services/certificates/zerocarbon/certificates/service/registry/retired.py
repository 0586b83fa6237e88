"""A registry retired units: for a request of ours, or without one."""

from __future__ import annotations

from zerocarbon.certificates.domain.retire import ConfirmRetirement, confirm_retirement
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.service.progress import settle
from zerocarbon.certificates.service.registry.known_block import known_block
from zerocarbon.certificates.service.registry.withdrawn import withdraw
from zerocarbon.certificates.store import retirement_requests
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.certificate import UnitsReleased
from zerocarbon.contracts.registry_inbound import RegistryNotice


async def take_retirement(ledger: Ledger, notice: RegistryNotice) -> str:
    """Makes the retirement final; gives the block's id.

    Units retired without a request that we know are used elsewhere: they are withdrawn, with an alarm.

    Raises:
        Refused: unknown units, units of another holder, or units that are at their end already.
    """
    block_id, range_ = await known_block(ledger, notice)
    request = (
        await retirement_requests.find(ledger.connection, notice.correlation_id)
        if notice.correlation_id is not None
        else None
    )
    await ledger.open([(block_id, range_)])
    if request is None or request.status == "refused":
        reason = "retired at the registry without a request of ours"
        await withdraw(ledger, notice, (block_id, range_), reason, "used-elsewhere")
        return block_id
    events = ledger.decide(
        block_id, lambda block: confirm_retirement(_confirmation(notice, request, block_id, range_), block)
    )
    await ledger.record()
    lost = {event.correlation_id: event.reason for event in events if isinstance(event, UnitsReleased)}
    await settle(ledger.connection, {request.correlation_id: None, **lost})
    return block_id


def _confirmation(
    notice: RegistryNotice,
    request: retirement_requests.RetirementRequest,
    block_id: str,
    range_: SerialRange,
) -> ConfirmRetirement:
    return ConfirmRetirement(
        range_,
        request.organisation_id,
        request.correlation_id,
        natural_id("retirement", request.correlation_id, block_id, str(range_.low), str(range_.high)),
        request.claim,
        notice.on,
        notice.reference,
    )
