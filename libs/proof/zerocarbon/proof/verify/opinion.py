"""The opinion is on exactly this inventory, and neither adverse nor disclaimed (R194)."""

from __future__ import annotations

from zerocarbon.proof.closing import inventory_sha256
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def bound_opinion(opened: EvidenceFile) -> Check:
    """An inventory may stand without an opinion, a claim may not."""
    if opened.contents.opinion is None:
        needed = opened.contents.claim is not None
        return Check("opinion", not needed, "missing" if needed else "none yet")
    opinion = Fields(opened.contents.opinion, "opinion")
    faults = []
    if opinion.text("inventory_sha256") != inventory_sha256(opened.contents.inventory):
        faults.append("it is on another inventory")
    if opinion.text("opinion") not in ("unmodified", "modified"):
        faults.append(f"it is {opinion.text('opinion')}")
    stated = opened.inventory.object("totals")
    if opinion.exact("verified_total_location_kg") != stated.exact("total_location"):
        faults.append("it verified another location-based total")
    if opinion.exact("verified_total_market_kg") != stated.exact("total_market"):
        faults.append("it verified another market-based total")
    found = f"{opinion.text('opinion')}, {opinion.text('body')}, {opinion.day('signed_on')}"
    return Check("opinion", not faults, "; ".join(faults) or found)
