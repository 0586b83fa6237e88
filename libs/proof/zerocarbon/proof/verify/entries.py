"""Every entry has the hash and the size that the manifest states, and the manifest names every entry."""

from __future__ import annotations

from collections.abc import Mapping

from zerocarbon.proof.manifest import MANIFEST, SIGNATURE, Manifest, entry_list
from zerocarbon.proof.verify.report import Check


def entry_hashes(files: Mapping[str, bytes], manifest: Manifest) -> Check:
    """Names each entry that differs, is missing, or is not listed."""
    stated = {entry.name: entry for entry in manifest.entries}
    inside = {name: data for name, data in files.items() if name not in (MANIFEST, SIGNATURE)}
    found = {entry.name: entry for entry in entry_list(inside)}
    faults = [
        f"{name} {_fault(name in stated, name in found)}"
        for name in sorted(stated.keys() | found.keys())
        if stated.get(name) != found.get(name)
    ]
    if len(stated) != len(manifest.entries):
        faults.append("the manifest lists an entry twice")
    return Check("entries", not faults, "; ".join(faults) or f"{len(found)} entries as listed")


def _fault(stated: bool, found: bool) -> str:
    if stated and found:
        return "differs from its hash"
    return "is missing" if stated else "is not listed"
