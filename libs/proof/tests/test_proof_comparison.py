"""Two inventories line by line: given one and another, then this came, went and changed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zerocarbon.proof.comparison import COMPARED, compare, totals_less, totals_sum
from zerocarbon.proof.facts import Factory, Period, Retirement, Source
from zerocarbon.proof.inventory import LineTwice, Totals, totals
from zerocarbon.proof.line import GasMass, InventoryLine
from zerocarbon.proof.quantify import InventoryInputs, quantify

MONTH = InventoryInputs(
    factory=Factory("plant", "Asia/Shanghai", "CN", "CN-JS"),
    period=Period(date(2024, 1, 1), date(2024, 2, 1)),
    knowledge_date=date(2025, 6, 20),
    sources=(
        Source("grid", "electricity-import", "electricity", "kWh"),
        Source("boiler", "stationary-fuel", "natural-gas", "Nm3"),
        Source("chiller", "refrigerant", "r404a", "kg"),
    ),
    quantities={"grid": Decimal(1000), "boiler": Decimal(10)},
)
LINES = quantify(MONTH)


def month(**quantities: str | None) -> tuple[InventoryLine, ...]:
    """The month with other quantities; None takes a source out."""
    given_now = {**MONTH.quantities, **{code: Decimal(value) for code, value in quantities.items() if value}}
    gone = {code for code, value in quantities.items() if value is None}
    kept = {code: value for code, value in given_now.items() if code not in gone}
    return quantify(replace(MONTH, quantities=kept))


def test_an_inventory_does_not_differ_from_itself() -> None:
    found = compare(LINES, reversed(LINES))
    assert (found.lines, found.unchanged) == ((), len(LINES))
    assert set(found.difference.to_json().values()) == {"0"}


def test_lines_come_go_and_change() -> None:
    found = compare(LINES, month(grid="1100", boiler=None, chiller="2"))
    assert {change.line: change.state for change in found.lines} == {
        "plant/boiler/both": "removed",
        "plant/chiller/both": "added",
        "plant/grid/location": "changed",
        "plant/grid/market/rest": "changed",
    }
    by_line = {change.line: change for change in found.lines}
    grid = by_line["plant/grid/location"]
    assert grid.changed == ("quantity", "gases", "co2e_kg")
    assert grid.difference_kg == Decimal(100) * Decimal("0.5978")
    assert by_line["plant/chiller/both"].difference_kg == 2 * Decimal("4728")
    assert found.difference.scope2_location == grid.difference_kg
    assert found.difference.scope1 == 2 * Decimal("4728") - LINES[0].co2e_kg


def test_a_change_shows_both_sides_of_what_decides_the_figure() -> None:
    later = quantify(replace(MONTH, knowledge_date=date(2026, 1, 10)))
    shown = {change.line: change.to_json() for change in compare(LINES, later).lines}
    grid: Any = shown["plant/grid/location"]
    assert [side[0]["value"] for side in (grid["factors"]["before"], grid["factors"]["after"])] == [
        "0.5978",
        "0.5827",
    ]
    assert grid["quantity"] == {"before": "1000", "after": "1000"}
    assert grid["gwp_set"] == {"before": "AR6", "after": "AR6"}
    assert grid["co2e_kg"] == {"before": "597.8", "after": "582.7", "difference": "-15.1"}
    (gas,) = grid["gases"]
    assert (gas["gas"], gas["before"]["mass_kg"], gas["difference_kg"]) == ("CO2", "597.8", "-15.1")
    upstream: Any = shown["plant/grid/both/upstream"]
    assert (upstream["state"], upstream["quantity"]["before"]) == ("added", None)
    assert upstream["co2e_kg"]["before"] is None


def test_potentials_of_another_edition_are_seen_gas_by_gas() -> None:
    chiller = quantify(replace(MONTH, quantities={"chiller": Decimal(1)}))
    before = quantify(replace(MONTH, quantities={"chiller": Decimal(1)}, knowledge_date=date(2020, 1, 1)))
    (change,) = compare(before, chiller).lines
    assert "gwp_set" in change.changed
    r125: Any = next(gas.to_json() for gas in change.gases() if gas.gas == "HFC-125")
    assert (r125["before"]["mass_kg"], r125["after"]["mass_kg"]) == ("0.44", "0.44")
    assert (r125["before"]["gwp"], r125["after"]["gwp"]) == ("3170", "3740")


def test_a_gas_that_a_line_names_twice_is_held_against_its_own_kind() -> None:
    mass = GasMass("CF4", Decimal(1), Decimal(7380), Decimal(7380))
    more = replace(mass, mass_kg=Decimal(2), co2e_kg=Decimal(14760))
    before = replace(LINES[0], gases=(mass, mass))
    after = replace(LINES[0], gases=(mass, more))
    (change,) = compare([before], [after]).lines
    assert [gas.to_json()["difference_kg"] for gas in change.gases()] == ["0", "7380"]


def test_a_name_stands_once() -> None:
    with pytest.raises(LineTwice):
        compare(LINES, [*LINES, replace(LINES[0], quantity=Decimal(7))])


def test_every_field_of_a_line_is_compared() -> None:
    assert {*COMPARED, "line"} == {field.name for field in fields(InventoryLine)}


def test_totals_are_added_and_taken_apart_exactly() -> None:
    one = totals(LINES)
    tiny = Totals(*[Decimal("0.000000000001")] * 7)
    assert totals_less(totals_sum([one, tiny]), one) == tiny


amounts = st.decimals(min_value=0, max_value=10**9, places=6)
months = st.builds(
    lambda quantities, day, certificates: replace(
        MONTH,
        quantities=quantities,
        knowledge_date=day,
        retirements=(certificates,) if certificates and quantities.get("grid", 0) >= 50_000 else (),
    ),
    st.dictionaries(st.sampled_from(["grid", "boiler", "chiller"]), amounts),
    st.sampled_from([date(2024, 6, 1), date(2025, 6, 20), date(2026, 6, 1)]),
    st.one_of(
        st.none(),
        st.integers(1, 50).map(
            lambda units: Retirement(
                scheme="GEC",
                registry="nea",
                serial="s-1",
                low=0,
                high=units,
                project="wind",
                technology="wind",
                country="CN",
                vintage_start=date(2024, 1, 1),
                vintage_end=date(2024, 2, 1),
                retired_on=date(2024, 5, 1),
                registry_reference="r-1",
            )
        ),
    ),
)


@settings(deadline=None)
@given(months, months)
def test_the_differences_of_the_lines_sum_to_those_of_the_totals(
    one: InventoryInputs, other: InventoryInputs
) -> None:
    before, after = quantify(one), quantify(other)
    found = compare(before, after)
    assert totals_sum([found.before, found.difference]) == found.after == totals(after)
    for scope, basis, name in (
        ("1", None, "scope1"),
        ("2", "location", "scope2_location"),
        ("2", "market", "scope2_market"),
        ("3", None, "scope3"),
    ):
        moved = Decimal(0)
        for change in found.lines:
            line = change.after or change.before
            assert line is not None
            if line.scope == scope and (basis is None or line.basis in ("both", basis)):
                moved += change.difference_kg
        assert moved == getattr(found.difference, name)
    assert found.unchanged + len(found.lines) == len({line.line for line in (*before, *after)})
