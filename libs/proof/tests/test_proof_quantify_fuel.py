"""CH4 and N2O of combustion by own factors, biogenic CO2 apart, hydrogen. Expected figures by hand.

GWP of AR6: CH4 27.9, N2O 273 (table 7.SM.7). Natural gas of the guide: 0.038931 GJ/Nm3, 0.0153 tC/GJ, 0.99.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.factors.approved import WrongGas, approved_factor
from zerocarbon.proof.factors.choice import NoFactor
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.facts import Factory, Period, Source
from zerocarbon.proof.inventory import gas_groups, totals
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.profile_views import biogenic
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.quantify.calculation import BadAttribute
from zerocarbon.proof.quantify.fuel import NotSplit
from zerocarbon.proof.quantify.source_faults import source_faults
from zerocarbon.proof.units import WrongDimension


def approval(factor: str, purpose: str, substance: str, value: str, unit: str, gas: str) -> dict[str, Json]:
    return {
        "factor": factor,
        "version": 1,
        "substance": substance,
        "purpose": purpose,
        "value": value,
        "unit": unit,
        "gas": gas,
        "valid_from": "2024-01-01",
        "published": "2025-01-31",
        "source": "Measured in the flue",
        "evidence_sha256": "11" * 32,
    }


def own(factor: str, purpose: str, substance: str, value: str, unit: str, gas: str) -> Factor:
    return approved_factor(approval(factor, purpose, substance, value, unit, gas))


def burning(
    source: Source, quantity: str, *factors: Factor, profile: str = "ghg-protocol"
) -> InventoryInputs:
    return InventoryInputs(
        factory=Factory("plant", "Asia/Shanghai", "CN", "CN-JS"),
        period=Period(date(2024, 1, 1), date(2025, 1, 1)),
        knowledge_date=date(2025, 6, 30),
        sources=(source,),
        quantities={source.code: Decimal(quantity)},
        organisation_factors=factors,
        profile=profile,
    )


def by_part(inputs: InventoryInputs) -> dict[str, InventoryLine]:
    return {line.line.partition("/both")[2].removeprefix("/"): line for line in quantify(inputs)}


BOILER = Source("boiler", "stationary-fuel", "natural-gas", "Nm3")
TRUCKS = Source("trucks", "mobile-fuel", "diesel", "t")
CH4 = own("gas-ch4", "fuel-ch4", "natural-gas", "0.001", "kgCH4/GJ", "CH4")
N2O = own("gas-n2o", "fuel-n2o", "natural-gas", "0.0001", "gN2O/Nm3", "N2O")
SHARED = {"biogenic_share": "0.1", "biogenic_evidence": "sha256:ab"}


@pytest.mark.parametrize("profile", ["ghg-protocol", "iso-14064-1"])
def test_methane_per_energy_and_nitrous_oxide_per_volume_stand_in_one_line(profile: str) -> None:
    lines = by_part(burning(BOILER, "100000", CH4, N2O, profile=profile))
    # 100,000 Nm3 x 0.038931 GJ/Nm3 x 0.001 kg = 3.8931 kg CH4 x 27.9; 100,000 x 0.0001 g = 0.01 kg N2O x 273
    assert {mass.gas: (mass.mass_kg, mass.co2e_kg) for mass in lines["ch4-n2o"].gases} == {
        "CH4": (Decimal("3.8931"), Decimal("108.61749")),
        "N2O": (Decimal("0.01"), Decimal("2.73")),
    }
    assert lines["ch4-n2o"].co2e_kg == Decimal("111.34749")
    assert (lines["ch4-n2o"].scope, lines["ch4-n2o"].iso_category) == ("1", "1.1")
    assert [use.factor for use in lines["ch4-n2o"].factors] == [
        "cn-guide-other-2015/natural-gas/ncv",
        "gas-ch4",
        "gas-n2o",
    ]
    groups = gas_groups(lines.values(), "market")
    assert (groups["CH4"], groups["N2O"]) == (Decimal("108.61749"), Decimal("2.73"))
    assert any("line of their own" in note for note in lines[""].notes)
    assert lines[""].co2e_kg == by_part(burning(BOILER, "100000"))[""].co2e_kg


def test_without_own_factors_the_line_says_that_it_counts_carbon_dioxide_only() -> None:
    lines = by_part(burning(BOILER, "100000"))
    assert list(lines) == [""]
    assert any(note.startswith("CO2 only") for note in lines[""].notes)


def test_a_gas_without_a_factor_is_said_to_be_missing() -> None:
    lines = by_part(burning(BOILER, "100000", CH4))
    assert [mass.gas for mass in lines["ch4-n2o"].gases] == ["CH4"]
    assert lines["ch4-n2o"].notes == ("no factor for N2O of this fuel: it is not in the figure",)


def test_the_national_guide_counts_carbon_dioxide_of_fuels_only() -> None:
    lines = by_part(burning(BOILER, "100000", CH4, N2O, profile="cn-other"))
    assert list(lines) == [""]
    assert [mass.gas for mass in lines[""].gases] == ["CO2"]


def test_a_factor_of_all_gases_together_is_not_added_to() -> None:
    together = own("gas-all", "fuel-combustion", "natural-gas", "2.2", "kgCO2e/Nm3", "CO2e")
    lines = by_part(burning(BOILER, "1000", together, CH4, N2O))
    assert {part: line.co2e_kg for part, line in lines.items()} == {"": 2200}
    assert any("all gases together" in note for note in lines[""].notes)
    # The guide counts CO2 only: such a factor cannot act there, the table does.
    guide = by_part(burning(BOILER, "1000", together, profile="cn-other"))[""]
    assert guide.co2e_kg == by_part(burning(BOILER, "1000", profile="cn-other"))[""].co2e_kg != 2200
    assert any("does not act" in note for note in guide.notes)


@pytest.mark.parametrize(("purpose", "gas"), [("fuel-ch4", "N2O"), ("fuel-ch4", "CO2e"), ("fuel-n2o", "CH4")])
def test_a_factor_counts_the_gas_of_its_purpose(purpose: str, gas: str) -> None:
    with pytest.raises(WrongGas, match=purpose):
        approved_factor(approval("wrong", purpose, "diesel", "1", "kg/t", gas))


def test_a_factor_per_something_else_is_refused() -> None:
    per_kilometre = own("trucks-ch4", "fuel-ch4", "diesel", "1", "gCH4/km", "CH4")
    with pytest.raises(WrongDimension, match="'km'"):
        quantify(burning(TRUCKS, "1", per_kilometre))


@pytest.mark.requirement("R50")
def test_the_biogenic_share_of_a_blend_stands_outside_the_scopes() -> None:
    lines = by_part(burning(replace(TRUCKS, attributes=SHARED), "2"))
    # 2 t: 1.8 t fossil and 0.2 t biogenic x 43.33 x 0.0202 x 0.98 x 44/12
    per_tonne = Fraction("43.33") * Fraction("0.0202") * Fraction("0.98") * Fraction(44, 12) * 1000
    fossil, living = (
        Decimal(round(per_tonne * share * 10**12)) / 10**12 for share in (Fraction("1.8"), Fraction("0.2"))
    )
    assert (lines[""].scope, lines[""].co2e_kg) == ("1", fossil)
    apart = lines["biogenic"]
    assert (apart.scope, apart.category, apart.quantity, apart.co2e_kg) == (
        "outside",
        "biogenic",
        Decimal("0.2"),
        living,
    )
    summed = totals(lines.values())
    assert (summed.total_market, summed.outside, biogenic(lines.values())) == (fossil, living, living)
    assert any("sha256:ab" in note for note in lines[""].notes)


def test_a_biogenic_fuel_with_a_factor_of_its_own_takes_it() -> None:
    biodiesel = own("biodiesel", "fuel-combustion", "biodiesel", "2.8", "tCO2/t", "CO2")
    blended = replace(TRUCKS, attributes={**SHARED, "biogenic_fuel": "biodiesel"})
    assert by_part(burning(blended, "2", biodiesel))["biogenic"].co2e_kg == 560
    without = by_part(burning(blended, "2"))["biogenic"]
    assert any("no factor of the biogenic fuel" in note for note in without.notes)


@pytest.mark.requirement("R54")
def test_a_factor_of_all_gases_leaves_the_other_gases_of_the_biogenic_part_in_scope_1() -> None:
    together = own("diesel-all", "fuel-combustion", "diesel", "3.1", "tCO2e/t", "CO2e")
    living = own("biodiesel", "fuel-combustion", "biodiesel", "2.8", "tCO2/t", "CO2")
    methane = own("diesel-ch4", "fuel-ch4", "diesel", "0.5", "kgCH4/t", "CH4")
    blended = replace(TRUCKS, attributes={**SHARED, "biogenic_fuel": "biodiesel"})
    lines = by_part(burning(blended, "2", together, living, methane))
    assert lines[""].co2e_kg == Decimal("1.8") * 3100
    apart = lines["ch4-n2o"]
    # 0.2 t of biodiesel x 0.5 kg x 27.9
    assert (apart.scope, apart.quantity, apart.co2e_kg) == ("1", Decimal("0.2"), Decimal("2.79"))
    assert any("over the biogenic part" in note for note in apart.notes)
    assert list(by_part(burning(TRUCKS, "2", together, methane))) == [""]


@pytest.mark.parametrize("attributes", [{"biogenic_share": "0.1"}, {**SHARED, "biogenic_evidence": ""}])
def test_a_share_without_evidence_lowers_nothing(attributes: dict[str, str]) -> None:
    stated = by_part(burning(replace(TRUCKS, attributes=attributes), "2"))
    assert list(stated) == [""]
    assert stated[""].co2e_kg == by_part(burning(TRUCKS, "2"))[""].co2e_kg
    assert any("without evidence" in note for note in stated[""].notes)


@pytest.mark.parametrize("share", ["1.01", "-0.1", "10%"])
def test_a_share_outside_its_range_is_refused(share: str) -> None:
    for fuel in (TRUCKS, BOILER):
        blended = replace(fuel, attributes={**SHARED, "biogenic_share": share})
        with pytest.raises(BadAttribute, match=rf"{fuel.code}\.biogenic_share"):
            quantify(burning(blended, "2"))
        assert [fault.attribute for fault in source_faults(blended)] == ["biogenic_share"], (
            "also when registered"
        )


@pytest.mark.requirement("R54")
def test_of_a_biogenic_fuel_carbon_dioxide_stands_apart_and_the_other_gases_in_scope_1() -> None:
    pellets = Source("pellets", "stationary-fuel", "pellets", "t", None, {**SHARED, "biogenic_share": "1"})
    factors = (
        own("pellets-co2", "fuel-combustion", "pellets", "1.7", "tCO2/t", "CO2"),
        own("pellets-ch4", "fuel-ch4", "pellets", "0.5", "kgCH4/t", "CH4"),
        own("pellets-n2o", "fuel-n2o", "pellets", "0.06", "kgN2O/t", "N2O"),
    )
    lines = by_part(burning(pellets, "10", *factors))
    # 10 t x 1.7 t; 5 kg CH4 x 27.9 + 0.6 kg N2O x 273 = 139.5 + 163.8
    assert {part: (line.scope, line.co2e_kg) for part, line in lines.items()} == {
        "biogenic": ("outside", 17000),
        "ch4-n2o": ("1", Decimal("303.3")),
    }
    with pytest.raises(NoFactor, match="pellets"):
        quantify(burning(pellets, "10"))
    together = own("pellets-all", "fuel-combustion", "pellets", "1.7", "tCO2e/t", "CO2e")
    with pytest.raises(NotSplit, match="pellets-all"):
        quantify(burning(pellets, "10", together))


@pytest.mark.requirement("R53")
def test_hydrogen_burns_without_carbon_dioxide_and_its_purchase_stands_in_scope_3() -> None:
    boiler = Source("h2-boiler", "stationary-fuel", "hydrogen", "kg")
    bought = Source("h2", "scope3", "hydrogen", "kg", 3)
    made = own("hydrogen-made", "scope3", "hydrogen", "9.3", "kgCO2e/kg", "CO2e")
    inputs = burning(boiler, "100", made)
    inputs = replace(
        inputs, sources=(boiler, bought), quantities={"h2-boiler": Decimal(100), "h2": Decimal(100)}
    )
    assert [(line.source, line.scope, line.co2e_kg) for line in quantify(inputs)] == [
        ("h2-boiler", "1", 0),
        ("h2", "3", 930),
    ]
