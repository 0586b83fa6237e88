"""The qualifying explanatory statement of PAS 2060:2014, annex B, as a checklist (R46, R204).

Codes, numbering and labels are ours and known from memory: a missing item refuses, a complete list permits
nothing by itself. Whoever publishes compares with the printed annex.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["commitment", "achievement", "openness"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the statement must say."""

    code: str
    part: Part
    label: str


_LABELS: dict[Part, tuple[str, tuple[str, ...]]] = {
    "commitment": (
        "B1",
        (
            "who is responsible for evaluation and data",
            "who declares",
            "what the declaration is about",
            "why this subject was chosen",
            "purposes and activities of the subject",
            "boundaries of the subject",
            "characteristics inherent to the subject",
            "standard and method of the footprint",
            "reasons for the method",
            "how the method meets the principles",
            "assumptions and calculations",
            "type of conformity assessment",
            "baseline date",
            "application period",
            "the quantified footprint",
            "treatment of scopes 1 to 3 and consolidation",
            "scope 3 sources that are covered",
            "exclusions and their reasons",
            "materiality and completeness",
            "uncertainty and variability",
            "where the footprint is published",
            "plan: commitment statement",
            "plan: time scale",
            "plan: reduction targets",
            "plan: means and assumptions",
            "plan: offset strategy and quantity",
            "periodic assessment and corrective action",
            "historic reductions, where used",
            "earlier commitments without achievement",
            "validation by another party, where there is one",
            "date and signature of a senior representative",
            "public availability and updates",
        ),
    ),
    "achievement": (
        "B2",
        (
            "standard and method of the reductions",
            "same method as the footprint",
            "how reductions were achieved",
            "subject unchanged, or the change explained",
            "reductions: absolute or intensity, and in per cent",
            "baseline and qualification dates",
            "economic growth rate behind an intensity threshold",
            "explanation where intensity falls and emissions rise",
            "how the residual is offset",
            "offsets meet the principles",
            "credits: quantity, type, scheme, project",
            "period in which the credits arose",
            "retirement and link to the registry",
            "retirement in time",
            "type of conformity assessment",
            "validation statements",
            "date and signature of a senior representative",
            "public availability",
        ),
    ),
    "openness": (
        "B3",
        (
            "implies no reduction that did not happen",
            "does not mislead about subject or extent",
            "clear and prominent",
            "refers to the standard identifiably",
            "available to the public, with its references",
        ),
    ),
}

ITEMS: tuple[Item, ...] = tuple(
    Item(f"{prefix}.{number:02}", part, label)
    for part, (prefix, labels) in _LABELS.items()
    for number, label in enumerate(labels, start=1)
)
