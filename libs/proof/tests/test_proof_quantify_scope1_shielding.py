"""Shielding gas by composition. Molar masses are made here from atomic weights, step by step."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.datafile import rows
from zerocarbon.proof.facts import Source
from zerocarbon.proof.quantify import composition, quantify
from zerocarbon.proof.quantify.attributes import FaultyAttribute
from zerocarbon.proof.quantify.composition import FaultyComposition, components
from zerocarbon.proof.testing.scope1 import masses, only_line, source, year
from zerocarbon.proof.units import WrongDimension

WEIGHTS = ("1.008", "4.002602", "12.011", "14.007", "15.999", "39.95")
"""Conventional atomic weights of hydrogen, helium, carbon, nitrogen, oxygen and argon (IUPAC 2021)."""

HYDROGEN, HELIUM, CARBON, NITROGEN, OXYGEN, ARGON = map(Decimal, WEIGHTS)
CO2 = CARBON + 2 * OXYGEN


def test_molar_masses_are_those_of_the_atomic_weights() -> None:
    assert {one.name: one.molar_mass for one in components().values()} == {
        "Ar": ARGON,
        "He": HELIUM,
        "N2": 2 * NITROGEN,
        "CO2": CO2,
        "O2": 2 * OXYGEN,
        "H2": 2 * HYDROGEN,
    }


@pytest.mark.requirement("R57")
def test_a_fifth_of_carbon_dioxide_by_mass_emits_a_fifth() -> None:
    welding = source("mag", "shielding-gas", "ar-co2", composition="Ar=0.8 CO2=0.2", composition_by="mass")
    line = only_line(year((welding, "1")))
    assert (masses(line), line.co2e_kg) == ({"CO2": Decimal("0.20")}, Decimal("0.20"))
    assert (line.scope, line.category, line.iso_category) == ("1", "fugitive", "1.4")


@pytest.mark.requirement("R57")
@pytest.mark.parametrize(
    ("composition", "mean", "share"),
    [
        ("Ar=0.8 CO2=0.2", Decimal("0.8") * ARGON + Decimal("0.2") * CO2, "0.2"),
        (
            "Ar=0.96 CO2=0.03 O2=0.01",
            Decimal("0.96") * ARGON + Decimal("0.03") * CO2 + Decimal("0.01") * 2 * OXYGEN,
            "0.03",
        ),
        (
            "He=0.6 Ar=0.3 N2=0.05 CO2=0.05",
            Decimal("0.6") * HELIUM
            + Decimal("0.3") * ARGON
            + Decimal("0.05") * 2 * NITROGEN
            + Decimal("0.05") * CO2,
            "0.05",
        ),
    ],
)
def test_fractions_of_volume_become_mass_by_molar_masses(composition: str, mean: Decimal, share: str) -> None:
    welding = source("mag", "shielding-gas", "mix", composition=composition, composition_by="volume")
    exact = Fraction(750) * Fraction(share) * Fraction(CO2) / Fraction(mean)
    expected = Decimal(round(exact * 10**12)) / 10**12
    assert masses(only_line(year((welding, "750")))) == {"CO2": expected}


@pytest.mark.requirement("R57")
@pytest.mark.parametrize("gas", ["ar", "he", "n2", "o2", "h2"])
def test_a_pure_inert_gas_emits_nothing(gas: str) -> None:
    line = only_line(year((source("tig", "shielding-gas", gas), "120")))
    assert (line.co2e_kg, list(masses(line))) == (0, ["CO2"])


def test_pure_carbon_dioxide_is_itself() -> None:
    assert only_line(year((source("mag", "shielding-gas", "co2", "t"), "0.12"))).co2e_kg == 120


@pytest.mark.parametrize(
    ("composition", "problem"),
    [
        ("Ar=0.8 CO2=0.19", "do not sum to 1"),
        ("Ar=0.8 CO2=0.2000000001", "do not sum to 1"),
        ("Ar=0.8 CO2=0.3 He=-0.1", "He: -0.1 is no part"),
        ("Ar=0.5 Ar=0.5", "a component stands twice"),
        ("Ar=0.9 CH4=0.1", "'CH4' is not one of Ar, He, N2, CO2, O2, H2"),
        ("Ar=0.8 CO2=20%", "CO2: '20%' is not a plain decimal"),
        ("Ar CO2", "Ar: '' is not a plain decimal"),
        ("", "do not sum to 1"),
    ],
)
@pytest.mark.requirement("R57")
def test_a_composition_that_is_not_whole_is_refused(composition: str, problem: str) -> None:
    welding = source("mag", "shielding-gas", "mix", composition=composition, composition_by="mass")
    with pytest.raises(FaultyAttribute, match=r"^mag\.composition: ") as refused:
        quantify(year((welding, "1")))
    assert problem in str(refused.value)
    assert refused.value.rule == "R57"


def test_a_mix_without_composition_and_a_composition_of_nothing_said_are_refused() -> None:
    with pytest.raises(FaultyAttribute, match=r"mag\.composition: 'm21' is no pure gas"):
        quantify(year((source("mag", "shielding-gas", "m21"), "1")))
    for by in ({}, {"composition_by": "moles"}):
        said = source("mag", "shielding-gas", "m21", composition="Ar=0.8 CO2=0.2", **by)
        with pytest.raises(FaultyAttribute, match=r"mag\.composition_by: .* is not one of mass, volume"):
            quantify(year((said, "1")))


@pytest.mark.parametrize(
    "gas",
    [
        source("torch", "shielding-gas", "ar"),
        source("torch", "shielding-gas", "mix", composition="Ar=0.8 CO2=0.2", composition_by="mass"),
    ],
)
def test_a_component_that_is_only_remembered_is_refused(gas: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    quantify(year((gas, "1")))
    remembered = [
        {**row, "confidence": "memory"} if row["component"] == "Ar" else row
        for row in rows("shielding_gases.csv")
    ]
    monkeypatch.setattr(composition, "rows", lambda _: remembered)
    components.cache_clear()
    try:
        with pytest.raises(FaultyComposition, match=r"torch\.composition: the data of Ar are not confirmed"):
            quantify(year((gas, "1")))
    finally:
        components.cache_clear()


def test_a_volume_of_gas_is_no_mass() -> None:
    with pytest.raises(WrongDimension, match="'Nm3'"):
        quantify(year((source("mag", "shielding-gas", "co2", "Nm3"), "1")))


@given(st.integers(min_value=0, max_value=9999), st.integers(min_value=0, max_value=9999))
def test_more_carbon_dioxide_in_the_mix_never_emits_less(one: int, other: int) -> None:
    def emitted(ten_thousandths: int, by: str) -> Decimal:
        share = Decimal(ten_thousandths + 1) / 10000
        rest = f"Ar={1 - share} " if share != 1 else ""
        welding = source("m", "shielding-gas", "m", composition=f"{rest}CO2={share}", composition_by=by)
        return only_line(year((welding, "10"))).co2e_kg

    less, more = sorted((one, other))
    for by in ("mass", "volume"):
        assert emitted(less, by) <= emitted(more, by)
    # Carbon dioxide is heavier than argon: by volume the same number stands for more of it.
    assert emitted(one, "mass") <= emitted(one, "volume")
