"""What still stands between a draft and its close: every open question, named by its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zerocarbon.accounting.domain.book import Inventory
from zerocarbon.common.refusal import Violation
from zerocarbon.proof import completeness, screening
from zerocarbon.proof.completeness import MeterCoverage
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify import InventoryInputs
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.rollup import Span

SCREENING = "R16"
"""Asked once there are lines to hold the answers against."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about the period of a draft.

    Attributes:
        refusal: why there are no lines, where quantification refused them.
        straddling: codes of sources with a record that lies only partly in the period.
        negative_own_use: intervals (UTC seconds) with more export than generation.
        parked: how many events that touch this factory could not be read.
        halted: partitions with its facts that cannot be read on, and why.
        today: the factory's day.
    """

    inputs: InventoryInputs
    lines: Sequence[InventoryLine]
    coverage: Sequence[MeterCoverage]
    today: date
    parked: int = 0
    halted: Sequence[str] = ()
    refusal: Refused | None = None
    straddling: Sequence[str] = ()
    negative_own_use: Sequence[Span] = ()


def open_questions(inventory: Inventory, evidence: Evidence) -> list[Violation]:
    """All that must be answered before the close, in a fixed order."""
    found: list[Violation] = []
    if evidence.today < inventory.end:
        found.append(Violation("R178", f"the period runs until {inventory.end} and is not over"))
    if evidence.parked:
        message = f"{evidence.parked} events that touch this factory could not be read and stand aside"
        found.append(Violation("parked-events", message))
    found += [
        Violation("halted-partition", f"facts may be missing; reading stands still at {place}")
        for place in evidence.halted
    ]
    found += [
        Violation("R26", f"{one.proposed.source}: the exclusion waits for approval")
        for one in inventory.exclusions
        if one.approver_id is None
    ]
    if evidence.refusal is not None:
        found.append(Violation(evidence.refusal.rule, str(evidence.refusal)))
    found += [
        Violation(question.rule, f"{question.subject}: {question.text}")
        for question in completeness.open_questions(
            evidence.inputs,
            evidence.lines,
            _answers(inventory),
            _exclusions(inventory),
            evidence.coverage,
            straddling=evidence.straddling,
            negative_own_use=evidence.negative_own_use,
        )
        if question.rule != SCREENING or evidence.refusal is None
    ]
    found += _outside(inventory, evidence)
    return found


def _outside(inventory: Inventory, evidence: Evidence) -> list[Violation]:
    scopes = {*inventory.opened.scopes, "outside"}
    return [
        Violation("R8", f"{line.line} is of scope {line.scope}, which the stated boundary leaves out")
        for line in evidence.lines
        if line.scope not in scopes
    ]


def _answers(inventory: Inventory) -> tuple[screening.ScreenedCategory, ...]:
    return tuple(
        screening.ScreenedCategory.from_json(answer.model_dump(mode="json")) for answer in inventory.screening
    )


def _exclusions(inventory: Inventory) -> tuple[completeness.Exclusion, ...]:
    return tuple(
        completeness.Exclusion(one.source, one.reason, one.estimate_kg, one.approver_id)
        for one in inventory.approved_exclusions()
    )
