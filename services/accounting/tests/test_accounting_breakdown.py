"""The views over a closed version, as its route shows them: what standards ask for beside scopes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from zerocarbon.accounting.api.breakdown import breakdown, share_text
from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import FACTORY, Office
from zerocarbon.proof.gwp import GROUPS
from zerocarbon.proof.line import InventoryLine, Scope

R404A_KG = Decimal(11820)
"""2.5 kg of R404A at 4,728."""
METHODS = ("location", "market")
GRID = sum((Decimal("100.125") + Decimal(i * 7 % 96) / 1000 for i in range(plant.COUNT)), Decimal(0))


async def closed(office: Office) -> dict[str, Any]:
    await office.factors()
    inventory = await office.opened()
    assert (await office.close(inventory)).status_code == 200
    answer = await office.preparer.get(f"{FACTORY}/inventories/{inventory}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_an_open_period_has_no_breakdown(office: Office) -> None:
    inventory = await office.opened()
    shown = (await office.preparer.get(f"{FACTORY}/inventories/{inventory}")).json()
    assert (shown["closed"], shown["breakdown"]) == (None, None)


@pytest.mark.requirement("R10")
async def test_seven_gas_groups_are_listed_and_sum_to_the_total(office: Office) -> None:
    shown = await closed(office)
    for method in METHODS:
        groups = shown["breakdown"]["gas_groups"][method]
        # What a factor counts without naming the gas is no eighth gas: it stands beside the seven.
        assert list(groups) == [*GROUPS, "CO2e"]
        total = Decimal(shown["totals"][f"total_{method}"])
        assert sum(map(Decimal, groups.values())) == total
        assert Decimal(groups["HFCs"]) == R404A_KG
        assert groups["CO2e"] == "46500", "the supplier's factor for wafers: 150,000 x 0.31"
        assert [groups[name] for name in ("PFCs", "SF6", "NF3")] == ["0", "0", "0"]


@pytest.mark.requirement("R14")
async def test_the_four_classes_of_scope_1_are_shown_also_when_empty(office: Office) -> None:
    shown = await closed(office)
    classes = shown["breakdown"]["scope1_classes"]
    assert list(classes) == ["stationary-combustion", "mobile-combustion", "process", "fugitive"]
    assert classes["process"] == {"state": "not present", "co2e_kg": "0"}
    assert classes["fugitive"] == {"state": "present", "co2e_kg": str(R404A_KG)}
    assert sum(Decimal(one["co2e_kg"]) for one in classes.values()) == Decimal(shown["totals"]["scope1"])
    lines = [line for line in shown["closed"]["lines"] if line["scope"] == "1"]
    assert {line["source"]: line["category"] for line in lines} == {
        "gas": "stationary-combustion",
        "diesel": "mobile-combustion",
        "chiller": "fugitive",
    }


@pytest.mark.requirement("R18")
async def test_six_iso_categories_sum_to_the_scopes_under_either_method(office: Office) -> None:
    shown = await closed(office)
    totals = {name: Decimal(value) for name, value in shown["totals"].items()}
    for method in METHODS:
        categories = {
            name: Decimal(value) for name, value in shown["breakdown"]["iso_categories"][method].items()
        }
        assert list(categories) == ["1", "2", "3", "4", "5", "6"]
        assert sum(categories.values()) == totals[f"total_{method}"]
        assert categories["1"] == totals["scope1"]
        assert categories["2"] == totals[f"scope2_{method}"]
        assert categories["4"] == totals["scope3"], "bought wafers"
    assert all(line["iso_category"] for line in shown["closed"]["lines"])


@pytest.mark.requirement("R128")
async def test_the_renewable_share_is_claimed_over_consumed_electricity(office: Office) -> None:
    shown = await closed(office)
    # The swing of generation and export is the same, so that own use is flat: 12.5 less 2.25.
    own_use = plant.COUNT * (Decimal("12.5") - Decimal("2.25"))
    expected = Fraction(100_000 + own_use) / Fraction(GRID + own_use)
    assert shown["breakdown"]["renewable_electricity_share"] == share_text(expected)


@pytest.mark.requirement("R38")
async def test_the_share_of_electricity_is_shown_under_both_methods(office: Office) -> None:
    shown = await closed(office)
    # Location: all of the grid's power at 0.5978; market: what 100 MWh of certificates leave, at 0.5856.
    figures = {"location": GRID * Decimal("0.5978"), "market": (GRID - 100_000) * Decimal("0.5856")}
    for method, kilograms in figures.items():
        share = Fraction(kilograms) / Fraction(Decimal(shown["totals"][f"total_{method}"]))
        assert shown["breakdown"]["electricity_share"][method] == share_text(share)


async def test_the_share_of_scope_3_is_given_under_both_methods(office: Office) -> None:
    shown = await closed(office)
    for method in METHODS:
        share = Fraction(46500) / Fraction(Decimal(shown["totals"][f"total_{method}"]))
        target = shown["breakdown"]["scope3_target"][method]
        assert target == {"share": share_text(share), "threshold": "0.4", "due": False}


def line(name: str, scope: Scope, category: str, kilograms: int) -> InventoryLine:
    return InventoryLine(
        line=f"cell-plant/{name}/both",
        factory="cell-plant",
        source=name,
        scope=scope,
        category=category,
        iso_category="4.1",
        basis="both",
        quantity=Decimal(1),
        unit="kg",
        factors=(),
        gwp_set="AR6",
        gases=(),
        co2e_kg=Decimal(kilograms),
        formula="mass",
    )


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(
    ("scope3", "share", "due"),
    [(3999, "0.3999", False), (4000, "0.4", True), (4001, "0.4001", True)],
)
def test_the_duty_begins_at_forty_per_cent_of_scopes_1_to_3(scope3: int, share: str, due: bool) -> None:
    others = 10_000 - scope3
    lines = [
        line("boiler", "1", "stationary-combustion", others - 1000),
        line("steam", "2", "heat", 1000),
        line("wafers", "3", "1", scope3),
        line("halon", "outside", "montreal", 50_000),
    ]
    for target in breakdown(lines)["scope3_target"].values():
        assert target == {"share": share, "threshold": "0.4", "due": due}


def test_a_share_is_cut_and_never_rounded_up() -> None:
    assert share_text(Fraction(39_999_999, 100_000_000)) == "0.399999"
    assert share_text(Fraction(2, 3)) == "0.666666"
