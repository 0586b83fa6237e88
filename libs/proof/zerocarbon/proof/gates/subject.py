"""Who and what a claim may be about, and when a standard may be used."""

from __future__ import annotations

from datetime import date

from zerocarbon.proof.gates.claim import ALL_SCOPES, ClaimFacts
from zerocarbon.proof.gates.result import GateResult, judged


def in_force(
    facts: ClaimFacts, *, clause: str, standard: str, published: date, withdrawn: date | None
) -> GateResult:
    """The standard is published; once withdrawn, the organisation must not have switched it off (E13)."""
    faults = []
    cure = "declare under a standard that is in force"
    if facts.declared_on < published:
        faults.append(f"{standard} was published on {published}")
    if withdrawn is not None and facts.declared_on >= withdrawn:
        if facts.policy.withdrawn_standards_refused:
            faults.append(f"{standard} was withdrawn on {withdrawn} and the organisation refuses it since")
            cure = "declare under ISO 14068-1:2023, or allow withdrawn standards in the organisation's policy"
        holds = f"{standard} was withdrawn on {withdrawn}; chosen explicitly and issued with that notice"
    else:
        holds = f"{standard} is in force on {facts.declared_on}"
    return judged("standard", clause, faults, holds, cure)


def subject(facts: ClaimFacts, *, clause: str) -> GateResult:
    """An operating factory, a named boundary, and all three scopes: less is no full claim (R40)."""
    faults = []
    if facts.subject.state != "operating":
        faults.append(f"the factory is in {facts.subject.state}, not operating")
    if not facts.subject.boundary.strip():
        faults.append("the boundary is not named")
    missing = [scope for scope in ALL_SCOPES if scope not in facts.subject.scopes]
    if missing:
        faults.append(f"scope {' and '.join(missing)} not claimed")
    return judged(
        "subject",
        clause,
        faults,
        f"the factory is operating; boundary: {facts.subject.boundary}; scopes 1 to 3",
        "name the boundary of an operating factory and claim scopes 1, 2 and 3",
    )
