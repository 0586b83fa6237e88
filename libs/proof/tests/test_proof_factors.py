"""Which factor the server chooses, and which it refuses. Values are those of the official announcements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.factors.approved import NegativeFactor, NotForOrganisations, approved_factor
from zerocarbon.proof.factors.choice import AmbiguousFactor, Asked, NoFactor, choose
from zerocarbon.proof.factors.factor import BadFactorUnit, Factor, Unconfirmed
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import Factory
from zerocarbon.proof.period import Period
from zerocarbon.proof.units import UnknownUnit, WrongDimension

JIANGSU = Factory("yancheng", "Asia/Shanghai", "CN", "CN-JS")
TIBET = Factory("lhasa", "Asia/Shanghai", "CN", "CN-XZ")
YEAR_2024 = Period(date(2024, 1, 1), date(2025, 1, 1))
MID_2025 = date(2025, 6, 30)
AVERAGE = Asked("electricity-average", "electricity", JIANGSU, YEAR_2024, MID_2025)


def approval(**changes: Json) -> dict[str, Json]:
    return {
        "factor": "steam-2024",
        "version": 1,
        "substance": "steam",
        "purpose": "heat",
        "value": "65.5",
        "unit": "kgCO2e/GJ",
        "gas": "CO2e",
        "valid_from": "2024-01-01",
        "published": "2025-02-01",
        "source": "Heat supplier's statement",
        "evidence_sha256": "ab" * 32,
        **changes,
    }


STEAM = replace(AVERAGE, purpose="heat", substance="steam")


@pytest.mark.parametrize(
    ("asked", "factor", "value", "rung"),
    [
        (AVERAGE, "cn-grid-average-2022/CN-JS", "0.5978", "province"),
        (replace(AVERAGE, factory=TIBET), "cn-grid-average-2022/CN", "0.5366", "nation"),
        (
            replace(AVERAGE, factory=replace(JIANGSU, grid_region="CN-EAST")),
            "cn-grid-average-2022/CN-EAST",
            "0.5617",
            "region",
        ),
        (replace(AVERAGE, purpose="electricity-residual"), "cn-grid-residual-2022/CN", "0.5856", "nation"),
        (
            replace(AVERAGE, knowledge_date=date(2024, 12, 19)),
            "cn-grid-average-2021/CN-JS",
            "0.6451",
            "province",
        ),
        (
            replace(AVERAGE, knowledge_date=date(2025, 12, 31)),
            "cn-grid-average-2023/CN-JS",
            "0.5827",
            "province",
        ),
        # Before 2024 there was no provincial figure: the regional one of 2011 is the newest confirmed.
        (
            replace(
                AVERAGE, period=Period(date(2018, 1, 1), date(2019, 1, 1)), knowledge_date=date(2019, 6, 30)
            ),
            "cn-grid-average-2011/CN-EAST",
            "0.7129",
            "region",
        ),
        # Known later, a period of 2022 takes its own year and not a newer one.
        (
            replace(
                AVERAGE, period=Period(date(2022, 1, 1), date(2023, 1, 1)), knowledge_date=date(2026, 1, 1)
            ),
            "cn-grid-average-2022/CN-JS",
            "0.5978",
            "province",
        ),
    ],
)
def test_the_ladder_and_the_knowledge_date(asked: Asked, factor: str, value: str, rung: str) -> None:
    chosen = choose(asked, Library.load())
    assert (chosen.factor.id, chosen.factor.value, chosen.rung) == (factor, Decimal(value), rung)
    assert chosen.factor.published <= asked.knowledge_date


@given(st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_of_the_library(random: Random) -> None:
    factors = list(Library.load().factors())
    random.shuffle(factors)
    assert choose(AVERAGE, Library.of(factors)) == choose(AVERAGE, Library.load())


def test_nothing_found_says_what_was_asked() -> None:
    with pytest.raises(NoFactor, match="scope3 of wafer at CN-JS, CN for 2024-01-01") as refusal:
        choose(replace(AVERAGE, purpose="scope3", substance="wafer"), Library.load())
    assert refusal.value.unconfirmed == ()


def test_an_unconfirmed_default_is_refused_and_named() -> None:
    with pytest.raises(NoFactor, match="never enters a claimed number") as refusal:
        choose(STEAM, Library.load())
    assert refusal.value.unconfirmed == ("cn-guide-other-2015/purchased-heat",)


def test_the_confirmed_default_of_heat_serves_once_it_was_published() -> None:
    chosen = choose(replace(STEAM, knowledge_date=date(2026, 1, 1)), Library.load())
    assert (chosen.factor.id, chosen.factor.value) == ("gbt-32150-2025/purchased-heat", Decimal("0.11"))


def test_an_unconfirmed_factor_cannot_stand_in_a_line() -> None:
    memory = next(factor for factor in Library.load().factors() if factor.confidence == "memory")
    with pytest.raises(Unconfirmed, match="not confirmed"):
        memory.use()


def test_a_suppliers_factor_comes_first_and_shows_its_evidence() -> None:
    chosen = choose(
        replace(STEAM, knowledge_date=date(2026, 1, 1)), Library.load(), [approved_factor(approval())]
    )
    use = chosen.use()
    assert (use.factor, use.rung, use.confidence) == ("steam-2024", "supplier", "approved")
    assert use.clause == f"evidence sha256:{'ab' * 32}"


def test_a_synthetic_factor_says_so_where_it_is_used() -> None:
    assert approved_factor(approval(synthetic=True)).source == "Heat supplier's statement (synthetic)"


@pytest.mark.parametrize(
    "changes",
    [
        {"published": "2025-07-01"},
        {"valid_from": "2024-02-01"},
        {"valid_from": "2023-01-01", "valid_to": "2024-12-31"},
    ],
)
def test_an_own_factor_outside_its_dates_is_not_used(changes: dict[str, Json]) -> None:
    with pytest.raises(NoFactor):
        choose(STEAM, Library.load(), [approved_factor(approval(**changes))])


def test_a_later_version_replaces_an_earlier_one() -> None:
    versions = [approved_factor(approval(version=number, value=str(60 + number))) for number in (2, 1)]
    assert choose(STEAM, Library.load(), versions).factor.value == 62


def test_two_own_factors_that_fit_alike_are_refused() -> None:
    both = [approved_factor(approval()), approved_factor(approval(factor="steam-other"))]
    with pytest.raises(AmbiguousFactor, match=r"steam-2024|steam-other"):
        choose(STEAM, Library.load(), both)


def test_an_organisation_cannot_set_a_grid_average() -> None:
    with pytest.raises(NotForOrganisations, match="electricity-average"):
        approved_factor(approval(purpose="electricity-average"))


@pytest.mark.parametrize(
    ("unit", "error"),
    [
        ("kgCO2e", BadFactorUnit),
        ("kgCO2e/steam", UnknownUnit),
        ("kWh/GJ", BadFactorUnit),
        ("kgCH4/GJ", BadFactorUnit),
    ],
)
def test_a_unit_that_nothing_can_be_multiplied_with_is_refused(unit: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        approved_factor(approval(unit=unit))


def test_a_factor_below_zero_is_refused() -> None:
    with pytest.raises(NegativeFactor, match="-1"):
        approved_factor(approval(value="-1"))


def test_a_factor_takes_any_unit_of_its_dimension_and_no_other() -> None:
    factor = approved_factor(approval())
    # 2 GJ = 0.002 TJ; 2 x 65.5 = 131 kg
    assert factor.gas_kilograms(Decimal(2), "GJ") == 131
    assert factor.gas_kilograms(Decimal("0.002"), "TJ") == 131
    with pytest.raises(WrongDimension, match="'t'"):
        factor.gas_kilograms(Decimal(1), "t")


def test_table_sets_are_kept_apart() -> None:
    asked = replace(AVERAGE, purpose="fuel-calorific-value", substance="natural-gas")
    chosen = choose(replace(asked, publication="cn-guide-other-2015"), Library.load())
    assert chosen.factor.value == Decimal("0.038931")
    with pytest.raises(NoFactor):
        choose(replace(asked, publication="cn-guide-oil-gas-2014"), Library.load())


def test_no_figure_is_usable_before_the_year_for_which_it_was_made() -> None:
    for factor in Library.load().factors():
        assert factor.year is None or factor.published >= date(factor.year, 1, 1)


def test_every_factor_reads_back_and_has_a_unit_that_can_be_used() -> None:
    for factor in Library.load().factors():
        assert Factor.from_json(factor.to_json()) == factor
        if factor.gas.startswith("CO2"):
            assert factor.gas_kilograms(Decimal(0), factor.denominator()) == 0


def test_a_factor_stands_once() -> None:
    first = Library.load().factors()[0]
    with pytest.raises(ValueError, match="stands twice"):
        Library.of([first, first])
    assert Library.of([first]).digest() != Library.load().digest()
