"""GWP editions, gases and agents. Expected values are the printed tables' or hand arithmetic over them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zerocarbon.proof.gwp import GROUPS, NoGwp, UnknownAgent, WrongHorizon, gwp_table

SEED_TABLE_2 = [
    ("CO2", "1"),
    ("CH4", "27.9"),
    ("N2O", "273"),
    ("HFC-23", "14600"),
    ("HFC-32", "771"),
    ("HFC-41", "135"),
    ("HFC-125", "3740"),
    ("HFC-134", "1260"),
    ("HFC-134a", "1530"),
    ("HFC-143", "364"),
    ("HFC-143a", "5810"),
    ("HFC-152", "21.5"),
    ("HFC-152a", "164"),
    ("HFC-161", "4.84"),
    ("HFC-227ea", "3600"),
    ("HFC-236cb", "1350"),
    ("HFC-236ea", "1500"),
    ("HFC-236fa", "8690"),
    ("HFC-245ca", "787"),
    ("HFC-245fa", "962"),
    ("HFC-365mfc", "914"),
    ("HFC-43-10mee", "1600"),
    ("PFC-14", "7380"),
    ("PFC-116", "12400"),
    ("PFC-218", "9290"),
    ("PFC-318", "10200"),
    ("PFC-31-10", "10000"),
    ("PFC-41-12", "9220"),
    ("PFC-51-14", "8620"),
    ("SF6", "25200"),
]


@pytest.mark.requirement("R12")
def test_the_thirty_values_of_the_guide_are_loaded() -> None:
    assert len(SEED_TABLE_2) == 30
    table = gwp_table()
    assert [(gas, table.value("AR6", gas)) for gas, _ in SEED_TABLE_2] == [
        (gas, Decimal(value)) for gas, value in SEED_TABLE_2
    ]


@pytest.mark.requirement("R11")
def test_a_horizon_other_than_a_hundred_years_is_refused_and_co2_is_one() -> None:
    table = gwp_table()
    for years in (20, 500):
        with pytest.raises(WrongHorizon, match=str(years)):
            table.value("AR6", "CH4", horizon_years=years)
    assert {table.value(edition.code, "CO2") for edition in table.sets} == {Decimal(1)}


@pytest.mark.requirement("R61")
@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        # 0.44 x 3,740 + 0.52 x 5,810 + 0.04 x 1,530 = 1,645.6 + 3,021.2 + 61.2
        ("AR6", "4728.0"),
        # 0.44 x 3,500 + 0.52 x 4,470 + 0.04 x 1,430 = 1,540 + 2,324.4 + 57.2
        ("AR4", "3921.6"),
    ],
)
def test_r404a_is_computed_from_its_composition(edition: str, expected: str) -> None:
    assert gwp_table().blend(edition, "r404a") == Decimal(expected)


@pytest.mark.requirement("R60")
@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("R717", "0"),
        ("R22", "1960"),
        ("R134a", "1530"),
        ("R410A", "2255.5"),  # 0.5 x 771 + 0.5 x 3,740
        ("R32", "771"),
        ("R290", "0.02"),
    ],
)
def test_the_refrigerants_of_the_guide_other_than_the_wrong_one(agent: str, expected: str) -> None:
    assert gwp_table().blend("AR6", agent) == Decimal(expected)


@pytest.mark.requirement("R19", "R207")
def test_there_are_seven_groups_and_nf3_is_one() -> None:
    table = gwp_table()
    assert GROUPS == ("CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6", "NF3")
    assert table.value("AR6", "NF3") == 17400
    assert {gas.group for gas in table.gases.values() if gas.treatment == "scopes"} == set(GROUPS)


@pytest.mark.parametrize(
    ("known", "edition"),
    [
        (date(2019, 6, 30), "AR5"),
        (date(2021, 8, 30), "AR5"),
        (date(2021, 8, 31), "AR6"),
        (date(2025, 6, 30), "AR6"),
        (date(2010, 1, 1), "AR4"),
    ],
)
def test_a_close_uses_the_edition_that_was_public(known: date, edition: str) -> None:
    assert gwp_table().set_known_on(known).code == edition


def test_no_edition_before_the_first() -> None:
    with pytest.raises(NoGwp):
        gwp_table().set_known_on(date(1990, 1, 1))


def test_methane_is_told_fossil_from_non_fossil() -> None:
    table = gwp_table()
    assert [table.value("AR6", "CH4", variant) for variant in ("", "fossil", "non-fossil")] == [
        Decimal("27.9"),
        Decimal("29.8"),
        Decimal("27"),
    ]


def test_the_unconfirmed_value_of_sf6_is_loaded_and_refused() -> None:
    table = gwp_table()
    assert table.gas("SF6", "list-2024").values["AR6"] == 24300
    with pytest.raises(NoGwp, match="not confirmed"):
        table.value("AR6", "SF6", "list-2024")


def test_a_composition_that_is_not_confirmed_is_refused() -> None:
    with pytest.raises(NoGwp, match="R515B"):
        gwp_table().blend("AR6", "R515B")


def test_every_composition_sums_to_one_and_is_found_by_formula() -> None:
    table = gwp_table()
    for agent in table.agents.values():
        assert sum(fraction for _, fraction in agent.composition) == 1
    assert table.gas("CF4").code == "PFC-14"
    # HFC-134 and HFC-134a differ in formula, the variants of methane do not: CH4 is one code.
    assert table.gas("ch4").code == "CH4"


def test_montreal_gases_stand_apart() -> None:
    treatments = {name: gwp_table().gas(name).treatment for name in ("HCFC-22", "Halon-1211", "R290", "SF6")}
    assert treatments == {"HCFC-22": "montreal", "Halon-1211": "montreal", "R290": "other", "SF6": "scopes"}


def test_an_unknown_agent_is_named() -> None:
    with pytest.raises(UnknownAgent, match="'r9999'"):
        gwp_table().blend("AR6", "r9999")
