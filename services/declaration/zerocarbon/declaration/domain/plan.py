"""The management plan: every part of R193, every scope answered (R176)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.base import Period
from zerocarbon.contracts.declaration import PlanApproved, PlannedMeasure, Target
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.subject import Subject

SCOPES = ("1", "2", "3")
_PARTS = {
    "commitment_statement": "commitment statement",
    "neutrality_period": "neutrality period",
    "baseline_date": "baseline date",
    "first_qualification_date": "first qualification date",
    "commitment_end": "end of the future commitment period",
    "offset_strategy": "offset strategy",
    "residual_pathway": "pathway of the residual emissions",
}


@dataclass(frozen=True, slots=True)
class ApprovePlan:
    """A plan as it was drafted. A part that is missing is `None` or empty, and blocks the approval."""

    plan_id: str
    approver_id: str
    neutrality_period: Period | None = None
    baseline_date: date | None = None
    first_qualification_date: date | None = None
    commitment_end: date | None = None
    commitment_statement: str | None = None
    targets: Sequence[Target] = ()
    measures: Sequence[PlannedMeasure] = ()
    offset_strategy: str | None = None
    residual_pathway: str | None = None


def decide(record: Record, subject: Subject, command: ApprovePlan) -> list[PlanApproved]:
    """The approved plan; it replaces the one before it.

    Raises:
        Refused: parts are missing or contradict each other; all are named at once.
    """
    broken = [*_missing(command), *_dates(command), *_targets(command.targets), *_measures(command.measures)]
    if broken:
        raise Refused(broken)
    assert command.neutrality_period is not None
    assert command.baseline_date is not None
    assert command.first_qualification_date is not None
    assert command.commitment_end is not None
    return [
        PlanApproved(
            organisation_id=subject.organisation_id,
            factory_id=subject.factory_id,
            plan_id=command.plan_id,
            neutrality_period=command.neutrality_period,
            baseline_date=command.baseline_date,
            first_qualification_date=command.first_qualification_date,
            commitment_end=command.commitment_end,
            commitment_statement=command.commitment_statement or "",
            targets=list(command.targets),
            measures=list(command.measures),
            offset_strategy=command.offset_strategy or "",
            residual_pathway=command.residual_pathway or "",
            approver_id=command.approver_id,
            approved_on=subject.today,
        )
    ]


def _missing(command: ApprovePlan) -> Iterator[Violation]:
    for name, noun in _PARTS.items():
        value = getattr(command, name)
        if value is None or value == "":
            yield Violation("R193", f"the plan lacks its {noun}", f"/{name}")
    if not command.measures:
        yield Violation("R193", "the plan names no measure", "/measures")


def _dates(command: ApprovePlan) -> Iterator[Violation]:
    period = command.neutrality_period
    if period is not None and period.end <= period.start:
        yield Violation("R193", "the neutrality period ends before it starts", "/neutrality_period/end")
    ordered = (
        ("baseline_date", command.baseline_date),
        ("first_qualification_date", command.first_qualification_date),
        ("commitment_end", command.commitment_end),
    )
    for (earlier, first), (later, second) in pairwise(ordered):
        if first is not None and second is not None and first >= second:
            yield Violation(
                "R193", f"{_PARTS[later]} {second} is not after {_PARTS[earlier]} {first}", f"/{later}"
            )


def _targets(targets: Sequence[Target]) -> Iterator[Violation]:
    for scope in SCOPES:
        entries = [number for number, target in enumerate(targets) if target.scope == scope]
        if not entries:
            yield Violation(
                "R176", f"scope {scope} has neither a target nor a reasoned exclusion", "/targets"
            )
        elif len(entries) > 1:
            yield Violation("R176", f"scope {scope} is answered twice", f"/targets/{entries[1]}")
    for number, target in enumerate(targets):
        aimed = target.reduction_percent is not None and target.by is not None
        if aimed == (target.exclusion_reason is not None):
            yield Violation(
                "R176",
                f"scope {target.scope} needs either a reduction with its date or a reason for its exclusion",
                f"/targets/{number}",
            )


def _measures(measures: Sequence[PlannedMeasure]) -> Iterator[Violation]:
    seen: set[str] = set()
    for number, measure in enumerate(measures):
        if measure.code in seen:
            yield Violation("R193", f"measure {measure.code} is named twice", f"/measures/{number}/code")
        seen.add(measure.code)
        if measure.planned_kg <= 0:
            yield Violation(
                "R42", "a measure saves more than nothing a year", f"/measures/{number}/planned_kg"
            )
