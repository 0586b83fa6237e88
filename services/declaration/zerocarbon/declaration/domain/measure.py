"""A planned measure was carried out (R42, R202)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zerocarbon.common.refusal import NotFound, Refused, Violation
from zerocarbon.contracts.declaration import MeasureDone
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.subject import Subject


@dataclass(frozen=True, slots=True)
class FinishMeasure:
    """What a measure achieved: kilograms of CO2e a year at equal output, and the digest of the evidence."""

    plan_id: str
    code: str
    achieved_kg: Decimal
    done_on: date
    evidence_sha256: str


def decide(record: Record, subject: Subject, command: FinishMeasure) -> list[MeasureDone]:
    """The measure, done.

    Raises:
        NotFound: the plan or its measure does not exist.
        Refused: it is reported for the future, twice, or with a negative effect.
    """
    plan = record.plans.get(command.plan_id)
    if plan is None:
        raise NotFound("plan", command.plan_id)
    measure = next((one for one in plan.measures if one.code == command.code), None)
    if measure is None:
        raise NotFound("measure", command.code)
    broken = []
    if command.done_on > subject.today:
        broken.append(
            Violation("R202", f"{command.done_on} lies ahead; report it when it is done", "/done_on")
        )
    if command.achieved_kg < 0:
        broken.append(Violation("R202", "an effect below zero is no reduction; report zero", "/achieved_kg"))
    if measure.done_on is not None:
        broken.append(
            Violation("R202", f"{command.code} was reported done on {measure.done_on} already", "/code")
        )
    if broken:
        raise Refused(broken)
    return [
        MeasureDone(
            organisation_id=subject.organisation_id,
            factory_id=subject.factory_id,
            plan_id=command.plan_id,
            code=command.code,
            achieved_kg=command.achieved_kg,
            done_on=command.done_on,
            evidence_sha256=command.evidence_sha256,
        )
    ]
