"""Each issued statement is judged again, gate by gate, and its neutrality test is recomputed (R196)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zerocarbon.proof.bundle.claim_facts import claim_facts
from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.gates.figures import whole
from zerocarbon.proof.gates.standard import Evaluation, evaluate
from zerocarbon.proof.gates.standards import named
from zerocarbon.proof.json_fields import JsonObject
from zerocarbon.proof.manifest import facts_root
from zerocarbon.proof.numbers import parse, tonnes_rounded_up
from zerocarbon.proof.period import Period
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def statement_checks(opened: EvidenceFile) -> Iterator[Check]:
    """Three checks for each statement: its neutrality test, its gates, its root."""
    if not opened.contents.statements:
        yield Check("statements", True, "none was issued")
    for at, event in enumerate(opened.contents.statements):
        statement = Fields(event, f"statements[{at}]")
        standard = named(statement.text("standard"))
        evaluation = evaluate(standard, claim_facts(opened.contents, statement.day("declared_on")))
        yield _neutrality(statement, evaluation)
        yield _gates(statement, evaluation)
        yield _root(opened, opened.files, statement)


def _neutrality(statement: Fields, evaluation: Evaluation) -> Check:
    """Emissions of the standard's scope 2 basis, whole tonnes rounded up, against whole credits."""
    needed = max(0, tonnes_rounded_up(parse(evaluation.emissions_kg)))
    faults = [
        f"the statement says {field} {said}, recomputed is {found}"
        for field, said, found in (
            ("scope2_basis", statement.text("scope2_basis"), evaluation.basis),
            ("emissions_kg", statement.text("emissions_kg"), evaluation.emissions_kg),
            ("emissions_tonnes_rounded_up", statement.whole("emissions_tonnes_rounded_up"), needed),
            ("credits_tonnes", statement.whole("credits_tonnes"), evaluation.credits_tonnes),
        )
        if said != found
    ]
    if needed > evaluation.credits_tonnes:
        faults.append(f"{whole(needed)} t are more than {whole(evaluation.credits_tonnes)} credits")
    credits = whole(evaluation.credits_tonnes)
    found = f"{whole(needed)} t ({evaluation.basis}-based, rounded up) <= {credits} credits"
    return Check(f"neutrality {evaluation.standard}", not faults, "; ".join(faults) or found)


def _gates(statement: Fields, evaluation: Evaluation) -> Check:
    """Names the first gate that does not hold or that the statement tells differently."""
    name = f"gates {evaluation.standard}"
    stopped = [gate for gate in evaluation.gates if not gate.passed]
    if stopped:
        return Check(name, False, f"{stopped[0].gate} does not hold: {stopped[0].found}")
    told = [_without_null(gate.data) for gate in statement.objects("gates")]
    recomputed = [gate.to_json() for gate in evaluation.gates]
    for said, found in zip(told, recomputed, strict=False):
        if canonical_bytes(said) != canonical_bytes(found):
            return Check(name, False, f"{found['gate']} is told differently by the statement")
    if statement.texts("notices") != tuple(notice.text for notice in evaluation.notices):
        return Check(name, False, "the statement prints other notices than the standard asks for")
    if len(told) != len(recomputed):
        return Check(name, False, f"the statement tells {len(told)} gates, there are {len(recomputed)}")
    return Check(name, True, f"all {len(recomputed)} hold again")


def _root(opened: EvidenceFile, files: Mapping[str, bytes], statement: Fields) -> Check:
    """The statement carries the root of exactly these facts, and speaks of this claim and inventory."""
    found = facts_root(files)
    faults = []
    if statement.text("bundle_root") != found:
        faults.append("the statement was issued on other facts than this bundle holds")
    claim = Fields(opened.contents.claim, "claim")
    if any(statement.text(key) != claim.text(key) for key in ("claim_id", "factory_id", "organisation_id")):
        faults.append("the statement is of another claim")
    if statement.optional_text("opinion_id") not in (None, claim.text("opinion_id")):
        faults.append("the statement names another opinion")
    if statement.text("inventory_sha256") != opened.inventory.text("inventory_sha256"):
        faults.append("the statement is on another inventory")
    if statement.object("valid").made(Period.from_json) != opened.period:
        faults.append("the statement is valid for another period")
    retired = {
        Fields(event, "retirement").text("retirement_id") for event in opened.contents.credit_retirements
    }
    if set(statement.texts("retirements")) != retired:
        faults.append("the statement lists other retirements than the bundle carries")
    name = f"facts-root {statement.text('standard')}"
    return Check(name, not faults, "; ".join([*faults, f"sha256:{found}"]))


def _without_null(gate: JsonObject) -> JsonObject:
    return {key: value for key, value in gate.items() if value is not None}
