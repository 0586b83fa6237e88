"""Every line of the inventory comes out again, field by field; so do totals, digest and hash."""

from __future__ import annotations

from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.closing import inventory_sha256
from zerocarbon.proof.inventory import lines_digest, totals
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def quantified_lines(opened: EvidenceFile) -> Check:
    """Names the first line and field that differ."""
    stated = {line.text("line"): line.data for line in opened.inventory.objects("lines")}
    found = {line.line: line.to_json() for line in opened.lines}
    count = f"{len(found)} lines recomputed"
    if len(stated) != sum(1 for _ in opened.inventory.objects("lines")):
        return Check("quantification", False, "the inventory names a line twice")
    for name in sorted(stated.keys() | found.keys()):
        if name not in stated:
            return Check("quantification", False, f"line {name} is not in the inventory")
        if name not in found:
            return Check("quantification", False, f"line {name} does not follow from the evidence")
        one, other = stated[name], found[name]
        for field in sorted(one.keys() | other.keys()):
            if canonical_bytes(one.get(field)) != canonical_bytes(other.get(field)):
                return Check("quantification", False, f"line {name} differs in {field}")
    return Check("quantification", True, count)


def recomputed_totals(opened: EvidenceFile) -> Check:
    """Names the totals that differ."""
    found = totals(opened.lines).to_json()
    stated = opened.inventory.object("totals").data
    faults = [f"{name} differs" for name, value in found.items() if stated.get(name) != value]
    if stated.keys() != found.keys():
        faults.append("the totals have other fields")
    detail = f"location-based {found['total_location']} kg, market-based {found['total_market']} kg"
    return Check("totals", not faults, "; ".join(faults) or detail)


def lines_sha256(opened: EvidenceFile) -> Check:
    """The digest over the canonical lines: equal for equal facts and knowledge date."""
    digest = lines_digest(opened.lines)
    faults = [
        f"{who} states another digest"
        for who, said in (
            ("the inventory", opened.inventory.text("lines_sha256")),
            ("the manifest", opened.manifest.lines_sha256),
        )
        if said != digest
    ]
    return Check("inventory-lines", not faults, "; ".join([f"sha256:{digest}", *faults]))


def inventory_hash(opened: EvidenceFile) -> Check:
    """The hash that opinion, claim and statements bind."""
    digest = inventory_sha256(opened.contents.inventory)
    faults = [
        f"{who} states another hash"
        for who, said in (
            ("the inventory", opened.inventory.text("inventory_sha256")),
            ("the manifest", opened.manifest.inventory_sha256),
        )
        if said != digest
    ]
    return Check("inventory", not faults, "; ".join([f"sha256:{digest}", *faults]))
