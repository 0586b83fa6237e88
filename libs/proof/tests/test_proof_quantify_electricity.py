"""Scope 2: two methods side by side, certificates, own generation. Expected figures by hand arithmetic.

Factors of the 2022 announcement, known on 30 June 2025: Jiangsu 0.5978, residual proxy 0.5856 kg CO2/kWh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.factors.choice import NoFactor
from zerocarbon.proof.facts import Factory, Period, Retirement, Source
from zerocarbon.proof.inventory import renewable_share, totals
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.quantify.calculation import NegativeQuantity
from zerocarbon.proof.quantify.certificates import (
    ExcessCertificates,
    NotMegawattHours,
    RetiredAfterClose,
    RetiredTwice,
    WrongMarket,
    WrongVintage,
)
from zerocarbon.proof.quantify.own_use import ExportWithoutGeneration, NegativeOwnUse

GRID = Source("grid", "electricity-import", "electricity", "kWh")
KEPT = Source(
    "pv", "electricity-generation", "solar", "kWh", None, {"roof_owner": "us", "attributes_sold": "no"}
)
SOLD = replace(KEPT, attributes={"roof_owner": "an investor", "attributes_sold": "yes"})
SILENT = replace(KEPT, attributes={"attributes_sold": "no"})
EXPORT = Source("feed", "electricity-export", "electricity", "kWh")
GEC = Retirement(
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


def year(
    sources: tuple[Source, ...], quantities: Mapping[str, str], *retirements: Retirement
) -> InventoryInputs:
    return InventoryInputs(
        factory=Factory("yancheng", "Asia/Shanghai", "CN", "CN-JS"),
        period=Period(date(2024, 1, 1), date(2025, 1, 1)),
        knowledge_date=date(2025, 6, 30),
        sources=sources,
        quantities={code: Decimal(quantity) for code, quantity in quantities.items()},
        retirements=retirements,
    )


def by_name(inputs: InventoryInputs) -> dict[str, InventoryLine]:
    return {line.line.removeprefix("yancheng/"): line for line in quantify(inputs)}


def figures(inputs: InventoryInputs) -> dict[str, str]:
    return {name: format(line.co2e_kg.normalize(), "f") for name, line in by_name(inputs).items()}


def test_both_methods_stand_side_by_side() -> None:
    # 1,000,000 kWh x 0.5978 = 597,800; x 0.5856 = 585,600
    assert figures(year((GRID,), {"grid": "1000000"})) == {
        "grid/location": "597800",
        "grid/market/rest": "585600",
    }


def test_certificates_act_on_their_megawatt_hours_and_the_rest_takes_the_proxy() -> None:
    # (1,000 - 300) MWh x 585.6 kg/MWh = 409,920; the location-based figure does not move
    inputs = year((GRID,), {"grid": "1000000"}, GEC)
    assert figures(inputs) == {
        "grid/location": "597800",
        "grid/market/certificate/GEC/wind-1": "0",
        "grid/market/rest": "409920",
    }
    lines = by_name(inputs)
    assert lines["grid/market/certificate/GEC/wind-1"].quantity == 300000
    assert lines["grid/market/certificate/GEC/wind-1"].factors[0].rung == "certificate"
    assert any("ref-1" in note for note in lines["grid/market/certificate/GEC/wind-1"].notes)
    assert any("residual" in note for note in lines["grid/market/rest"].notes)
    assert totals(lines.values()).scope2_market == 409920


@pytest.mark.requirement("R128")
def test_certificates_for_all_consumption_are_accepted_and_one_more_is_refused() -> None:
    all_of_it = figures(year((GRID,), {"grid": "300000"}, GEC))
    assert all_of_it == {"grid/location": "179340", "grid/market/certificate/GEC/wind-1": "0"}
    with pytest.raises(ExcessCertificates, match=r"300 MWh .* 299.999 MWh") as refusal:
        quantify(year((GRID,), {"grid": "299999"}, GEC))
    assert refusal.value.rule == "DC19"


@pytest.mark.requirement("R128")
def test_the_renewable_share_is_claimed_over_consumed_power() -> None:
    lines = quantify(year((GRID, KEPT, EXPORT), {"grid": "975000", "pv": "30000", "feed": "5000"}, GEC))
    # (300 of certificates + 25 of own use) / (975 + 25) MWh
    assert renewable_share(lines) == Fraction(325, 1000)
    assert renewable_share(()) is None


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"vintage_start": date(2023, 12, 1)}, WrongVintage),
        ({"vintage_end": date(2025, 1, 2)}, WrongVintage),
        ({"country": "VN"}, WrongMarket),
        ({"unit": "tCO2e"}, NotMegawattHours),
        ({"retired_on": date(2025, 7, 1)}, RetiredAfterClose),
    ],
)
def test_a_certificate_of_another_time_market_or_unit_is_refused(
    changes: Mapping[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error, match="GEC-2024-1"):
        quantify(year((GRID,), {"grid": "1000000"}, replace(GEC, **changes)))


def test_a_serial_number_counts_once() -> None:
    with pytest.raises(RetiredTwice):
        quantify(year((GRID,), {"grid": "1000000"}, GEC, replace(GEC, low=299, high=310)))


def test_certificates_spread_over_purchases_in_the_order_of_their_names() -> None:
    other = replace(GRID, code="grid-b", unit="MWh")
    later = replace(GEC, serial="IREC-9", scheme="IREC_CN", project="pv-7", high=50)
    found = by_name(year((other, GRID), {"grid": "200000", "grid-b": "400"}, later, GEC))
    market = {name: (line.quantity, line.unit) for name, line in found.items() if "/market/" in name}
    # GEC before IREC_CN: 200 MWh on grid, 100 on grid-b, then 50 of I-REC; 250 MWh remain
    assert market == {
        "grid/market/certificate/GEC/wind-1": (200000, "kWh"),
        "grid-b/market/certificate/GEC/wind-1": (100, "MWh"),
        "grid-b/market/certificate/IREC_CN/pv-7": (50, "MWh"),
        "grid-b/market/rest": (250, "MWh"),
    }


@pytest.mark.requirement("R105")
def test_own_use_is_generation_less_export_and_zero_only_with_its_attributes() -> None:
    quantities = {"grid": "100000", "pv": "30000", "feed": "5000"}
    kept = by_name(year((GRID, KEPT, EXPORT), quantities))
    assert kept["pv/market/own-use"].quantity == 25000
    assert kept["pv/market/own-use"].co2e_kg == 0
    assert any("roof belongs to: us" in note for note in kept["pv/market/own-use"].notes)
    # Sold, or not stated whose roof it is: 25,000 kWh x 0.5856 = 14,640
    for source in (SOLD, SILENT):
        other = by_name(year((GRID, source, EXPORT), quantities))
        assert other["pv/market/rest"].co2e_kg == 14640
        assert "pv/market/own-use" not in other


def test_exported_power_never_lowers_a_figure() -> None:
    without = totals(quantify(year((GRID, KEPT), {"grid": "100000", "pv": "25000"})))
    exported = totals(quantify(year((GRID, KEPT, EXPORT), {"grid": "100000", "pv": "30000", "feed": "5000"})))
    assert without == exported
    assert all(
        line.co2e_kg >= 0
        for line in quantify(year((GRID, KEPT, EXPORT), {"grid": "0", "pv": "5000", "feed": "5000"}))
    )


def test_certificates_cover_power_whose_own_attributes_were_sold() -> None:
    found = by_name(year((GRID, SOLD), {"grid": "280000", "pv": "30000"}, GEC))
    # 280 MWh on the purchase, 20 on the own power; 10 MWh x 585.6 = 5,856 remain
    assert found["pv/market/certificate/GEC/wind-1"].quantity == 20000
    assert found["pv/market/rest"].co2e_kg == 5856
    with pytest.raises(ExcessCertificates):
        quantify(year((GRID, KEPT), {"grid": "280000", "pv": "30000"}, GEC))


@pytest.mark.requirement("R105")
def test_more_export_than_generation_is_refused_not_clamped() -> None:
    with pytest.raises(NegativeOwnUse, match="-1 kWh"):
        quantify(year((GRID, KEPT, EXPORT), {"grid": "1", "pv": "5", "feed": "6"}))


def test_an_export_belongs_to_one_generation_source() -> None:
    second = replace(KEPT, code="wind")
    quantities = {"grid": "1", "pv": "10", "wind": "10", "feed": "4"}
    with pytest.raises(ExportWithoutGeneration, match="feed"):
        quantify(year((GRID, KEPT, second, EXPORT), quantities))
    named = replace(EXPORT, attributes={"generation": "wind"})
    found = by_name(year((GRID, KEPT, second, named), quantities))
    assert found["pv/market/own-use"].quantity == 10
    assert found["wind/market/own-use"].quantity == 6


def test_a_suppliers_factor_stands_before_the_proxy_and_only_market_based() -> None:
    supplier = approved_factor(
        {
            "factor": "utility-2024",
            "version": 1,
            "substance": "electricity",
            "purpose": "electricity-market",
            "value": "0.4",
            "unit": "kgCO2/kWh",
            "gas": "CO2",
            "valid_from": "2024-01-01",
            "published": "2025-03-01",
            "source": "Utility disclosure",
            "evidence_sha256": "00" * 32,
        }
    )
    inputs = replace(year((GRID,), {"grid": "1000"}), organisation_factors=(supplier,))
    assert figures(inputs) == {"grid/location": "597.8", "grid/market/rest": "400"}


def test_where_no_residual_is_known_the_average_is_used_and_disclosed() -> None:
    inputs = replace(
        year((GRID,), {"grid": "959636.71"}),
        period=Period(date(2018, 1, 1), date(2019, 1, 1)),
        knowledge_date=date(2019, 6, 30),
    )
    rest = by_name(inputs)["grid/market/rest"]
    # 959,636.71 kWh x 0.7129 (East China grid 2011) = 684,125.010559 kg
    assert rest.co2e_kg == Decimal("684125.010559")
    assert rest.gwp_set == "AR5"
    assert any("neither a residual mix nor its proxy" in note for note in rest.notes)


def test_a_place_without_any_average_is_refused() -> None:
    abroad = replace(year((GRID,), {"grid": "1"}), factory=Factory("hanoi", "Asia/Ho_Chi_Minh", "VN", "VN"))
    with pytest.raises(NoFactor, match="electricity-average of electricity at VN"):
        quantify(abroad)


def test_a_negative_purchase_is_refused() -> None:
    with pytest.raises(NegativeQuantity):
        quantify(year((GRID,), {"grid": "-1"}))
