"""The inventory keeps the terms of its method profile: one GWP edition, and nothing left out in silence."""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.gwp import gwp_table
from zerocarbon.proof.not_counted import not_counted
from zerocarbon.proof.profiles import profile
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def profile_terms(opened: EvidenceFile) -> Check:
    """Names another GWP edition than the profile's, and sources that it does not count and does not list."""
    method = profile(opened.inputs.profile)
    edition = method.edition(gwp_table(), opened.inputs.knowledge_date).code
    stated = _stated(opened.inventory)
    faults = []
    if opened.inventory.text("gwp_set") != edition:
        faults.append(f"the inventory states another GWP edition than {edition}")
    faults += _unlisted(opened, stated)
    found = f"{method.code}, {edition}, {len(stated)} sources listed that it does not count"
    return Check("profile", not faults, "; ".join(faults) or found)


def _stated(inventory: Fields) -> dict[str, Fields]:
    if not inventory.has("not_counted"):
        return {}
    return {one.text("source"): one for one in inventory.objects("not_counted")}


def _unlisted(opened: EvidenceFile, stated: dict[str, Fields]) -> Iterator[str]:
    found = {one.source: one for one in not_counted(opened.inputs)}
    for source in sorted(stated.keys() | found.keys()):
        one = found.get(source)
        if one is None:
            yield f"{source} is listed as not counted, and the profile counts it or nobody registered it"
        elif source in stated:
            if canonical_bytes(stated[source].data) != canonical_bytes(one.to_json()):
                yield f"{source} is listed as not counted otherwise than the evidence says"
        elif one.quantity is not None:
            # A source without activity may have been registered after the close.
            yield f"{source} is not counted and not listed"
