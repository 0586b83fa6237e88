"""Refrigerants, switchgear and extinguishers: what closed equipment lost, by mass balance.

Expected figures are chains of plain decimal steps: loss = refilled + charged at installation - growth of the
nameplate charge + loss at disposal (GHG Protocol and IPCC 2006, volume 3 chapters 7 and 8), times AR6.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.factors.choice import NoFactor
from zerocarbon.proof.facts import Period, Source, SourceKind
from zerocarbon.proof.inventory import totals
from zerocarbon.proof.quantify import quantify
from zerocarbon.proof.quantify.attributes import FaultyAttribute
from zerocarbon.proof.quantify.calculation import BadAttribute
from zerocarbon.proof.quantify.flows import FaultyFlow
from zerocarbon.proof.quantify.leak_rate import BrokenMonths
from zerocarbon.proof.testing.scope1 import masses, only_line, own_factor, source, term, year

CHILLER = source("chiller", "refrigerant", "r410a")
CHARGED, GROWTH = term(CHILLER, "charged"), term(CHILLER, "nameplate-growth")
DISPOSAL = term(CHILLER, "disposal-loss")


@pytest.mark.requirement("R63")
def test_refrigerant_is_what_the_mass_balance_misses() -> None:
    # 12 refilled, 40 charged into equipment that holds 38.5, 2.25 lost when old equipment went
    lost = Decimal("12") + (Decimal("40") - Decimal("38.5")) + Decimal("2.25")
    line = only_line(year((CHILLER, "12"), (CHARGED, "40"), (GROWTH, "38.5"), (DISPOSAL, "2.25")))
    assert line.quantity == lost == Decimal("15.75")
    # R410A: half HFC-32 at 771, half HFC-125 at 3,740
    assert masses(line) == {"HFC-32": lost / 2, "HFC-125": lost / 2}
    assert line.co2e_kg == lost / 2 * 771 + lost / 2 * 3740
    assert "nameplate-growth: 38.5 kg (chiller-nameplate-growth)" in line.notes


@pytest.mark.requirement("R63")
def test_the_charge_on_the_nameplate_alone_is_no_emission() -> None:
    holding = source("chiller", "refrigerant", "r410a", counts="charge")
    with pytest.raises(NoFactor, match="refrigerant-leak-rate of r410a"):
        quantify(year((holding, "400")))
    # Filled to its nameplate and never refilled: nothing was lost.
    assert only_line(year((CHILLER, "0"), (CHARGED, "400"), (GROWTH, "400"))).co2e_kg == 0


@pytest.mark.parametrize("charged", [None, "38"])
def test_nameplate_growth_without_its_charge_would_hide_a_refill(charged: str | None) -> None:
    recorded = [(CHILLER, "12"), (GROWTH, "38.5")]
    if charged is not None:
        recorded.append((CHARGED, charged))
    with pytest.raises(
        FaultyFlow, match=r"chiller-nameplate-growth\.balance_of: the nameplate charge of"
    ) as no:
        quantify(year(*recorded))
    assert no.value.rule == "rules 4"


@given(
    st.decimals(min_value=0, max_value=500, places=3),
    st.decimals(min_value=0, max_value=500, places=3),
    st.decimals(min_value=0, max_value=500, places=3),
)
def test_no_term_of_the_balance_brings_the_loss_below_the_refill(
    growth: Decimal, more: Decimal, disposed: Decimal
) -> None:
    balanced = only_line(
        year((CHILLER, "12"), (GROWTH, str(growth)), (CHARGED, str(growth + more)), (DISPOSAL, str(disposed)))
    )
    assert balanced.co2e_kg == only_line(year((CHILLER, str(12 + more + disposed)))).co2e_kg
    assert balanced.co2e_kg >= only_line(year((CHILLER, "12"))).co2e_kg


HOLDING = source("chiller", "refrigerant", "r404a", counts="charge")
RATE = own_factor("refrigerant-leak-rate", "r404a", "0.15", "1", "CO2e")


def test_screening_by_leak_rate_is_flagged_as_an_estimate() -> None:
    line = only_line(year((HOLDING, "200"), own=(RATE,)))
    # 200 x 0.15 = 30 kg of R404A at 4,728
    assert line.co2e_kg == Decimal("200") * Decimal("0.15") * 4728
    assert line.formula == "refrigerant/charge-times-leak-rate"
    assert line.notes[0].startswith("estimate: installed charge times yearly leak rate, 12 of 12 months")
    assert [use.confidence for use in line.factors] == ["approved"]


def test_a_yearly_rate_is_taken_for_the_months_of_the_period() -> None:
    quarter = year((HOLDING, "200"), own=(RATE,), period=Period(date(2024, 1, 1), date(2024, 4, 1)))
    assert only_line(quarter).co2e_kg == Decimal("200") * Decimal("0.15") * 3 / 12 * 4728
    broken = year((HOLDING, "200"), own=(RATE,), period=Period(date(2024, 1, 1), date(2024, 1, 31)))
    with pytest.raises(BrokenMonths, match="2024-01-31"):
        quantify(broken)


def test_an_estimate_stands_beside_no_balance_and_no_rate_above_one() -> None:
    with pytest.raises(
        FaultyAttribute, match=r"chiller-charged\.balance_of: chiller is estimated"
    ) as refused:
        quantify(year((HOLDING, "200"), (term(HOLDING, "charged"), "1"), own=(RATE,)))
    assert refused.value.rule == "rules 4"
    with pytest.raises(BadAttribute, match="refrigerant-leak-rate-r404a-co2e"):
        quantify(year((HOLDING, "1"), own=(own_factor("refrigerant-leak-rate", "r404a", "15", "1", "CO2e"),)))


def test_r22_stands_outside_the_scopes() -> None:
    lines = quantify(year((source("old", "refrigerant", "r22"), "3")))
    assert [(line.scope, line.category, line.co2e_kg) for line in lines] == [
        ("outside", "montreal", Decimal(3) * 1960)
    ]
    assert totals(lines).scope1 == 0


def test_switchgear_counts_refill_and_disposal_of_sulphur_hexafluoride() -> None:
    gear = source("gis", "switchgear", "sf6", "g")
    line = only_line(year((gear, "850"), (term(gear, "disposal-loss"), "0.4")))
    # 0.85 kg + 0.4 kg, at 25,200
    assert (line.scope, line.category, line.iso_category) == ("1", "fugitive", "1.4")
    assert (masses(line), line.co2e_kg) == ({"SF6": Decimal("1.25")}, Decimal("1.25") * 25200)
    substitute = only_line(year((source("ring", "switchgear", "c4-fn"), "2")))
    assert (substitute.scope, substitute.co2e_kg) == ("outside", 2 * 2750)


@pytest.mark.parametrize(
    ("agent", "scope", "gas", "co2e_kg"),
    [
        ("dry-powder", "1", "CO2", "0"),
        ("co2", "1", "CO2", "45.5"),
        ("1211", "outside", "HALON-1211", "87815"),  # 45.5 x 1,930
        ("halon-1301", "outside", "HALON-1301", "327600"),  # 45.5 x 7,200
        ("hfc-227ea", "1", "HFC-227ea", "163800"),  # 45.5 x 3,600
        ("r236fa", "1", "HFC-236fa", "395395"),  # 45.5 x 8,690
        ("fk-5-1-12", "outside", "FK-5-1-12", "5.187"),  # 45.5 x 0.114
    ],
)
def test_a_refilled_extinguisher_released_its_agent(agent: str, scope: str, gas: str, co2e_kg: str) -> None:
    line = only_line(year((source("fire", "extinguisher", agent), "45.5")))
    assert (line.scope, list(masses(line)), line.co2e_kg) == (scope, [gas], Decimal(co2e_kg))
    assert line.category == {"1": "fugitive"}.get(scope, line.category)


@pytest.mark.parametrize("agent", ["foam-chemical", "acid-alkali"])
def test_what_foam_makes_when_it_is_used_is_for_the_organisation_to_show(agent: str) -> None:
    used = source("foam", "extinguisher", agent)
    with pytest.raises(NoFactor, match=f"extinguisher-release of {agent}"):
        quantify(year((used, "9")))
    shown = own_factor("extinguisher-release", agent, "0.03", "kgCO2/kg", "CO2")
    assert only_line(year((used, "9"), own=(shown,))).co2e_kg == Decimal("9") * Decimal("0.03")


@pytest.mark.parametrize("agent", ["hfc-227ea", "r404a"])
@pytest.mark.parametrize("substance", ["agent", "any"])
def test_an_own_release_never_acts_on_an_agent_that_is_a_gas_or_a_blend(agent: str, substance: str) -> None:
    named = agent if substance == "agent" else substance
    nothing = own_factor("extinguisher-release", named, "0", "kgCO2/kg", "CO2")
    refilled = (source("fire", "extinguisher", agent), "45.5")
    assert quantify(year(refilled, own=(nothing,))) == quantify(year(refilled))
    assert only_line(year(refilled, own=(nothing,))).co2e_kg > 0


@pytest.mark.parametrize("agent", ["ig-541", "foam-mechanical"])
def test_a_release_that_is_only_remembered_is_refused(agent: str) -> None:
    with pytest.raises(NoFactor, match="not confirmed and never enters a claimed number"):
        quantify(year((source("fire", "extinguisher", agent), "9")))


@pytest.mark.parametrize("kind", ["refrigerant", "switchgear", "extinguisher"])
def test_a_term_belongs_to_a_source_of_its_kind_with_data(kind: SourceKind) -> None:
    owner = source("owner", kind, "sf6")
    with pytest.raises(FaultyFlow, match=rf"balance_of: no {kind} source 'owner' has data"):
        quantify(year((term(owner, "charged"), "1")))
    wrong: Source = term(owner, "opening-stock")
    with pytest.raises(FaultyFlow, match=r"owner-opening-stock\.flow: 'opening-stock' is not one of charged"):
        quantify(year((owner, "1"), (wrong, "1")))
