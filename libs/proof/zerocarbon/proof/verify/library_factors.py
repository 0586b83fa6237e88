"""Every library factor of the bundle is the one that this verifier was published with."""

from __future__ import annotations

from zerocarbon.proof.bundle.writing import used_library_factors
from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def published_factors(opened: EvidenceFile) -> Check:
    """Names each factor that differs from the published entry, or that none is."""
    published = {(factor.id, factor.version): factor.to_json() for factor in opened.library.factors()}
    faults = []
    for at, carried in enumerate(opened.contents.library_factors):
        fields = Fields(carried, f"library-factors[{at}]")
        name = (fields.text("id"), fields.whole("version"))
        entry = published.get(name)
        if entry is None:
            faults.append(f"{name[0]} version {name[1]} is no entry of the published library")
        elif canonical_bytes(entry) != canonical_bytes(carried):
            differing = sorted(
                key for key in entry.keys() | carried.keys() if entry.get(key) != carried.get(key)
            )
            faults.append(
                f"{name[0]} version {name[1]} differs from the published entry in {', '.join(differing)}"
            )
    used = used_library_factors(opened.contents.inventory, opened.library)
    carried_names = [(one.get("id"), one.get("version")) for one in opened.contents.library_factors]
    if carried_names != [(one.get("id"), one.get("version")) for one in used]:
        faults.append("the bundle carries other factors than the inventory uses")
    same = opened.manifest.library_sha256 == opened.library.digest()
    edition = "the same edition of the library" if same else "another edition of the library"
    found = f"{len(used)} factors as published; closed with {edition}"
    return Check("library-factors", not faults, "; ".join(faults) or found)
