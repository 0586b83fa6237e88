"""One set of facts under three method profiles. Expected figures in plain decimals from printed factors.

Grid: MEE announcement 2024 no. 33, tables 2 to 4: Jiangsu 0.5978, East China 0.5617, residual proxy 0.5856
kg CO2/kWh. Fuels: NDRC guide for other industrial enterprises 2015, appendix 2, table 2.1. GWP: IPCC AR6,
table 7.SM.7; R404A from its composition 0.44 R125, 0.52 R143a, 0.04 R134a: 4,728.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import get_args

import pytest

from zerocarbon.contracts import inventory as contract
from zerocarbon.proof.completeness import open_questions
from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.factors.choice import NoFactor
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import Factory, Period, Retirement, Source, SourceKind
from zerocarbon.proof.gwp import NoGwp, gwp_table
from zerocarbon.proof.inventory import lines_digest, totals
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.not_counted import not_counted
from zerocarbon.proof.profile_views import headline, in_addition
from zerocarbon.proof.profiles import WrongConsolidation, profile, profiles
from zerocarbon.proof.quantify import InventoryInputs, quantify

CODES = ("ghg-protocol", "iso-14064-1", "cn-other")
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
QUANTUM = Decimal("0.000000000001")


def own(factor: str, purpose: str, substance: str, value: str, unit: str, gas: str) -> Factor:
    return approved_factor(
        {
            "factor": factor,
            "version": 1,
            "substance": substance,
            "purpose": purpose,
            "value": value,
            "unit": unit,
            "gas": gas,
            "valid_from": "2024-01-01",
            "published": "2025-02-10",
            "source": "Supplier's statement",
            "evidence_sha256": "11" * 32,
        }
    )


SOURCES = (
    Source("grid", "electricity-import", "electricity", "kWh"),
    Source(
        "roof", "electricity-generation", "solar", "kWh", None, {"roof_owner": "us", "attributes_sold": "no"}
    ),
    Source("export", "electricity-export", "electricity", "kWh"),
    Source("steam", "heat-import", "steam", "GJ"),
    Source("steam-sold", "heat-export", "steam", "GJ"),
    Source("boiler", "stationary-fuel", "natural-gas", "Nm3"),
    Source("trucks", "mobile-fuel", "diesel", "t"),
    Source("chiller", "refrigerant", "r404a", "kg"),
    Source("pecvd", "process-gas", "nf3", "kg"),
    Source("wafers", "scope3", "wafer", "piece", 1),
)
QUANTITIES = {
    "grid": "1000000.125",
    "roof": "50000",
    "export": "8000.5",
    "steam": "500",
    "steam-sold": "40",
    "boiler": "12345.6",
    "trucks": "3.21",
    "chiller": "2",
    "pecvd": "0.1",
    "wafers": "10000",
}
CERTIFICATES = Retirement(
    scheme="GEC",
    registry="nea",
    serial="GEC-2024-1",
    low=0,
    high=300,
    project="wind-1",
    technology="wind",
    country="CN",
    vintage_start=date(2024, 1, 1),
    vintage_end=date(2024, 7, 1),
    retired_on=date(2025, 5, 1),
    registry_reference="ref-1",
)
YEAR = InventoryInputs(
    factory=Factory("plant", "Asia/Shanghai", "CN", "CN-JS"),
    period=Period(date(2024, 1, 1), date(2025, 1, 1)),
    knowledge_date=date(2025, 6, 30),
    sources=SOURCES,
    quantities={code: Decimal(quantity) for code, quantity in QUANTITIES.items()},
    retirements=(CERTIFICATES,),
    organisation_factors=(
        own("steam", "heat", "steam", "0.1", "tCO2/GJ", "CO2"),
        own("wafers", "scope3", "wafer", "0.31", "kgCO2e/piece", "CO2e"),
    ),
)


def under(code: str) -> InventoryInputs:
    return replace(YEAR, profile=code)


def figures(lines: tuple[InventoryLine, ...]) -> dict[str, Decimal]:
    return {line.line.removeprefix("plant/"): line.co2e_kg for line in lines}


def fuel(quantity: str, *parameters: str) -> Decimal:
    """FC x NCV x CC x OF x 44/12 in kilograms, with a table in tonnes."""
    product = Decimal(quantity) * 1000 * 44
    for parameter in parameters:
        product = EXACT.multiply(product, Decimal(parameter))
    return EXACT.divide(product, Decimal(12))


FUELS = {
    "boiler/both": fuel("12345.6", "0.038931", "0.0153", "0.99"),
    "trucks/both": fuel("3.21", "43.33", "0.0202", "0.98"),
}
SCOPES = {
    **FUELS,
    "grid/location": Decimal("1000000.125") * Decimal("0.5978"),
    "grid/market/certificate/GEC/wind-1": Decimal(0),
    "grid/market/rest": Decimal("700000.125") * Decimal("0.5856"),
    "roof/location/own-use": Decimal(0),
    "roof/market/own-use": Decimal(0),
    "steam/both": Decimal(500) * 100,
    "chiller/both": Decimal(2) * 4728,
    "pecvd/both": Decimal("0.1") * 17400,
    "wafers/both": Decimal(10000) * Decimal("0.31"),
}
"""GHG Protocol and ISO 14064-1: sold power and heat lower nothing, certificates act on market-based MWh."""

GUIDE = {
    **FUELS,
    "grid/both": Decimal("1000000.125") * Decimal("0.5617"),
    "export/both": -Decimal("8000.5") * Decimal("0.5617"),
    "steam/both": Decimal(500) * 100,
    "steam-sold/both": -Decimal(40) * 100,
}
"""The guide: bought less sold at the regional average, no certificates, no gases but those of its sources."""


@pytest.mark.parametrize(
    ("code", "expected"), [("ghg-protocol", SCOPES), ("iso-14064-1", SCOPES), ("cn-other", GUIDE)]
)
def test_each_profile_agrees_with_plain_arithmetic(code: str, expected: Mapping[str, Decimal]) -> None:
    rounded = {name: value.quantize(QUANTUM, context=EXACT) for name, value in expected.items()}
    assert figures(quantify(under(code))) == rounded


@pytest.mark.requirement("R29")
def test_sold_power_and_heat_lower_the_figure_of_the_guide_alone() -> None:
    sold = ("export", "steam-sold")
    for code in CODES:
        inputs = under(code)
        bought = replace(
            inputs,
            quantities={**inputs.quantities, "roof": Decimal("41999.5")} | dict.fromkeys(sold, Decimal(0)),
        )
        with_sales, without = (totals(quantify(one)).total_location for one in (inputs, bought))
        assert (with_sales < without) is (code == "cn-other"), code


def test_the_three_results_differ_where_they_must() -> None:
    found = {code: quantify(under(code)) for code in CODES}
    summed = {code: totals(lines) for code, lines in found.items()}
    assert found["ghg-protocol"] == found["iso-14064-1"], "the same lines, looked at differently"
    ghg, iso, guide = summed.values()
    assert headline(ghg, profile("ghg-protocol")) == {
        "location": ghg.total_location,
        "market": ghg.total_market,
    }
    assert (headline(iso, profile("iso-14064-1")), in_addition(iso, profile("iso-14064-1"))) == (
        {"location": iso.total_location},
        {"market": iso.total_market},
    )
    assert headline(guide, profile("cn-other")) == {"both": guide.total_location}
    assert in_addition(guide, profile("cn-other")) == {}
    assert guide.scope1 < ghg.scope1, "process gases and refrigerants are none of the guide's sources"
    assert (guide.scope3, ghg.scope3) == (0, 3100)
    assert guide.total_location == guide.total_market != iso.total_location
    assert lines_digest(found["cn-other"]) != lines_digest(found["ghg-protocol"])


def test_an_inventory_has_one_gwp_edition_whatever_is_newer() -> None:
    for code, edition in (("ghg-protocol", "AR6"), ("iso-14064-1", "AR6"), ("cn-other", "SAR")):
        assert {line.gwp_set for line in quantify(under(code))} == {edition}
        assert profile(code).edition(gwp_table(), YEAR.knowledge_date).code == edition
    assert gwp_table().value("SAR", "CH4") == 21
    assert gwp_table().gas("CH4").confidence == "verified"
    with pytest.raises(NoGwp, match="SAR"):
        profile("cn-other").edition(gwp_table(), date(1995, 1, 1))


@pytest.mark.parametrize("code", CODES)
def test_fuels_of_another_table_set_are_never_mixed_in(code: str) -> None:
    published = {factor.id: factor.publication for factor in Library.load().factors()}
    used = {
        published[use.factor]
        for line in quantify(under(code))
        if line.category.endswith("combustion")
        for use in line.factors
    }
    assert used == {"cn-guide-other-2015"}
    # Of liquefied gas the guide's own figure is unconfirmed; the oil and gas guide has a confirmed one.
    lng = replace(
        under(code), sources=(Source("tank", "stationary-fuel", "lng", "t"),), quantities={"tank": Decimal(1)}
    )
    with pytest.raises(NoFactor, match="in cn-guide-other-2015"):
        quantify(replace(lng, retirements=()))


def test_the_guide_takes_the_regional_average_and_the_nation_where_no_grid_is_known() -> None:
    def chosen(region: str) -> tuple[str, str]:
        inputs = replace(under("cn-other"), factory=replace(YEAR.factory, grid_region=region))
        (line,) = [line for line in quantify(inputs) if line.source == "grid"]
        return line.factors[0].factor, line.factors[0].rung

    assert chosen("CN-JS") == ("cn-grid-average-2022/CN-EAST", "region")
    assert chosen("CN-SC") == ("cn-grid-average-2022/CN-SOUTHWEST", "region")
    # Inner Mongolia lies in two grids and names none.
    assert chosen("CN-NM") == ("cn-grid-average-2022/CN", "nation")


def test_a_suppliers_power_factor_does_not_act_under_the_guide() -> None:
    supplier = own("utility", "electricity-market", "electricity", "0.1", "kgCO2/kWh", "CO2")
    inputs = replace(under("cn-other"), organisation_factors=(*YEAR.organisation_factors, supplier))
    assert quantify(inputs) == quantify(under("cn-other"))


def test_certificates_of_any_kind_leave_the_guides_lines_untouched() -> None:
    lines = quantify(under("cn-other"))
    assert lines == quantify(replace(under("cn-other"), retirements=()))
    assert any("certificates" in note for line in lines if line.source == "grid" for note in line.notes)


@pytest.mark.requirement("R27")
def test_the_guide_forces_operational_control() -> None:
    for approach in ("equity-share", "financial-control"):
        with pytest.raises(WrongConsolidation, match="cn-other consolidates by operational-control"):
            quantify(replace(under("cn-other"), consolidation=approach))
    assert quantify(replace(under("iso-14064-1"), consolidation="financial-control"))


@pytest.mark.parametrize("code", CODES)
def test_equity_share_is_refused_while_no_share_is_recorded(code: str) -> None:
    with pytest.raises(WrongConsolidation, match=f"{code} consolidates by .*, not 'equity-share'") as refused:
        quantify(replace(under(code), consolidation="equity-share"))
    assert refused.value.rule == "R8"


def test_what_a_profile_does_not_count_is_listed_with_scope_quantity_and_reason() -> None:
    listed = {code: {one.source: one for one in not_counted(under(code))} for code in CODES}
    assert sorted(listed["cn-other"]) == ["chiller", "pecvd", "roof", "wafers"]
    assert [list(listed[code]) for code in CODES[:2]] == [["steam-sold"], ["steam-sold"]]
    chiller, roof = listed["cn-other"]["chiller"], listed["cn-other"]["roof"]
    assert (chiller.scope, chiller.kind, chiller.quantity, chiller.unit) == ("1", "refrigerant", 2, "kg")
    assert roof.scope == "outside", "own power emits nothing of its own"
    silent = replace(under("cn-other"), quantities={"grid": Decimal(1)})
    assert {one.source: one.quantity for one in not_counted(silent)}["wafers"] is None
    for code in CODES:
        counted = {line.source for line in quantify(under(code))} | {"export"}
        assert counted | listed[code].keys() == set(QUANTITIES), "no source is dropped in silence"
        assert not counted & listed[code].keys() - {"export"}


def test_every_kind_of_source_is_counted_or_left_out_with_a_reason() -> None:
    kinds: tuple[SourceKind, ...] = get_args(SourceKind)
    for method in profiles().values():
        for kind in kinds:
            if not method.counts(kind):
                assert method.uncounted[kind].reason_en
                assert method.uncounted[kind].reason_zh
    guide = profile("cn-other")
    in_sources = [kind for source in guide.guide_sources for kind in source.kinds]
    assert sorted(in_sources) == sorted(kind for kind in kinds if guide.counts(kind))


def test_a_line_names_the_guides_source_only_under_the_guide() -> None:
    assert {line.guide_source for line in quantify(under("iso-14064-1"))} == {None}
    assert {line.source: line.guide_source for line in quantify(under("cn-other"))} == {
        "boiler": "fossil-fuel",
        "trucks": "fossil-fuel",
        "grid": "net-energy",
        "export": "net-energy",
        "steam": "net-energy",
        "steam-sold": "net-energy",
    }
    line = quantify(under("cn-other"))[0]
    assert contract.InventoryLine.model_validate(line.to_json()).guide_source == line.guide_source
    assert InventoryLine.from_json(line.to_json()) == line


def test_open_questions_are_those_of_the_profile() -> None:
    missing = {
        code: kg for code, kg in YEAR.quantities.items() if code not in ("chiller", "wafers", "boiler")
    }
    asked = {}
    for code in CODES:
        inputs = replace(under(code), quantities=missing)
        found = open_questions(inputs, quantify(inputs), (), negative_own_use=[(0, 3600)])
        asked[code] = [(question.rule, question.subject) for question in found]
    assert asked["cn-other"] == [("R7", "boiler")]
    scopes = [("R7", "boiler"), ("R7", "chiller"), ("R7", "wafers"), ("R105", "plant")]
    assert asked["ghg-protocol"] == [*scopes, *[("R16", "scope 3")] * 15]
    assert asked["iso-14064-1"] == asked["ghg-protocol"], "nothing is judged before it is answered"
