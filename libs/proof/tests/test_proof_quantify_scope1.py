"""Scope 1 and purchased heat. Expected figures by hand arithmetic over the printed parameters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.factors.choice import NoFactor
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.facts import Factory, Period, Source
from zerocarbon.proof.inventory import gas_groups, scope1_classes, totals
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.quantify.calculation import BadAttribute
from zerocarbon.proof.units import WrongDimension

EVIDENCED = {
    "abatement_evidence": "sha256:5f",
    "abated_share": "1",
    "destruction": "0.95",
    "destruction_by_product": "0.9",
    "uptime": "0.98",
}


def own(factor: str, purpose: str, substance: str, value: str, unit: str, gas: str) -> Factor:
    event: dict[str, Json] = {
        "factor": factor,
        "version": 1,
        "substance": substance,
        "purpose": purpose,
        "value": value,
        "unit": unit,
        "gas": gas,
        "valid_from": "2024-01-01",
        "published": "2025-01-31",
        "source": "Measured on site",
        "evidence_sha256": "11" * 32,
    }
    return approved_factor(event)


NF3_FACTORS = (
    own("nf3-utilisation", "process-utilisation", "nf3", "0.98", "1", "NF3"),
    own("nf3-cf4", "process-by-product", "nf3", "0.02", "kg/kg", "CF4"),
)


def year(source: Source, quantity: str, *factors: Factor) -> InventoryInputs:
    return InventoryInputs(
        factory=Factory("yancheng", "Asia/Shanghai", "CN", "CN-JS"),
        period=Period(date(2024, 1, 1), date(2025, 1, 1)),
        knowledge_date=date(2025, 6, 30),
        sources=(source,),
        quantities={source.code: Decimal(quantity)},
        organisation_factors=factors,
    )


def only(inputs: InventoryInputs) -> InventoryLine:
    (line,) = quantify(inputs)
    return line


def rounded(value: Fraction) -> Decimal:
    """Half to even at twelve decimals, by whole numbers."""
    return Decimal(round(value * 10**12)) / 10**12


def test_diesel_by_the_tonne() -> None:
    # 2 t x 43.33 GJ/t x 0.0202 tC/GJ x 0.98 x 44/12 = 6.29024498666... t
    line = only(year(Source("trucks", "mobile-fuel", "diesel", "t"), "2"))
    assert line.co2e_kg == Decimal("6290.244986666667")
    assert (line.scope, line.category, line.iso_category) == ("1", "mobile-combustion", "1.2")
    assert [use.factor.rpartition("/")[2] for use in line.factors] == ["ncv", "carbon", "oxidation"]


@pytest.mark.parametrize(
    ("fuel", "unit", "quantity", "parameters"),
    [
        ("natural-gas", "Nm3", "123456.7", ("0.038931", "0.0153", "0.99")),
        ("petrol", "t", "3.21", ("44.8", "0.0189", "0.98")),
        ("lpg", "t", "0.75", ("47.31", "0.0172", "0.99")),
        ("diesel", "kg", "1500", ("0.04333", "0.0202", "0.98")),
    ],
)
def test_fuels_by_calorific_value_carbon_and_oxidation(
    fuel: str, unit: str, quantity: str, parameters: tuple[str, str, str]
) -> None:
    expected = Fraction(quantity) * 1000 * Fraction(44, 12)
    for parameter in parameters:
        expected *= Fraction(parameter)
    assert only(year(Source("boiler", "stationary-fuel", fuel, unit), quantity)).co2e_kg == rounded(expected)


def test_a_fuel_that_is_only_known_from_memory_is_refused() -> None:
    with pytest.raises(NoFactor, match="cn-guide-other-2015/lng/ncv would fit but is not confirmed"):
        quantify(year(Source("boiler", "stationary-fuel", "lng", "t"), "1"))


def test_a_measured_product_factor_stands_before_the_table() -> None:
    factor = own("gas-2024", "fuel-combustion", "natural-gas", "2.1", "kgCO2/Nm3", "CO2")
    line = only(year(Source("boiler", "stationary-fuel", "natural-gas", "Nm3"), "1000", factor))
    assert (line.co2e_kg, line.factors[0].rung) == (2100, "measured")


def test_a_fuel_in_a_unit_of_another_dimension_is_refused() -> None:
    with pytest.raises(WrongDimension, match="'m3'"):
        quantify(year(Source("boiler", "stationary-fuel", "natural-gas", "m3"), "1"))


@pytest.mark.requirement("R61")
def test_a_refill_of_one_kilogram_of_r404a() -> None:
    line = only(year(Source("chiller", "refrigerant", "r404a", "kg"), "1"))
    assert line.co2e_kg == 4728
    # 0.44, 0.52 and 0.04 kg
    assert {mass.gas: (mass.mass_kg, mass.co2e_kg) for mass in line.gases} == {
        "HFC-125": (Decimal("0.44"), Decimal("1645.6")),
        "HFC-143a": (Decimal("0.52"), Decimal("3021.2")),
        "HFC-134a": (Decimal("0.04"), Decimal("61.2")),
    }


@pytest.mark.requirement("R61")
def test_a_close_that_knows_only_the_fourth_report_takes_its_values() -> None:
    inputs = replace(
        year(Source("chiller", "refrigerant", "r404a", "kg"), "1"), knowledge_date=date(2013, 6, 30)
    )
    line = only(inputs)
    assert (line.gwp_set, line.co2e_kg) == ("AR4", Decimal("3921.6"))


def test_montreal_gases_stand_outside_the_scopes() -> None:
    # R408A: 0.07 x 3,740 + 0.46 x 5,810 = 2,934.4 in scope 1; 0.47 x 1,960 = 921.2 of HCFC-22 outside
    lines = quantify(year(Source("old", "refrigerant", "r408a", "kg"), "1"))
    assert [(line.scope, line.category, line.co2e_kg) for line in lines] == [
        ("1", "fugitive", Decimal("2934.4")),
        ("outside", "montreal", Decimal("921.2")),
    ]
    assert totals(lines).total_location == Decimal("2934.4")
    assert totals(lines).outside == Decimal("921.2")


def test_nf3_with_evidence_of_abatement() -> None:
    # NF3: 100 x 0.02 x (1 - 1 x 0.95 x 0.98) = 0.138 kg x 17,400 = 2,401.2
    # CF4: 100 x 0.02 x (1 - 1 x 0.9 x 0.98) = 0.236 kg x 7,380 = 1,741.68
    line = only(year(Source("pecvd", "process-gas", "nf3", "kg", None, EVIDENCED), "100", *NF3_FACTORS))
    assert {mass.gas: (mass.mass_kg, mass.co2e_kg) for mass in line.gases} == {
        "NF3": (Decimal("0.138"), Decimal("2401.2")),
        "PFC-14": (Decimal("0.236"), Decimal("1741.68")),
    }
    assert line.co2e_kg == Decimal("4142.88")
    groups = gas_groups([line], "market")
    assert (groups["NF3"], groups["PFCs"]) == (Decimal("2401.2"), Decimal("1741.68"))


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {name: value for name, value in EVIDENCED.items() if name != "abatement_evidence"},
        {"abatement_evidence": "sha256:5f"},
        {**EVIDENCED, "uptime": "0"},
    ],
)
def test_abatement_that_is_not_shown_does_not_count(attributes: dict[str, str]) -> None:
    # NF3: 100 x 0.02 = 2 kg x 17,400 = 34,800; CF4: 2 kg x 7,380 = 14,760
    source = Source("pecvd", "process-gas", "nf3", "kg", None, attributes)
    assert only(year(source, "100", *NF3_FACTORS)).co2e_kg == 49560


@pytest.mark.requirement("R19")
def test_without_a_measured_utilisation_all_that_was_consumed_is_emitted() -> None:
    line = only(year(Source("pecvd", "process-gas", "nf3", "kg"), "1"))
    assert line.co2e_kg == 17400
    assert any("utilisation is not shown" in note for note in line.notes)


@pytest.mark.parametrize("uptime", ["1.01", "-0.1", "98%"])
def test_a_share_outside_its_range_is_refused(uptime: str) -> None:
    source = Source("pecvd", "process-gas", "nf3", "kg", None, {**EVIDENCED, "uptime": uptime})
    with pytest.raises(BadAttribute, match=r"pecvd\.uptime"):
        quantify(year(source, "1"))


@pytest.mark.requirement("R15")
def test_purchased_steam_stands_in_scope_2_under_both_methods() -> None:
    steam = own("steam", "heat", "steam", "65.5", "kgCO2e/GJ", "CO2e")
    lines = quantify(year(Source("steam", "heat-import", "steam", "GJ"), "200", steam))
    # 200 x 65.5 = 13,100
    assert [(line.scope, line.iso_category, line.basis, line.co2e_kg) for line in lines] == [
        ("2", "2.2", "both", 13100)
    ]
    assert (totals(lines).scope2_location, totals(lines).scope2_market) == (13100, 13100)


def test_steam_without_a_confirmed_factor_is_refused() -> None:
    with pytest.raises(NoFactor, match="never enters a claimed number"):
        quantify(year(Source("steam", "heat-import", "steam", "GJ"), "200"))


@pytest.mark.requirement("R14")
def test_every_class_of_scope_1_is_shown_also_when_it_has_no_source() -> None:
    line = only(year(Source("chiller", "refrigerant", "r32", "kg"), "2"))
    assert scope1_classes([line]) == {
        "stationary-combustion": None,
        "mobile-combustion": None,
        "process": None,
        "fugitive": Decimal(1542),
    }
