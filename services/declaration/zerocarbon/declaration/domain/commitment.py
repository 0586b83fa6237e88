"""The commitment to carbon neutrality for a period ahead (R192, R193; PAS 2060:2014 clause 7)."""

from __future__ import annotations

from dataclasses import dataclass

from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.base import Period
from zerocarbon.contracts.declaration import CommitmentMade
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.subject import Subject


@dataclass(frozen=True, slots=True)
class MakeCommitment:
    """The organisation commits to a period, in both languages, over a signature."""

    commitment_id: str
    period: Period
    statement_en: str
    statement_zh: str
    signatory_id: str


def decide(record: Record, subject: Subject, command: MakeCommitment) -> list[CommitmentMade]:
    """The commitment.

    Raises:
        Refused: the period is empty, lies behind, or was committed to already.
    """
    broken = []
    period = command.period
    if period.end <= period.start:
        broken.append(Violation("R193", "the period ends before it starts", "/period/end"))
    elif period.end <= subject.today:
        broken.append(
            Violation(
                "R193",
                f"the period ended on {period.end}; a commitment is made for a period ahead",
                "/period/end",
            )
        )
    if any(one.period == period for one in record.commitments.values()):
        broken.append(Violation("R193", "this period was committed to already", "/period"))
    if broken:
        raise Refused(broken)
    return [
        CommitmentMade(
            organisation_id=subject.organisation_id,
            factory_id=subject.factory_id,
            commitment_id=command.commitment_id,
            period=period,
            statement_en=command.statement_en,
            statement_zh=command.statement_zh,
            signatory_id=command.signatory_id,
            made_on=subject.today,
        )
    ]
