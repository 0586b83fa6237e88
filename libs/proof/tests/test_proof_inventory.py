"""The inventory as a whole: totals, views, digest, the published form, and what is still open."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.contracts import inventory as contract
from zerocarbon.proof import completeness, line, screening
from zerocarbon.proof.completeness import Exclusion, MeterCoverage, OpenQuestion, open_questions
from zerocarbon.proof.facts import Factory, Period, Retirement, Source
from zerocarbon.proof.inventory import (
    LineTwice,
    Totals,
    gas_groups,
    iso_categories,
    lines_digest,
    scope3_by_category,
    totals,
)
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.profiles import UnknownProfile, WrongConsolidation, profile
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.quantify.inventory_lines import UnknownSource
from zerocarbon.proof.screening import (
    ScreenedCategory,
    calculated_share,
    sbti_target_due,
    screening_gaps,
)

SOURCES = (
    Source("grid", "electricity-import", "electricity", "kWh"),
    Source("boiler", "stationary-fuel", "natural-gas", "Nm3"),
    Source("trucks", "mobile-fuel", "diesel", "t"),
    Source("chiller", "refrigerant", "r408a", "kg"),
    Source("pecvd", "process-gas", "nf3", "kg"),
    Source("inbound", "scope3", "freight", "t.km", 4, {"mode": "gbt-heavy-diesel-30t"}),
    Source("outbound", "scope3", "freight", "t.km", 9, {"mode": "gbt-rail-avg"}),
)
CERTIFICATES = Retirement(
    scheme="GEC",
    registry="nea",
    serial="GEC-2024-1",
    low=10,
    high=60,
    project="wind-1",
    technology="wind",
    country="CN",
    vintage_start=date(2024, 1, 1),
    vintage_end=date(2024, 7, 1),
    retired_on=date(2025, 5, 1),
    registry_reference="ref-1",
)
YEAR = InventoryInputs(
    factory=Factory("yancheng", "Asia/Shanghai", "CN", "CN-JS"),
    period=Period(date(2024, 1, 1), date(2025, 1, 1)),
    knowledge_date=date(2025, 6, 30),
    sources=SOURCES,
    quantities={
        "grid": Decimal("100000.25"),
        "boiler": Decimal("1234.5"),
        "trucks": Decimal("1.7"),
        "chiller": Decimal(3),
        "pecvd": Decimal("0.1"),
        "inbound": Decimal(1000),
        "outbound": Decimal(2000),
    },
    retirements=(CERTIFICATES,),
)
LINES = quantify(YEAR)
ALL_ANSWERED = tuple(
    ScreenedCategory(number, "calculated")
    if number in (4, 9)
    else ScreenedCategory(number, "not-relevant", reason="no such activity")
    for number in range(1, 16)
)


@pytest.mark.parametrize(
    ("ours", "published"),
    [
        (line.InventoryLine, contract.InventoryLine),
        (line.GasMass, contract.GasMass),
        (line.FactorUse, contract.FactorUse),
        (Totals, contract.Totals),
        (screening.ScreenedCategory, contract.ScreenedCategory),
        (completeness.MeterCoverage, contract.MeterCoverage),
        (completeness.Exclusion, contract.Exclusion),
    ],
)
def test_the_fields_are_those_of_the_published_contract(ours: type, published: type[contract.Part]) -> None:
    assert [field.name for field in fields(ours)] == list(published.model_fields)


def test_every_line_is_written_and_read_as_the_contract_does() -> None:
    for item in LINES:
        written = item.to_json()
        assert (
            contract.InventoryLine.model_validate(written).model_dump(mode="json", exclude_none=True)
            == written
        )
        assert InventoryLine.from_json(written) == item
    summed = totals(LINES)
    assert contract.Totals.model_validate(summed.to_json()).model_dump(mode="json") == summed.to_json()
    assert Totals.from_json(summed.to_json()) == summed


def test_parts_of_an_inventory_are_written_as_the_contract_does() -> None:
    answer = ScreenedCategory(2, "not-calculated", "no data yet", Decimal("1200.50"))
    coverage = MeterCoverage("m1", "grid", 900, 35136, 35136)
    exclusion = Exclusion("forklift", "leased", Decimal(12), "0190a0a0-0000-7000-8000-000000000001")
    for ours, published in (
        (answer, contract.ScreenedCategory),
        (coverage, contract.MeterCoverage),
        (exclusion, contract.Exclusion),
    ):
        written = ours.to_json()
        assert published.model_validate(written).model_dump(mode="json", exclude_none=True) == written
        assert type(ours).from_json(written) == ours


@given(st.randoms(use_true_random=False))
def test_the_digest_does_not_depend_on_the_order_of_the_inputs(random: Random) -> None:
    sources, codes = list(YEAR.sources), list(YEAR.quantities)
    random.shuffle(sources)
    random.shuffle(codes)
    shuffled = replace(
        YEAR, sources=tuple(sources), quantities={code: YEAR.quantities[code] for code in codes}
    )
    assert lines_digest(quantify(shuffled)) == lines_digest(LINES)
    assert shuffled.digest() == YEAR.digest()


def test_inputs_read_back_and_give_the_same_lines() -> None:
    again = InventoryInputs.from_json(YEAR.to_json())
    assert again == replace(YEAR, sources=tuple(sorted(SOURCES, key=lambda source: source.code)))
    assert quantify(again) == LINES


def test_a_changed_quantity_changes_the_digest_and_its_notation_does_not() -> None:
    same = replace(YEAR, quantities={**YEAR.quantities, "trucks": Decimal("1.700")})
    other = replace(YEAR, quantities={**YEAR.quantities, "trucks": Decimal("1.701")})
    assert lines_digest(quantify(same)) == lines_digest(LINES) != lines_digest(quantify(other))


def test_a_name_stands_for_one_line() -> None:
    with pytest.raises(LineTwice, match="yancheng/boiler"):
        lines_digest([*LINES, next(item for item in LINES if item.source == "boiler")])


@pytest.mark.parametrize("basis", ["location", "market"])
def test_the_gas_groups_sum_to_the_total(basis: str) -> None:
    summed = totals(LINES)
    groups = gas_groups(LINES, basis)
    assert list(groups) == ["CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6", "NF3", "CO2e"]
    assert sum(groups.values()) == {"location": summed.total_location, "market": summed.total_market}[basis]


@pytest.mark.parametrize("basis", ["location", "market"])
def test_the_six_categories_sum_to_the_three_scopes(basis: str) -> None:
    summed = totals(LINES)
    categories = iso_categories(LINES, basis)
    assert (
        sum(categories.values()) == {"location": summed.total_location, "market": summed.total_market}[basis]
    )
    assert categories["1"] == summed.scope1
    assert categories["3"] == summed.scope3
    assert all(item.iso_category for item in LINES)


def test_totals_are_sums_of_rounded_lines() -> None:
    summed = totals(LINES)
    # grid: 100,000.25 x 0.5978 = 59,780.14945; 50 MWh of certificates leave 50,000.25 x 0.5856 = 29,280.1464
    assert (summed.scope2_location, summed.scope2_market) == (Decimal("59780.14945"), Decimal("29280.1464"))
    # freight: 1,000 x 0.078 + 2,000 x 0.01
    assert scope3_by_category(LINES) == {4: Decimal(78), 9: Decimal(20)}
    assert summed.total_market == summed.scope1 + summed.scope2_market + summed.scope3
    assert all(item.co2e_kg.as_tuple().exponent >= -12 for item in LINES)


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(
    ("scope3", "total", "due"),
    [("3999", "10000", False), ("4000", "10000", True), ("4001", "10000", True), ("0", "0", False)],
)
def test_a_scope_3_target_is_due_at_forty_per_cent_exactly(scope3: str, total: str, due: bool) -> None:
    assert sbti_target_due(Decimal(scope3), Decimal(total)) is due


def test_what_is_not_calculated_stands_in_the_denominator() -> None:
    answers = [ScreenedCategory(2, "not-calculated", "no data", Decimal(5))]
    assert calculated_share(Decimal(95), answers) == Fraction(95, 100)
    assert calculated_share(Decimal(0), []) == 1


@pytest.mark.requirement("R16")
def test_every_category_is_answered() -> None:
    assert screening_gaps(ALL_ANSWERED, LINES) == ()
    assert len(screening_gaps((), LINES)) == 15
    changed = {answer.category: answer for answer in ALL_ANSWERED}
    changed[1] = ScreenedCategory(1, "not-calculated", "no data")
    changed[2] = ScreenedCategory(2, "not-relevant", " ")
    changed[3] = ScreenedCategory(3, "calculated")
    changed[4] = ScreenedCategory(4, "not-relevant", "nothing is moved")
    assert screening_gaps(tuple(changed.values()), LINES) == (
        "category 1 is not calculated and has no upper estimate",
        "category 2 is not-relevant without a reason",
        "category 3 is called calculated but has no figure",
        "category 4 has figures but is called not-relevant",
    )


def test_nothing_is_open_in_a_complete_inventory() -> None:
    coverage = [MeterCoverage("m1", "grid", 900, 35136, 35136)]
    assert open_questions(YEAR, LINES, ALL_ANSWERED, (), coverage) == ()


@pytest.mark.requirement("R7")
def test_a_source_with_neither_data_nor_exclusion_is_open() -> None:
    without = {code: quantity for code, quantity in YEAR.quantities.items() if code != "pecvd"}
    inputs = replace(YEAR, quantities=without)
    question = OpenQuestion("R7", "pecvd", "the source has neither data nor an approved exclusion")
    assert open_questions(inputs, LINES, ALL_ANSWERED) == (question,)
    exclusion = Exclusion(
        "pecvd", "one cylinder a year", Decimal(1740), "0190a0a0-0000-7000-8000-000000000001"
    )
    assert open_questions(inputs, LINES, ALL_ANSWERED, [exclusion]) == ()
    assert [item.rule for item in open_questions(YEAR, LINES, ALL_ANSWERED, [exclusion])] == ["R26"]


@pytest.mark.parametrize("grid", [None, Decimal(0)])
def test_an_inventory_without_purchased_electricity_is_open(grid: Decimal | None) -> None:
    quantities = {code: quantity for code, quantity in YEAR.quantities.items() if code != "grid"}
    if grid is not None:
        quantities["grid"] = grid
    found = open_questions(replace(YEAR, quantities=quantities), LINES, ALL_ANSWERED)
    assert "R38" in [item.rule for item in found]


def test_gaps_straddling_records_and_negative_own_use_are_open() -> None:
    found = open_questions(
        YEAR,
        LINES,
        ALL_ANSWERED,
        coverage=[MeterCoverage("m1", "grid", 900, 35136, 35135)],
        straddling=["boiler"],
        negative_own_use=[(1704038400, 1704042000)],
    )
    assert [(item.rule, item.subject) for item in found] == [
        ("R121", "m1"),
        ("rules 13", "boiler"),
        ("R105", "yancheng"),
    ]


def test_a_quantity_of_no_source_is_refused() -> None:
    with pytest.raises(UnknownSource, match="ghost"):
        quantify(replace(YEAR, quantities={"ghost": Decimal(1)}))


def test_the_default_profile_is_the_ghg_protocol() -> None:
    assert YEAR.profile == "ghg-protocol"
    assert any("Scope 3" in standard for standard in profile(YEAR.profile).standards)


def test_an_unknown_profile_or_approach_is_refused() -> None:
    with pytest.raises(UnknownProfile, match="'iso-14064-9'"):
        quantify(replace(YEAR, profile="iso-14064-9"))
    with pytest.raises(WrongConsolidation, match="'by-feeling'"):
        quantify(replace(YEAR, consolidation="by-feeling"))


def test_every_line_names_its_gwp_set_and_another_set_gives_another_version() -> None:
    assert {item.gwp_set for item in LINES} == {"AR6"}
    earlier = replace(
        YEAR,
        sources=tuple(source for source in SOURCES if source.code == "pecvd"),
        quantities={"pecvd": Decimal(1)},
        retirements=(),
        knowledge_date=date(2019, 6, 30),
    )
    (line_then,) = quantify(earlier)
    (line_now,) = quantify(replace(earlier, knowledge_date=date(2025, 6, 30)))
    assert [(item.gwp_set, item.co2e_kg) for item in (line_then, line_now)] == [
        ("AR5", 16100),
        ("AR6", 17400),
    ]
    assert lines_digest([line_then]) != lines_digest([line_now])
