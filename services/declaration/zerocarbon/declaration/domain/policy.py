"""The organisation's choice about standards that were withdrawn (R192)."""

from __future__ import annotations

from zerocarbon.contracts.declaration import PolicySet
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.subject import Subject


def decide(record: Record, subject: Subject, *, withdrawn_standards_refused: bool) -> list[PolicySet]:
    """The choice; nothing when it was made already."""
    if record.policy.withdrawn_standards_refused == withdrawn_standards_refused:
        return []
    return [
        PolicySet(
            organisation_id=subject.organisation_id,
            factory_id=subject.factory_id,
            withdrawn_standards_refused=withdrawn_standards_refused,
            set_on=subject.today,
        )
    ]
