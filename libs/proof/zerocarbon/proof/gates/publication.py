"""What must be there before a statement is published (R46, R199, R204)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zerocarbon.proof.gates.qes import ITEMS, Part
from zerocarbon.proof.gates.result import MEMORY, GateResult, judged


@dataclass(frozen=True, slots=True)
class Publication:
    """A statement about to be published.

    Attributes:
        representative: it is the shorter, secondary form.
        formal_statement_stands: the formal declaration that a secondary form accompanies is issued and live.
        explanatory: what the explanatory statement says, by code of the checklist item.
        parts: the checklists that apply.
    """

    representative: bool
    formal_statement_stands: bool
    explanatory: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ("commitment", "achievement", "openness")


def formal_first(publication: Publication) -> GateResult:
    """A representative statement comes only in addition to the formal one."""
    alone = publication.representative and not publication.formal_statement_stands
    faults = ["a representative statement without a formal declaration"] if alone else []
    holds = "beside the formal declaration" if publication.representative else "the formal declaration itself"
    cure = "issue the formal declaration first"
    return judged("formal-declaration", "PAS 2060:2014 clause 10", faults, holds, cure)


def explanatory_statement(publication: Publication) -> GateResult:
    """Each item of the checklists that apply says something."""
    asked = [item for item in ITEMS if item.part in publication.parts]
    faults = [
        f"{item.code} missing: {item.label}"
        for item in asked
        if not publication.explanatory.get(item.code, "").strip()
    ]
    clause = f"PAS 2060:2014 annex B ({MEMORY}); R46; R204"
    cure = "complete the explanatory statement"
    return judged("explanatory-statement", clause, faults, f"all {len(asked)} items are there", cure)


def publication_gates(publication: Publication) -> tuple[GateResult, ...]:
    """Both gates, in order."""
    return formal_first(publication), explanatory_statement(publication)
