"""A registry took units back, or shows them used elsewhere."""

from __future__ import annotations

from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.domain.withdraw import WithdrawUnits, withdraw_units
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.service.progress import settle
from zerocarbon.certificates.service.registry.alerts import raise_alert
from zerocarbon.certificates.service.registry.known_block import known_block
from zerocarbon.certificates.store import retirement_requests
from zerocarbon.contracts.certificate import UnitsReleased, UnitsWithdrawn, WithdrawalCause
from zerocarbon.contracts.registry_inbound import RegistryNotice


async def take_withdrawal(ledger: Ledger, notice: RegistryNotice) -> str:
    """Withdraws units, also retired ones, because their issue does not stand; gives the block's id."""
    block_id, range_ = await known_block(ledger, notice)
    await ledger.open([(block_id, range_)])
    reason = notice.reason or "withdrawn by the registry"
    await withdraw(ledger, notice, (block_id, range_), reason, "void")
    return block_id


async def withdraw(
    ledger: Ledger,
    notice: RegistryNotice,
    units: tuple[str, SerialRange],
    reason: str,
    cause: WithdrawalCause,
) -> None:
    """Withdraws, and alarms every holder: a claim may stand on the units."""
    block_id, range_ = units
    command = WithdrawUnits(range_, reason, cause)
    events = ledger.decide(block_id, lambda block: withdraw_units(command, block))
    holders = {event.organisation_id for event in events if isinstance(event, UnitsWithdrawn)}
    retirements = {
        event.retirement_id for event in events if isinstance(event, UnitsWithdrawn) and event.retirement_id
    }
    for holder in sorted(holders):
        raise_alert(
            ledger,
            "units-withdrawn",
            f"registry/{notice.registry}/{notice.sequence}/{holder}",
            f"{notice.serial} {range_}: {reason}",
            severity="alarm" if retirements else "warning",
            organisation_id=holder,
        )
    await ledger.record()
    released = {event.correlation_id for event in events if isinstance(event, UnitsReleased)}
    voided = await retirement_requests.of_retirements(ledger.connection, sorted(retirements))
    await settle(ledger.connection, dict.fromkeys({*released, *voided}, reason))
