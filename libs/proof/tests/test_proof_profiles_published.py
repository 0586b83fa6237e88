"""Significance of indirect categories under ISO 14064-1, and the published form of what profiles add."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from zerocarbon.contracts import inventory as contract
from zerocarbon.proof.completeness import SIGNIFICANCE, open_questions
from zerocarbon.proof.facts import Factory, Period, Source
from zerocarbon.proof.json_fields import BadField
from zerocarbon.proof.not_counted import NotCounted, not_counted
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.screening import ScreenedCategory, significance_gaps
from zerocarbon.proof.significance import CRITERIA, Significance

YEAR = InventoryInputs(
    factory=Factory("plant", "Asia/Shanghai", "CN", "CN-JS"),
    period=Period(date(2024, 1, 1), date(2025, 1, 1)),
    knowledge_date=date(2025, 6, 30),
    sources=(
        Source("grid", "electricity-import", "electricity", "kWh"),
        Source("chiller", "refrigerant", "r404a", "kg"),
        Source("spare", "refrigerant", "r32", "kg"),
    ),
    quantities={"grid": Decimal(1000), "chiller": Decimal("2.50")},
)


def under(code: str) -> InventoryInputs:
    return replace(YEAR, profile=code)


JUDGED = Significance(("magnitude",), True, "more than half of the total")


@pytest.mark.parametrize(
    ("answer", "gap"),
    [
        (ScreenedCategory(1, "calculated", significance=JUDGED), None),
        (ScreenedCategory(1, "not-calculated", "no data", Decimal(1), JUDGED), None),
        (ScreenedCategory(1, "calculated"), "does not say by which criteria"),
        (ScreenedCategory(1, "calculated", significance=replace(JUDGED, criteria=())), "without a criterion"),
        (ScreenedCategory(1, "calculated", significance=replace(JUDGED, reason=" ")), "without a criterion"),
        (ScreenedCategory(1, "not-relevant", "none", None, JUDGED), "significant and not relevant"),
    ],
)
def test_iso_wants_each_category_judged_by_stated_criteria(answer: ScreenedCategory, gap: str | None) -> None:
    found = significance_gaps([answer])
    assert len(found) == (gap is not None)
    assert gap is None or gap in found[0]
    inputs = under("iso-14064-1")
    asked = [q.rule for q in open_questions(inputs, quantify(inputs), [answer])]
    assert (SIGNIFICANCE in asked) is (gap is not None)
    assert SIGNIFICANCE not in [q.rule for q in open_questions(YEAR, quantify(YEAR), [answer])]


@pytest.mark.parametrize(
    ("ours", "published"), [(NotCounted, contract.NotCounted), (Significance, contract.Significance)]
)
def test_published_parts_have_the_fields_of_the_contract(ours: type, published: type[contract.Part]) -> None:
    assert [field.name for field in fields(ours)] == list(published.model_fields)


def test_published_parts_are_written_as_the_contract_does() -> None:
    answer = ScreenedCategory(2, "calculated", significance=JUDGED)
    written = answer.to_json()
    assert (
        contract.ScreenedCategory.model_validate(written).model_dump(mode="json", exclude_none=True)
        == written
    )
    assert ScreenedCategory.from_json(written) == answer
    assert tuple(CRITERIA) == get_args(contract.Criterion)
    with pytest.raises(BadField, match="criteria"):
        Significance.from_json({**JUDGED.to_json(), "criteria": ["taste"]})
    with pytest.raises(BadField, match="true or false"):
        Significance.from_json({**JUDGED.to_json(), "significant": "yes"})
    for one in not_counted(under("cn-other")):
        published = contract.NotCounted.model_validate(one.to_json())
        assert published.model_dump(mode="json", exclude_none=True) == one.to_json()
