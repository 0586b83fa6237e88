"""The fold over readings and records gives the sums that were stated, from what was known at the close."""

from __future__ import annotations

from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def folded_sums(opened: EvidenceFile) -> Check:
    """Recomputes the digest of the sums, and refuses facts recorded after the close."""
    digest = opened.sums.digest()
    faults = []
    if digest != opened.manifest.sums_sha256:
        faults.append("the manifest states other sums")
    recorded = [block.recorded_on for block in opened.contents.readings]
    recorded += [record.recorded_on for record in opened.contents.records]
    closed_on = opened.inventory.instant("closed_at").date()
    if recorded and max(recorded) > closed_on:
        faults.append(f"a fact of {max(recorded)} was recorded after the close on {closed_on}")
    return Check("sums", not faults, "; ".join([*faults, f"sha256:{digest}"]))
