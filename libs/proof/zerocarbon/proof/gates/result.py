"""What a gate says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.gates.claim import ClaimFacts
from zerocarbon.proof.json_fields import without_absent

MEMORY = "source not confirmed in print: can refuse a claim, cannot permit one"
"""Marks a clause that was not read in print. Such a gate can only stop a statement, never carry one."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate of one standard.

    Attributes:
        gate: its name, stable across versions.
        clause: the standard's clause or the requirement that asks for it.
        passed: whether it holds.
        found: what was found, in a sentence that a verifier can check.
        cure: what would make it hold; none when it holds, or when nothing would cure it.
    """

    gate: str
    clause: str
    passed: bool
    found: str
    cure: str | None = None

    def to_json(self) -> dict[str, Json]:
        """The form of the published contract; an absent cure is left out."""
        return without_absent(
            {
                "gate": self.gate,
                "clause": self.clause,
                "passed": self.passed,
                "found": self.found,
                "cure": self.cure,
            }
        )


Gate = Callable[[ClaimFacts], GateResult]
"""A pure function of the facts of a claim."""


def judged(gate: str, clause: str, faults: list[str], holds: str, cure: str | None) -> GateResult:
    """Holds without faults, and then says what `holds`; else names every fault, and the cure."""
    if faults:
        return GateResult(gate, clause, passed=False, found="; ".join(faults), cure=cure)
    return GateResult(gate, clause, passed=True, found=holds)
