"""The fifteen scope 3 categories, each answered (R16), and how much of scope 3 is calculated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.categories import SCOPE3_CATEGORIES, relevant_by_default
from zerocarbon.proof.json_fields import (
    JsonObject,
    one_of,
    optional_exact,
    optional_table,
    optional_text,
    whole,
    without_absent,
)
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import canonical, total
from zerocarbon.proof.significance import Significance

State = Literal["calculated", "not-calculated", "not-relevant"]
STATES: dict[str, State] = {
    "calculated": "calculated",
    "not-calculated": "not-calculated",
    "not-relevant": "not-relevant",
}
SBTI_SHARE = Fraction(40, 100)
"""A scope 3 target is due at 40 % or more of scopes 1, 2 and 3 (R41, finding E12)."""


@dataclass(frozen=True, slots=True)
class ScreenedCategory:
    """One answer. Mirrors `contracts.inventory.ScreenedCategory`.

    Attributes:
        reason: why it is not calculated or not relevant.
        estimate_kg: upper estimate in kilograms of CO2e of what is not calculated.
        significance: whether it is significant, and by which criteria; where the profile asks.
    """

    category: int
    state: State
    reason: str | None = None
    estimate_kg: Decimal | None = None
    significance: Significance | None = None

    def to_json(self) -> dict[str, Json]:
        """The published form; absent fields are left out."""
        return without_absent(
            {
                "category": self.category,
                "state": self.state,
                "reason": self.reason,
                "estimate_kg": None if self.estimate_kg is None else canonical(self.estimate_kg),
                "significance": None if self.significance is None else self.significance.to_json(),
            }
        )

    @classmethod
    def from_json(cls, data: JsonObject) -> ScreenedCategory:
        """Reads the published form."""
        judged = optional_table(data, "significance")
        return cls(
            category=whole(data, "category"),
            state=one_of(data, "state", STATES),
            reason=optional_text(data, "reason"),
            estimate_kg=optional_exact(data, "estimate_kg"),
            significance=None if judged is None else Significance.from_json(judged),
        )


def screening_gaps(screening: Sequence[ScreenedCategory], lines: Iterable[InventoryLine]) -> tuple[str, ...]:
    """What is still to be answered: one text for each gap, none when screening is complete (R16, R39)."""
    answers = {answer.category: answer for answer in screening}
    calculated = {line.category for line in lines if line.scope == "3"}
    gaps: list[str] = []
    if len(answers) != len(screening):
        gaps.append("a scope 3 category is answered twice")
    gaps.extend(
        f"category {category} {problem}"
        for category in SCOPE3_CATEGORIES
        if (problem := _problem(category, answers.get(category), str(category) in calculated))
    )
    return tuple(gaps)


def _problem(category: int, answer: ScreenedCategory | None, has_lines: bool) -> str | None:
    if answer is None:
        return "is not answered" + (
            " though relevant by default" if category in relevant_by_default() else ""
        )
    if answer.state == "calculated":
        return None if has_lines else "is called calculated but has no figure"
    if has_lines:
        return f"has figures but is called {answer.state}"
    if not (answer.reason or "").strip():
        return f"is {answer.state} without a reason"
    if answer.state == "not-calculated" and answer.estimate_kg is None:
        return "is not calculated and has no upper estimate"
    return None


def significance_gaps(screening: Iterable[ScreenedCategory]) -> tuple[str, ...]:
    """Answers whose significance is not judged, or is contradicted by their state (ISO 14064-1:2018, 5.2.3).

    What is significant is calculated, or left out with reason and upper estimate; it is never irrelevant.
    """
    return tuple(
        f"category {answer.category} {problem}"
        for answer in sorted(screening, key=lambda answer: answer.category)
        if (problem := _unjudged(answer))
    )


def _unjudged(answer: ScreenedCategory) -> str | None:
    judged = answer.significance
    if judged is None:
        return "does not say by which criteria it is significant or not"
    if not judged.criteria or not judged.reason.strip():
        return "is judged without a criterion or a reason"
    if judged.significant and answer.state == "not-relevant":
        return "is called significant and not relevant"
    return None


def calculated_share(scope3_kg: Decimal, screening: Iterable[ScreenedCategory]) -> Fraction:
    """Share of scope 3 that is calculated; upper estimates stand in for the rest. One where all is zero."""
    estimates = total(answer.estimate_kg for answer in screening if answer.estimate_kg is not None)
    everything = Fraction(scope3_kg) + Fraction(estimates)
    return Fraction(scope3_kg) / everything if everything else Fraction(1)


def scope3_share(scope3_kg: Decimal, total_kg: Decimal) -> Fraction:
    """Scope 3 over scopes 1, 2 and 3, exactly; zero where there is no emission (R41)."""
    return Fraction(scope3_kg) / Fraction(total_kg) if total_kg else Fraction(0)


def sbti_target_due(scope3_kg: Decimal, total_kg: Decimal) -> bool:
    """Whether scope 3 is 40 % or more: 40.00 % is (R41)."""
    return scope3_share(scope3_kg, total_kg) >= SBTI_SHARE
