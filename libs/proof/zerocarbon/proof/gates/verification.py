"""An independent, unmodified opinion on exactly this inventory (R194)."""

from __future__ import annotations

from decimal import Decimal

from zerocarbon.proof.gates.claim import Basis, ClaimFacts
from zerocarbon.proof.gates.result import GateResult, judged
from zerocarbon.proof.numbers import product

NO_OPINION = "there is no opinion"
VERIFY = "have the inventory verified by an accredited, independent body"


def opinion(facts: ClaimFacts, *, clause: str) -> GateResult:
    """Unmodified, bound to the exact hash, signed after the close and before the declaration."""
    given = facts.opinion
    if given is None:
        return judged("opinion", clause, [NO_OPINION], "", VERIFY)
    faults = []
    if given.kind != "unmodified":
        faults.append(f"the opinion is {given.kind}")
    if given.inventory_sha256 != facts.inventory.sha256:
        faults.append(
            f"the opinion is on inventory {given.inventory_sha256[:12]},"
            f" the claim rests on {facts.inventory.sha256[:12]}"
        )
    if given.signed_on < facts.inventory.closed_on:
        faults.append(
            f"signed on {given.signed_on}, before the inventory was closed on {facts.inventory.closed_on}"
        )
    if given.signed_on > facts.declared_on:
        faults.append(f"signed on {given.signed_on}, after the declaration")
    holds = f"unmodified, on inventory {facts.inventory.sha256[:12]}, signed on {given.signed_on}"
    return judged("opinion", clause, faults, holds, VERIFY)


def verifier(facts: ClaimFacts, *, clause: str) -> GateResult:
    """Accredited on the day of the opinion, and neither consultant nor preparer."""
    given = facts.opinion
    if given is None:
        return judged("verifier", clause, [NO_OPINION], "", VERIFY)
    faults = [] if given.independent else [f"{given.body} is not independent of who prepared the inventory"]
    if given.accreditation_valid_to < given.signed_on:
        faults.append(f"the accreditation ended on {given.accreditation_valid_to}, before the opinion")
    holds = f"{given.body}, accredited until {given.accreditation_valid_to}"
    return judged("verifier", clause, faults, holds, VERIFY)


def criteria(facts: ClaimFacts, *, clause: str, standard: str) -> GateResult:
    """The opinion names the verification standard that this standard asks for."""
    given = facts.opinion
    if given is None:
        return judged("criteria", clause, [NO_OPINION], "", VERIFY)
    faults = [] if standard in given.criteria else [f"verified by {given.criteria}, not by {standard}"]
    return judged("criteria", clause, faults, given.criteria, f"have the inventory verified by {standard}")


def verified_totals(facts: ClaimFacts, *, clause: str, basis: Basis) -> GateResult:
    """The verified totals are those of the inventory; what stays uncorrected is below materiality."""
    given = facts.opinion
    if given is None:
        return judged("verified-totals", clause, [NO_OPINION], "", VERIFY)
    faults = [
        f"verified {name}-based total differs from the inventory"
        for name, verified, closed in (
            ("location", given.verified.location_kg, facts.inventory.emissions.location_kg),
            ("market", given.verified.market_kg, facts.inventory.emissions.market_kg),
        )
        if verified != closed
    ]
    percent = product(given.materiality_percent, Decimal("0.01"))
    if abs(given.misstatement_kg) > product(facts.inventory.emissions.under(basis), percent):
        faults.append("the uncorrected misstatement is above materiality")
    holds = f"totals as verified, {given.level} assurance, materiality {given.materiality_percent} %"
    return judged("verified-totals", clause, faults, holds, VERIFY)
