"""Manifest, factory, inventory and claim speak of the same factory and period."""

from __future__ import annotations

from zerocarbon.proof.fields import Fields
from zerocarbon.proof.gates.timetable import span
from zerocarbon.proof.period import Period
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def same_subject(opened: EvidenceFile) -> Check:
    """One factory, one period, one knowledge date throughout."""
    manifest, inventory = opened.manifest, opened.inventory
    factory = Fields(opened.contents.factory, "factory")
    pairs = [
        ("manifest.factory", manifest.factory, opened.factory.code),
        ("inventory.factory", inventory.text("factory"), opened.factory.code),
        ("inventory.factory_id", inventory.text("factory_id"), factory.text("factory_id")),
        ("manifest.period", Period(manifest.period_start, manifest.period_end), opened.period),
        ("manifest.knowledge_date", manifest.knowledge_date, inventory.day("knowledge_date")),
    ]
    claim = opened.contents.claim
    if claim is not None:
        fields = Fields(claim, "claim")
        pairs += [
            ("claim.factory_id", fields.text("factory_id"), factory.text("factory_id")),
            ("claim.period", fields.object("period").made(Period.from_json), opened.period),
            ("claim.inventory_id", fields.text("inventory_id"), inventory.text("inventory_id")),
            (
                "claim.inventory_sha256",
                fields.text("inventory_sha256"),
                inventory.text("inventory_sha256"),
            ),
        ]
    faults = [
        f"{name} is of another factory, period or inventory" for name, one, other in pairs if one != other
    ]
    found = f"{opened.factory.code}, {span(opened.period)}"
    return Check("subject", not faults, "; ".join(faults) or found)
