"""The consumer of certificates: what was retired for scope 2, and what was taken back."""

from __future__ import annotations

from zerocarbon.accounting.store import retirements
from zerocarbon.common.bus.record import Record
from zerocarbon.common.consumer.handlers import EventHandlers
from zerocarbon.common.postgres.session import WorkerSession
from zerocarbon.contracts.certificate import UnitsRetired, UnitsWithdrawn


async def _retired(session: WorkerSession, fact: UnitsRetired, _record: Record) -> None:
    # Credits act in the neutrality test only, and certificates for quotas carry no claim (DC12).
    if fact.unit == "MWh" and fact.purpose == "scope2-claim":
        await retirements.record(session.connection, fact)


async def _withdrawn(session: WorkerSession, fact: UnitsWithdrawn, _record: Record) -> None:
    await retirements.withdraw(session.connection, fact)


def processor() -> EventHandlers:
    """Takes over what acts on scope 2."""
    return EventHandlers({UnitsRetired: _retired, UnitsWithdrawn: _withdrawn})
