"""Scope 3: own factors, transport by mode, what comes before electricity. Figures by hand arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.factors.choice import NoFactor
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.facts import Factory, Period, Source
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.quantify.calculation import BadAttribute
from zerocarbon.proof.quantify.scope3 import MixedBoundaries

WAFERS = Source("wafers", "scope3", "wafer", "piece", 1)
TRUCK = Source("inbound", "scope3", "freight", "t.km", 4, {"mode": "gbt-heavy-diesel-30t"})
GRID = Source("grid", "electricity-import", "electricity", "kWh")


def own(substance: str, value: str, unit: str) -> Factor:
    return approved_factor(
        {
            "factor": f"{substance}-2024",
            "version": 1,
            "substance": substance,
            "purpose": "scope3",
            "value": value,
            "unit": unit,
            "gas": "CO2e",
            "valid_from": "2024-01-01",
            "published": "2025-01-31",
            "source": "Supplier's footprint",
            "evidence_sha256": "22" * 32,
        }
    )


def year(sources: tuple[Source, ...], quantities: Mapping[str, str], *factors: Factor) -> InventoryInputs:
    return InventoryInputs(
        factory=Factory("yancheng", "Asia/Shanghai", "CN", "CN-JS"),
        period=Period(date(2024, 1, 1), date(2025, 1, 1)),
        knowledge_date=date(2025, 6, 30),
        sources=sources,
        quantities={code: Decimal(quantity) for code, quantity in quantities.items()},
        organisation_factors=factors,
    )


def test_bought_goods_take_the_suppliers_factor() -> None:
    # 1,000,000 pieces x 0.613 = 613,000
    (line,) = quantify(year((WAFERS,), {"wafers": "1000000"}, own("wafer", "0.613", "kgCO2e/piece")))
    assert (line.scope, line.category, line.iso_category, line.co2e_kg) == ("3", "1", "4.1", 613000)


def test_freight_by_its_mode() -> None:
    # 12,500 t.km x 0.078 = 975
    (line,) = quantify(year((TRUCK,), {"inbound": "12500"}))
    assert (line.category, line.iso_category, line.co2e_kg) == ("4", "3.1", 975)
    assert line.factors[0].factor == "gbt-51366-2019/heavy-diesel-30t"
    assert "boundary of the factor: life-cycle" in line.notes


def test_a_material_without_a_factor_is_refused() -> None:
    with pytest.raises(NoFactor, match="scope3 of wafer"):
        quantify(year((WAFERS,), {"wafers": "1"}))


def test_a_source_without_category_is_refused() -> None:
    with pytest.raises(BadAttribute, match="inbound"):
        quantify(year((replace(TRUCK, scope3_category=None),), {"inbound": "1"}))


def test_transport_figures_of_different_boundaries_are_not_mixed() -> None:
    # The British figures were published in 2025 and end at the tank; the Chinese ones begin at the well.
    british = Source("outbound", "scope3", "uk-rail-freight", "t.km", 9)
    inputs = replace(
        year((TRUCK, british), {"inbound": "1", "outbound": "1"}), knowledge_date=date(2026, 1, 1)
    )
    with pytest.raises(MixedBoundaries, match="life-cycle, tank-to-wheel"):
        quantify(inputs)
    (line,) = quantify(replace(inputs, sources=(british,), quantities={"outbound": Decimal(100)}))
    # 100 x 0.02779
    assert line.co2e_kg == Decimal("2.779")
    assert any("proxy" in note for note in line.notes)


def upstream(inputs: InventoryInputs) -> list[tuple[Decimal, str]]:
    return [(line.co2e_kg, line.formula) for line in quantify(inputs) if line.scope == "3"]


def test_what_comes_before_electricity_is_the_difference_of_one_year() -> None:
    inputs = replace(year((GRID,), {"grid": "1000000"}), knowledge_date=date(2026, 1, 1))
    # 1,000,000 x (0.6205 - 0.5306) = 89,900: both of 2023, though a life-cycle figure of 2024 exists
    assert upstream(inputs) == [(Decimal(89900), "upstream/life-cycle-less-direct")]


def test_before_both_factors_are_public_there_is_no_line_without_an_own_factor() -> None:
    inputs = year((GRID,), {"grid": "1000000"})
    assert upstream(inputs) == []
    estimate = own("electricity-upstream", "0.09", "kgCO2e/kWh")
    assert upstream(replace(inputs, organisation_factors=(estimate,))) == [
        (Decimal(90000), "upstream/quantity-times-factor")
    ]


def test_an_own_source_for_upstream_electricity_is_not_counted_twice() -> None:
    source = Source("upstream", "scope3", "electricity-upstream", "kWh", 3)
    estimate = own("electricity-upstream", "0.09", "kgCO2e/kWh")
    inputs = year((GRID, source), {"grid": "1000000", "upstream": "1000000"}, estimate)
    assert upstream(replace(inputs, knowledge_date=date(2026, 1, 1))) == [
        (Decimal(90000), "scope3/quantity-times-factor")
    ]
