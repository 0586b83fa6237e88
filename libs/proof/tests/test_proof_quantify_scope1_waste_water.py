"""Waste water, recoveries and carbonates. Expected figures are chains of plain decimal steps.

IPCC 2006 volume 5 chapter 6: (demand removed - in the sludge) x B0 x MCF - recovered. The national guide:
(CH4 of waste water - CH4 recovered) x GWP - CO2 recovered. Carbonates by stoichiometry.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.factors.choice import NoFactor
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import Source
from zerocarbon.proof.inventory import totals
from zerocarbon.proof.not_counted import not_counted
from zerocarbon.proof.quantify import quantify
from zerocarbon.proof.quantify.attributes import FaultyAttribute
from zerocarbon.proof.quantify.calculation import BadAttribute
from zerocarbon.proof.quantify.flows import FaultyFlow, NegativeBalance
from zerocarbon.proof.testing.scope1 import masses, only_line, own_factor, source, term, year
from zerocarbon.proof.units import WrongDimension

ETCH = source("etch-water", "waste-water", "anaerobic-reactor")
SLUDGE = term(ETCH, "sludge")
FLARE = source("flare", "methane-recovery", "ch4", recovery_evidence="flare log")
CARBON = source("plant", "co2-recovery", "co2", "t", recovery_evidence="invoices", balance_of="soda")
MADE = (Decimal("120000") - Decimal("8000")) * Decimal("0.25") * Decimal("0.8")
RECOVERED = Decimal("15000")


def test_methane_of_waste_water_less_sludge_and_recovery() -> None:
    line = only_line(year((ETCH, "120000"), (SLUDGE, "8000"), (FLARE, "15000")))
    assert masses(line) == {"CH4": MADE - RECOVERED}
    assert line.co2e_kg == (MADE - RECOVERED) * Decimal("27.9")
    assert (line.scope, line.category, line.iso_category) == ("1", "fugitive", "1.4")
    assert [use.factor.rpartition("/")[2] for use in line.factors] == ["b0-cod", "mcf-anaerobic-reactor"]
    assert "15000 kg recovered (flare), shown by flare log" in line.notes


def test_the_national_guide_subtracts_recovery_in_a_line_of_its_own() -> None:
    soda = source("soda", "carbonate", "sodium-carbonate", "t")
    methane = ((ETCH, "120000"), (SLUDGE, "8000"), (FLARE, "15000"))
    lines = quantify(year(*methane, (soda, "10"), (CARBON, "2.5"), profile="cn-other"))
    assert {line.source: (line.guide_source, line.co2e_kg) for line in lines} == {
        "etch-water": ("waste-water", MADE * 21),
        "flare": ("methane-recovery", -RECOVERED * 21),
        "soda": ("carbonate", Decimal(4149)),
        "plant": ("co2-recovery", Decimal(-2500)),
    }
    assert totals(lines).scope1 == (MADE - RECOVERED) * 21 + 4149 - 2500


def test_the_national_guide_subtracts_no_more_methane_than_was_made() -> None:
    quantify(year((ETCH, "100"), (FLARE, "20"), profile="cn-other"))
    with pytest.raises(NegativeBalance, match=r"etch-water: 20\.01 kg of CH4 recovered, 20\.000 kg made"):
        quantify(year((ETCH, "100"), (FLARE, "20.01"), profile="cn-other"))
    with pytest.raises(FaultyFlow, match=r"flare\.balance_of: names no waste-water source"):
        quantify(year((FLARE, "1"), profile="cn-other"))


def test_the_national_guide_subtracts_no_more_carbon_dioxide_than_its_source_made() -> None:
    soda = source("soda", "carbonate", "sodium-carbonate", "t")
    second = replace(CARBON, code="rest")
    # 10 t x 414.9 kg = 4,149 kg, of which two customers take all, and no kilogram more.
    quantify(year((soda, "10"), (CARBON, "2.5"), (second, "1.649"), profile="cn-other"))
    with pytest.raises(FaultyFlow, match=r"rest\.balance_of: 1649\.001 kg of CO2 recovered, 1649 kg") as more:
        quantify(year((soda, "10"), (CARBON, "2.5"), (second, "1.649001"), profile="cn-other"))
    assert more.value.rule == "rules 4"
    for maker in ({}, {"balance_of": "etch-water"}):
        homeless = source("plant", "co2-recovery", "co2", "t", recovery_evidence="invoices", **maker)
        with pytest.raises(FaultyFlow, match=r"plant\.balance_of: '.*' is no source of fossil CO2"):
            quantify(year((ETCH, "100"), (soda, "10"), (homeless, "1"), profile="cn-other"))


def test_biogenic_carbon_dioxide_is_none_to_recover_from() -> None:
    shared = {"biogenic_share": "1", "biogenic_evidence": "invoices"}
    boiler = source("soda", "stationary-fuel", "diesel", "t", **shared)
    with pytest.raises(FaultyFlow, match=r"plant\.balance_of"):
        quantify(year((boiler, "10"), (CARBON, "1"), profile="cn-other"))


@pytest.mark.parametrize("profile", ["ghg-protocol", "iso-14064-1"])
def test_elsewhere_carbon_dioxide_handed_over_stays_with_its_maker_and_is_listed(profile: str) -> None:
    carbon = source("plant", "co2-recovery", "co2", "t", recovery_evidence="invoices")
    inputs = year((ETCH, "100"), (carbon, "2.5"), profile=profile)
    assert [line.source for line in quantify(inputs)] == ["etch-water"]
    assert [(one.source, one.quantity) for one in not_counted(inputs)] == [("plant", Decimal("2.5"))]


@pytest.mark.parametrize("profile", ["ghg-protocol", "cn-other"])
def test_recovery_that_is_not_shown_lowers_nothing(profile: str) -> None:
    unshown = source("flare", "methane-recovery", "ch4", recovery_evidence=" ")
    lines = quantify(year((ETCH, "1000"), (unshown, "150"), profile=profile))
    alone = quantify(year((ETCH, "1000"), profile=profile))
    assert totals(lines).scope1 == totals(alone).scope1 > 0
    assert any("destruction or use is not shown" in note for line in lines for note in line.notes)


def test_a_recovery_belongs_to_the_source_that_it_names() -> None:
    other = source("canteen", "waste-water", "anaerobic-reactor", oxygen_demand="bod")
    named = source("flare", "methane-recovery", "ch4", recovery_evidence="log", balance_of="canteen")
    lines = quantify(year((ETCH, "100"), (other, "100"), (named, "7")))
    # Of the BOD: 100 x 0.6 x 0.8 - 7; of the COD: 100 x 0.25 x 0.8
    assert {line.source: masses(line)["CH4"] for line in lines} == {
        "canteen": Decimal(100) * Decimal("0.6") * Decimal("0.8") - 7,
        "etch-water": Decimal(100) * Decimal("0.25") * Decimal("0.8"),
    }
    for faulty in (FLARE, source("flare", "methane-recovery", "ch4", balance_of="boiler")):
        with pytest.raises(FaultyFlow, match=r"flare\.balance_of: names no waste-water source"):
            quantify(year((ETCH, "100"), (other, "100"), (faulty, "7")))
    with pytest.raises(FaultyFlow, match=r"flare\.balance_of: names no waste-water source"):
        quantify(year((FLARE, "7")))


@pytest.mark.parametrize(
    ("recorded", "problem"),
    [
        (((SLUDGE, "101"),), "etch-water: 1 kg more in the sludge than was removed"),
        (((FLARE, "20.01"),), "etch-water: 20.01 kg of CH4 recovered, 20.000 kg made"),
    ],
)
def test_more_taken_off_than_there_was_is_refused_and_never_clamped(
    recorded: tuple[tuple[Source, str], ...], problem: str
) -> None:
    with pytest.raises(NegativeBalance, match=problem) as refused:
        quantify(year((ETCH, "100"), *recorded))
    assert refused.value.rule == "rules 4"


REMEMBERED = [
    factor.substance
    for factor in Library.load().by_purpose["waste-water-mcf"]
    if factor.confidence == "memory"
]


@pytest.mark.parametrize("treatment", REMEMBERED)
def test_a_treatment_that_is_only_remembered_needs_the_organisations_own_figure(treatment: str) -> None:
    treated = source("pond", "waste-water", treatment)
    with pytest.raises(NoFactor, match="not confirmed and never enters a claimed number"):
        quantify(year((treated, "100")))
    measured = own_factor("waste-water-mcf", treatment, "0.35", "1", "CH4")
    line = only_line(year((treated, "100"), own=(measured,)))
    assert masses(line) == {"CH4": Decimal(100) * Decimal("0.25") * Decimal("0.35")}


def test_an_own_correction_factor_is_a_share() -> None:
    too_much = own_factor("waste-water-mcf", "anaerobic-reactor", "1.2", "1", "CH4")
    with pytest.raises(BadAttribute, match="waste-water-mcf-anaerobic-reactor-ch4"):
        quantify(year((ETCH, "1"), own=(too_much,)))
    with pytest.raises(FaultyAttribute, match=r"etch-water\.oxygen_demand: 'toc' is not one of bod, cod"):
        quantify(year((source("etch-water", "waste-water", "anaerobic-reactor", oxygen_demand="toc"), "1")))
    with pytest.raises(WrongDimension):
        quantify(year((source("etch-water", "waste-water", "anaerobic-reactor", "m3"), "1")))


@given(
    st.decimals(min_value=0, max_value=20, places=3),
    st.decimals(min_value=0, max_value=100, places=3),
)
def test_sludge_and_recovery_only_ever_lower_what_was_made(recovered: Decimal, sludge: Decimal) -> None:
    whole = only_line(year((ETCH, "1000"))).co2e_kg
    less = only_line(year((ETCH, "1000"), (SLUDGE, str(sludge)), (FLARE, str(recovered)))).co2e_kg
    assert 0 <= less <= whole
    assert whole - less == (sludge * Decimal("0.25") * Decimal("0.8") + recovered) * Decimal("27.9")


ATOMS = {
    "C": Decimal("12.011"),
    "O": Decimal("15.999"),
    "Na": Decimal("22.990"),
    "Ca": Decimal("40.078"),
    "Mg": Decimal("24.305"),
    "H": Decimal("1.008"),
    "K": Decimal("39.098"),
    "Li": Decimal("6.94"),
    "Ba": Decimal("137.33"),
    "Sr": Decimal("87.62"),
    "Fe": Decimal("55.845"),
    "Mn": Decimal("54.938"),
}
CO2 = ATOMS["C"] + 2 * ATOMS["O"]
CARBONATES = {
    "calcium-carbonate": "Ca C O O O",
    "magnesium-carbonate": "Mg C O O O",
    "sodium-carbonate": "Na Na C O O O",
    "sodium-bicarbonate": "Na H C O O O",
    "iron-carbonate": "Fe C O O O",
    "manganese-carbonate": "Mn C O O O",
    "barium-carbonate": "Ba C O O O",
    "lithium-carbonate": "Li Li C O O O",
    "potassium-carbonate": "K K C O O O",
    "strontium-carbonate": "Sr C O O O",
    "dolomite": "Ca Mg C O O O C O O O",
}


@pytest.mark.parametrize("carbonate", sorted(CARBONATES))
def test_carbonates_release_what_their_formula_holds(carbonate: str) -> None:
    atoms = CARBONATES[carbonate].split()
    share = atoms.count("C") * CO2 / sum((ATOMS[atom] for atom in atoms), Decimal(0))
    line = only_line(year((source("lime", "carbonate", carbonate, "t"), "1")))
    # The table is printed in three or four decimals of a tonne.
    assert abs(line.co2e_kg - share * 1000) <= Decimal("0.4")
    assert (line.scope, line.category, line.iso_category) == ("1", "process", "1.3")


def test_soda_of_a_shown_purity() -> None:
    shown = source("soda", "carbonate", "sodium-carbonate", "t", purity="0.985", purity_evidence="assay 7")
    line = only_line(year((shown, "12.4")))
    assert line.co2e_kg == Decimal("12.4") * Decimal("0.985") * Decimal("0.4149") * 1000
    assert line.quantity == Decimal("12.4")


@pytest.mark.parametrize("attributes", [{}, {"purity": "0.5"}, {"purity": "0.5", "purity_evidence": ""}])
def test_a_purity_that_is_not_shown_lowers_nothing(attributes: dict[str, str]) -> None:
    line = only_line(year((source("soda", "carbonate", "sodium-carbonate", "t", **attributes), "1")))
    assert line.co2e_kg == Decimal("0.4149") * 1000


def test_a_purity_that_is_no_share_and_an_unknown_carbonate_are_refused() -> None:
    with pytest.raises(FaultyAttribute, match=r"soda\.purity: 98 is no share"):
        quantify(year((source("soda", "carbonate", "sodium-carbonate", "t", purity="98"), "1")))
    with pytest.raises(NoFactor, match="carbonate of zinc-carbonate"):
        quantify(year((source("z", "carbonate", "zinc-carbonate", "t"), "1")))
