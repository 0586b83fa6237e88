"""ISO 14064-1:2018: six categories over the lines of the scopes, instruments and biogenic CO2 apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.facts import Factory, Period, Source
from zerocarbon.proof.inventory import iso_categories, totals
from zerocarbon.proof.profile_views import (
    biogenic,
    direct_gases,
    iso_subcategories,
    judged_by_iso_category,
)
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.screening import ScreenedCategory

INDIRECT = tuple(Source(f"s{number}", "scope3", "anything", "kg", number) for number in range(1, 16))
FACTOR = approved_factor(
    {
        "factor": "anything",
        "version": 1,
        "substance": "anything",
        "purpose": "scope3",
        "value": "1",
        "unit": "kgCO2e/kg",
        "gas": "CO2e",
        "valid_from": "2024-01-01",
        "published": "2025-02-10",
        "source": "Made up",
        "evidence_sha256": "11" * 32,
    }
)
BLEND = {"biogenic_share": "0.25", "biogenic_evidence": "sha256:ab"}
YEAR = InventoryInputs(
    factory=Factory("plant", "Asia/Shanghai", "CN", "CN-JS"),
    period=Period(date(2024, 1, 1), date(2025, 1, 1)),
    knowledge_date=date(2025, 6, 30),
    sources=(
        Source("grid", "electricity-import", "electricity", "kWh"),
        Source("trucks", "mobile-fuel", "diesel", "t", None, BLEND),
        Source("chiller", "refrigerant", "r408a", "kg"),
        Source("pecvd", "process-gas", "nf3", "kg"),
        *INDIRECT,
    ),
    # Powers of two: no two different sets of categories have one sum.
    quantities={
        "grid": Decimal(1000),
        "trucks": Decimal(4),
        "chiller": Decimal(1),
        "pecvd": Decimal(1),
        **{source.code: Decimal(2**at) for at, source in enumerate(INDIRECT)},
    },
    organisation_factors=(FACTOR,),
    profile="iso-14064-1",
)


@pytest.mark.requirement("R18", "R24")
def test_categories_hold_the_lines_that_the_standard_puts_there() -> None:
    lines = quantify(YEAR)
    categories = iso_categories(lines, "location")
    power = {number: Decimal(2 ** (number - 1)) for number in range(1, 16)}
    # Transport; products used; own products with investments; franchises.
    assert [categories[code] for code in "3456"] == [
        sum(power[number] for number in numbers)
        for numbers in ((4, 6, 7, 9), (1, 2, 3, 5, 8), (10, 11, 12, 13, 15), (14,))
    ]
    assert categories["2"] == Decimal("597.8"), "1,000 kWh at the average of Jiangsu"
    assert categories["1"] == totals(lines).scope1
    assert sum(categories.values()) == totals(lines).total_location
    assert sum(iso_categories(lines, "market").values()) == totals(lines).total_market


def test_subcategories_show_also_what_is_empty_and_sum_to_their_category() -> None:
    lines = quantify(YEAR)
    found, categories = iso_subcategories(lines, "location"), iso_categories(lines, "location")
    assert list(found)[:7] == ["1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2"]
    assert [found[code] for code in ("1.1", "1.5", "3.4", "4.5")] == [None] * 4
    assert found["1.3"] == 17400
    for category, kilograms in categories.items():
        assert sum(kg or 0 for code, kg in found.items() if code.partition(".")[0] == category) == kilograms


def test_direct_emissions_are_given_by_gas_and_biogenic_carbon_dioxide_apart() -> None:
    lines = quantify(YEAR)
    gases = direct_gases(lines)
    assert gases["NF3"] == 17400
    # R408A: 0.07 x 3,740 of R125 and 0.46 x 5,810 of R143a; its HCFC-22 stands outside
    assert gases["HFCs"] == Decimal("2934.4")
    assert sum(gases.values()) == totals(lines).scope1
    # A quarter of four tonnes, three quarters in category 1
    assert biogenic(lines) * 3 == pytest.approx(gases["CO2"], rel=Decimal("1e-12"))
    assert totals(lines).outside == biogenic(lines) + Decimal("921.2"), "and 0.47 x 1,960 of HCFC-22"


@given(st.lists(st.integers(0, 10**9), min_size=15, max_size=15), st.integers(0, 10**9))
@settings(deadline=None, max_examples=30)
def test_the_category_view_always_sums_to_the_scope_view(indirect: list[int], power: int) -> None:
    quantities = {source.code: Decimal(kg) / 1000 for source, kg in zip(INDIRECT, indirect, strict=True)}
    lines = quantify(replace(YEAR, quantities={**YEAR.quantities, **quantities, "grid": Decimal(power)}))
    summed = totals(lines)
    assert sum(iso_categories(lines, "location").values()) == summed.total_location
    assert sum(iso_categories(lines, "market").values()) == summed.total_market


def test_answers_stand_under_the_category_whose_significance_they_judge() -> None:
    answers = [ScreenedCategory(number, "calculated") for number in reversed(range(1, 16))]
    assert {
        category: [answer.category for answer in found]
        for category, found in judged_by_iso_category(answers).items()
    } == {"3": [4, 6, 7, 9], "4": [1, 2, 3, 5, 8], "5": [10, 11, 12, 13, 15], "6": [14]}
