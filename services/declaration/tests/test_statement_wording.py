"""What outsiders read of gates: both languages, names instead of codes, and no talk of the program itself."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from zerocarbon.declaration.documents import Bilingual, StatementView, statement_html
from zerocarbon.declaration.documents.specimen import SPECIMEN
from zerocarbon.declaration.service import clauses
from zerocarbon.declaration.service.findings import finding
from zerocarbon.declaration.service.instrument_names import meaning
from zerocarbon.proof.gates import iso14068, pas2060
from zerocarbon.proof.gates.claim import ClaimFacts
from zerocarbon.proof.gates.standard import Standard, evaluate
from zerocarbon.proof.testing.claims import passing_claim

NAMES = {
    "wafers": Bilingual(zh="硅片", en="Wafers"),
    "compressor-heat": Bilingual(zh="余热回收", en="Heat recovery"),
}
STANDARDS = (pas2060.STANDARD, iso14068.STANDARD)
CLAIMS = (
    passing_claim(),
    replace(passing_claim(), opinion=None, plan=None, commitment=None, credits=()),
)
OWN_TALK = re.compile(r"\b(R|DC|E)\d+\b|memory|confirmed in print")


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("facts", CLAIMS)
def test_findings_and_cures_are_told_in_chinese_too(standard: Standard, facts: ClaimFacts) -> None:
    for gate in evaluate(standard, facts).gates:
        for text in (gate.found, gate.cure):
            if text not in (None, "ISO 14064-3:2019"):
                told = finding(str(text), NAMES)
                assert told.en
                assert re.search("[\u4e00-\u9fff]", told.zh), text


@pytest.mark.parametrize("standard", STANDARDS)
def test_clauses_are_printed_without_codes_of_the_program(standard: Standard) -> None:
    given = [gate.clause for gate in evaluate(standard, passing_claim()).gates]
    assert any(OWN_TALK.search(clause) for clause in given)
    assert not [clause for clause in given if OWN_TALK.search(clauses.printed(clause))]
    assert any(clauses.unconfirmed(clause) for clause in given)
    assert clauses.printed("PAS 2060:2014 clauses 8 and 11; R42") == "PAS 2060:2014 clauses 8 and 11"


def test_codes_get_their_names() -> None:
    total = "the market-based total including estimates of what is left out"
    told = finding(f"beside source wafers, 96.49 % of the rest of {total} is covered", NAMES)
    assert told.en == f"beside source Wafers (wafers), 96.49 % of the rest of {total} is covered"
    assert told.zh == "除硅片（wafers）外，覆盖其余基于市场总量（含遗漏部分的估算）的 96.49 %"
    done = finding("measure compressor-heat done on 2024-09-18, 57.300 t a year", NAMES)
    assert done.zh == "措施“余热回收（compressor-heat）”于 2024-09-18 完成，年减排 57.300 吨"


def test_what_no_table_knows_is_printed_as_published_with_names() -> None:
    told = finding("source wafers is odd; something else", NAMES)
    assert told.zh == told.en == "source Wafers (wafers) is odd; something else"


def test_faults_side_by_side_are_told_one_by_one() -> None:
    told = finding(
        "16,262 t meet the rule; X-1 [0, 5) does not count: retired on 2026-02-01, more than 12 months after"
        " the period",
        NAMES,
    )
    assert told.zh == "16,262 吨符合该规则；X-1 [0, 5) 不计：于 2026-02-01 注销，晚于期末12个月"


def test_schemes_and_registries_are_spelt_out() -> None:
    named = meaning("IREC_CN", "evident")
    assert named is not None
    assert named.en == "I-REC(E), mainland China; kept in Evident registry (evident)"
    assert meaning("UNHEARD-OF", "x") is None


def page(**changes: object) -> str:
    view: StatementView = replace(SPECIMEN, **changes)  # type: ignore[arg-type]
    return statement_html(view)


def test_a_synthetic_factor_makes_the_document_a_demonstration() -> None:
    banner = "Demonstration: fictional company, synthetic data."
    assert banner not in page()
    factor = replace(SPECIMEN.factor_sources[0], source="A figure of nobody (synthetic)")
    made = page(factor_sources=(factor,))
    assert banner in made
    assert "演示：虚构企业，合成数据。" in made


def test_a_refusal_says_the_reason_before_the_cure_and_labels_both() -> None:
    made = page(
        status="refused",
        status_reason=Bilingual(zh="未满足", en="gate one does not hold"),
        status_cure=Bilingual(zh="注销", en="retire more"),
    )
    assert made.index("原因：未满足") < made.index("补救办法：注销")
    assert made.index("Reason: gate one does not hold") < made.index("What would cure it: retire more")


def test_a_rule_without_a_confirmed_source_carries_a_mark_that_is_explained() -> None:
    marked = page(gates=(replace(SPECIMEN.gates[0], unconfirmed=True), *SPECIMEN.gates[1:]))
    assert "5.2 †" in marked
    assert "† This rule&#39;s source could not be confirmed in print" in marked
    assert "†" not in page()


def test_the_command_takes_the_key_and_the_fingerprint_is_printed() -> None:
    made = page(issuer_key="ab" * 32)
    assert "zerocarbon verify bundle.zip --key issuer-key.pem" in made
    assert f"sha256:{'ab' * 32}" in made
    assert "Fingerprint of the signing key" not in page()
