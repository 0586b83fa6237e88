"""Every factor of the organisation's own is used as it was approved, by somebody who did not submit it."""

from __future__ import annotations

from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def approved_factors(opened: EvidenceFile) -> Check:
    """Names each use that differs from the approval, and each approval by the submitter."""
    approved = {}
    faults = []
    for at, event in enumerate(opened.contents.organisation_factors):
        fields = Fields(event, f"organisation-factors[{at}]")
        factor = fields.made(approved_factor)
        approved[factor.id, factor.version] = canonical_bytes(factor.use().to_json())
        if fields.text("approver_id") == fields.text("submitter_id"):
            faults.append(f"{factor.id} version {factor.version} was approved by who submitted it")
    used = 0
    for line in opened.inventory.objects("lines"):
        for use in line.objects("factors"):
            if use.text("confidence") != "approved":
                continue
            used += 1
            name = (use.text("factor"), use.whole("version"))
            if approved.get(name) != canonical_bytes(use.data):
                faults.append(f"{line.text('line')} uses {name[0]} version {name[1]} otherwise than approved")
    found = f"{used} uses of {len(approved)} own factors, each as approved"
    return Check("organisation-factors", not faults, "; ".join(faults) or found)
