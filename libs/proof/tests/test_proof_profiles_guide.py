"""The Chinese guide for other industry, 2015: all its six sources, and what a bundle and a claim see of it.

E = fuels + carbonates + (CH4 of waste water - CH4 recovered) x GWP - CO2 recovered + net power + net heat.
Figures: fuels of its appendix 2, table 2.1; sodium carbonate 0.4149 tCO2/t (GB/T 32150-2015); B0 0.25 kg CH4
a kg COD, MCF of an anaerobic reactor 0.8 (IPCC 2006, volume 5, chapter 6); CH4 21 (IPCC SAR); Jiangsu lies in
the East China grid, 0.5617 kg CO2/kWh (MEE announcement 2024 no. 33, table 2).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import pytest

from zerocarbon.proof.bundle import Contents, used_library_factors, write
from zerocarbon.proof.bundle.claim_facts import claim_facts
from zerocarbon.proof.bundle.recomputing import inputs, quantities, sums
from zerocarbon.proof.closing import inventory_sha256
from zerocarbon.proof.facts import Factory, Period, Source
from zerocarbon.proof.gates.claim import LeftOut
from zerocarbon.proof.gates.standard import evaluate
from zerocarbon.proof.gates.standards import STANDARDS
from zerocarbon.proof.inventory import lines_digest, totals
from zerocarbon.proof.leaves import evidence
from zerocarbon.proof.not_counted import not_counted
from zerocarbon.proof.profile_views import guide_amounts
from zerocarbon.proof.profiles import profile
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.quantify.cn_energy import NoBoughtCarrier
from zerocarbon.proof.testing.bundles import SIGNER, declared_contents
from zerocarbon.proof.testing.scope1 import own_factor, source, year
from zerocarbon.proof.verify import verify

METHOD = profile("cn-other")
SHOWN = {"recovery_evidence": "sha256:cd"}
SOURCES = (
    Source("boiler", "stationary-fuel", "natural-gas", "Nm3"),
    Source("soda", "carbonate", "sodium-carbonate", "t"),
    Source("etch-water", "waste-water", "anaerobic-reactor", "kg"),
    Source("flare", "methane-recovery", "ch4", "kg", None, SHOWN),
    Source("co2-sold", "co2-recovery", "co2", "t", None, {**SHOWN, "balance_of": "soda"}),
    Source("grid", "electricity-import", "electricity", "MWh"),
    Source("feed", "electricity-export", "electricity", "MWh"),
)
QUANTITIES = {
    "boiler": "120000",
    "soda": "12.5",
    "etch-water": "40000",
    "flare": "3000",
    "co2-sold": "2.25",
    "grid": "800",
    "feed": "150.5",
}
YEAR = InventoryInputs(
    factory=Factory("plant", "Asia/Shanghai", "CN", "CN-JS"),
    period=Period(date(2024, 1, 1), date(2025, 1, 1)),
    knowledge_date=date(2025, 6, 30),
    sources=SOURCES,
    quantities={code: Decimal(quantity) for code, quantity in QUANTITIES.items()},
    profile="cn-other",
)
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


def expected() -> dict[str, Decimal]:
    """Kilograms by source of the guide, by its formula, in plain decimals."""
    carbon = Decimal(120000) * Decimal("0.038931") * Decimal("0.0153") * Decimal("0.99") * 1000
    return {
        "fossil-fuel": EXACT.divide(carbon * 44, Decimal(12)).quantize(Decimal("1e-12"), context=EXACT),
        "carbonate": Decimal("12.5") * Decimal("414.9"),
        "waste-water": Decimal(40000) * Decimal("0.25") * Decimal("0.8") * 21,
        "methane-recovery": -Decimal(3000) * 21,
        "co2-recovery": -Decimal(2250),
        "net-energy": (Decimal(800) - Decimal("150.5")) * Decimal("561.7"),
    }


@pytest.mark.requirement("R29")
def test_six_sources_the_recoveries_subtracted_and_energy_net() -> None:
    lines = quantify(YEAR)
    amounts = guide_amounts(lines, METHOD)
    assert {one.source.code: one.co2e_kg for one in amounts} == expected()
    assert [one.source.code for one in amounts if one.source.subtracted] == [
        "methane-recovery",
        "co2-recovery",
    ]
    assert totals(lines).total_location == totals(lines).total_market == sum(expected().values())
    assert {one.state for one in amounts} == {"present"}


@pytest.mark.requirement("R30")
def test_each_of_the_six_is_present_or_absent_with_a_reason() -> None:
    bare = replace(YEAR, sources=SOURCES[-2:-1], quantities={"grid": Decimal(0)})
    amounts = guide_amounts(quantify(bare), METHOD)
    assert [(one.source.code, one.state) for one in amounts] == [
        ("fossil-fuel", "absent"),
        ("carbonate", "absent"),
        ("waste-water", "absent"),
        ("methane-recovery", "absent"),
        ("co2-recovery", "absent"),
        ("net-energy", "present"),
    ]
    assert all(bool(one.reason) is (one.state == "absent") for one in amounts)


def test_a_site_that_sells_more_than_it_buys_keeps_its_negative_figure() -> None:
    selling = replace(YEAR, quantities={"grid": Decimal(10), "feed": Decimal(12)})
    assert totals(quantify(selling)).scope2_location == -Decimal(2) * Decimal("561.7")


@pytest.mark.requirement("R29")
def test_sold_heat_is_subtracted_at_the_factor_of_the_carrier_that_was_bought() -> None:
    steam = own_factor("heat", "steam", "0.1", "tCO2/GJ", "CO2")
    water = own_factor("heat", "hot-water", "0.3", "tCO2/GJ", "CO2")
    bought, sold = (
        source("park", "heat-import", "steam", "GJ"),
        source("town", "heat-export", "hot-water", "GJ"),
    )
    heated = year((bought, "50"), (sold, "20"), own=(steam, water), profile="cn-other")
    assert {line.source: line.co2e_kg for line in quantify(heated)} == {"park": 5000, "town": -2000}
    second = source("park-water", "heat-import", "hot-water", "GJ")
    several = year((bought, "50"), (second, "9"), (sold, "20"), own=(steam, water), profile="cn-other")
    alone = year((sold, "20"), own=(steam, water), profile="cn-other")
    for unclear, found in ((several, "hot-water and steam"), (alone, "none")):
        with pytest.raises(NoBoughtCarrier, match=rf"town\.substance: .* bought was {found}") as refused:
            quantify(unclear)
        assert refused.value.rule == "R29"


def test_lines_of_methane_say_where_its_potential_comes_from() -> None:
    noted = {line.source for line in quantify(YEAR) if METHOD.gwp_note in line.notes}
    assert noted == {"etch-water", "flare"}


def closed_under_the_guide(**changes: Any) -> Contents:
    """The made-up factory's month, closed by the guide: fuels and the grid count, bought wafers do not."""
    month = declared_contents()
    bare = replace(
        month,
        inventory={**month.inventory, "profile": "cn-other", "lines": [], "screening": [], "retirements": []},
        energy_retirements=(),
        credit_retirements=(),
        requests=(),
        opinion=None,
        commitment=None,
        plan=None,
        claim=None,
        statements=(),
    )
    facts = inputs(bare, quantities(bare, sums(bare)))
    lines, found = quantify(facts), evidence(bare.readings, bare.records)
    inventory: dict[str, Any] = {
        **bare.inventory,
        "gwp_set": "SAR",
        "lines": [line.to_json() for line in lines],
        "totals": totals(lines).to_json(),
        "lines_sha256": lines_digest(lines),
        "readings_root": found.root,
        "readings_count": found.count,
        "not_counted": [one.to_json() for one in not_counted(facts)],
        **changes,
    }
    inventory["inventory_sha256"] = inventory_sha256(inventory)
    return replace(bare, inventory=inventory, library_factors=used_library_factors(inventory))


def faults(contents: Contents) -> dict[str, str]:
    return {check.name: check.detail for check in verify(write(contents, SIGNER)).failures}


def test_a_bundle_of_the_guide_verifies() -> None:
    contents = closed_under_the_guide()
    assert [one["source"] for one in contents.inventory["not_counted"]] == ["wafers"]
    assert faults(contents) == {}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"gwp_set": "AR6"}, "another GWP edition than SAR"),
        ({"not_counted": []}, "wafers is not counted and not listed"),
        (
            {
                "not_counted": [
                    {"source": name, "kind": "scope3", "scope": "3", "unit": "piece", "reason": "small"}
                    for name in ("grid", "wafers")
                ]
            },
            "grid is listed as not counted, and the profile counts it or nobody registered it; "
            "wafers is listed as not counted otherwise than the evidence says",
        ),
    ],
)
def test_a_bundle_that_bends_the_terms_of_its_profile_is_refused(changes: dict[str, Any], found: str) -> None:
    assert found in faults(closed_under_the_guide(**changes))["profile"]


def test_what_was_left_out_is_part_of_the_hash() -> None:
    whole, silent = closed_under_the_guide(), closed_under_the_guide(not_counted=[])
    assert whole.inventory["inventory_sha256"] != silent.inventory["inventory_sha256"]
    assert silent.inventory["inventory_sha256"] == inventory_sha256(
        {name: value for name, value in silent.inventory.items() if name != "not_counted"}
    )


def test_a_claim_on_the_guide_sees_what_it_does_not_count() -> None:
    month = declared_contents()
    listed = [
        {"source": "chiller", "kind": "refrigerant", "scope": "1", "unit": "kg", "reason": "none of the six"},
        {
            "source": "roof",
            "kind": "electricity-generation",
            "scope": "outside",
            "unit": "kWh",
            "reason": "own",
        },
    ]
    facts = claim_facts(
        replace(month, inventory={**month.inventory, "not_counted": listed}), date(2025, 6, 30)
    )
    assert LeftOut("chiller", "1", None) in facts.inventory.left_out
    assert "roof" not in {left.name for left in facts.inventory.left_out}
    for standard in STANDARDS.values():
        gates = {gate.gate: gate.passed for gate in evaluate(standard, facts).gates}
        assert gates["scopes-1-and-2"] is False
