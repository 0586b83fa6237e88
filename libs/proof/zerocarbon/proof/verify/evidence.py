"""The Merkle root over all readings and records is that of manifest and inventory (R45)."""

from __future__ import annotations

from zerocarbon.proof.leaves import evidence
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def evidence_root(opened: EvidenceFile) -> Check:
    """Recomputes root and number of leaves."""
    found = evidence(opened.contents.readings, opened.contents.records)
    stated = {
        "the manifest": (opened.manifest.evidence_root, opened.manifest.evidence_count),
        "the inventory": (
            opened.inventory.text("readings_root"),
            opened.inventory.whole("readings_count"),
        ),
    }
    faults = [
        f"{who} states another root or count"
        for who, said in stated.items()
        if said != (found.root, found.count)
    ]
    detail = f"sha256:{found.root} over {found.count} readings and records"
    return Check("evidence-root", not faults, "; ".join([*faults, detail]))
