"""Every kind of source under every profile: a figure, a refusal, or an entry among what is not counted."""

from __future__ import annotations

from typing import get_args

import pytest

from zerocarbon.proof.categories import SCOPE1_CLASSES
from zerocarbon.proof.facts import Source, SourceKind
from zerocarbon.proof.not_counted import not_counted
from zerocarbon.proof.profiles import profiles
from zerocarbon.proof.quantify import quantify
from zerocarbon.proof.quantify.source_faults import source_faults
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.testing.scope1 import source, year

SUBSTANCES: dict[SourceKind, tuple[str, str]] = {
    "electricity-import": ("electricity", "kWh"),
    "electricity-generation": ("electricity", "kWh"),
    "electricity-export": ("electricity", "kWh"),
    "heat-import": ("steam", "GJ"),
    "heat-export": ("steam", "GJ"),
    "stationary-fuel": ("diesel", "t"),
    "mobile-fuel": ("diesel", "t"),
    "refrigerant": ("r32", "kg"),
    "process-gas": ("nf3", "kg"),
    "extinguisher": ("co2", "kg"),
    "shielding-gas": ("co2", "kg"),
    "switchgear": ("sf6", "kg"),
    "waste-water": ("anaerobic-reactor", "kg"),
    "carbonate": ("sodium-carbonate", "kg"),
    "methane-recovery": ("ch4", "kg"),
    "co2-recovery": ("co2", "kg"),
    "scope3": ("wafer", "piece"),
}
CLASSES: dict[SourceKind, str] = {
    "stationary-fuel": "stationary-combustion",
    "mobile-fuel": "mobile-combustion",
    "refrigerant": "fugitive",
    "process-gas": "process",
    "extinguisher": "fugitive",
    "shielding-gas": "fugitive",
    "switchgear": "fugitive",
    "waste-water": "fugitive",
    "carbonate": "process",
}
WITHOUT_FACTOR = {"heat-import", "heat-export", "scope3"}
BELONGING = {"electricity-export", "methane-recovery", "co2-recovery"}
"""They belong to another source, and where there is none say so."""
LONELY = ("electricity-export", "cn-other")
"""The national guide nets what was sold, whoever made it."""


def one_of(kind: SourceKind) -> Source:
    substance, unit = SUBSTANCES[kind]
    return source("one", kind, substance, unit)


@pytest.mark.parametrize("profile", sorted(profiles()))
@pytest.mark.parametrize("kind", get_args(SourceKind))
def test_no_source_with_data_vanishes(kind: SourceKind, profile: str) -> None:
    inputs = year((one_of(kind), "1"), profile=profile)
    listed = [one.source for one in not_counted(inputs)]
    if not listed and (kind in WITHOUT_FACTOR or (kind in BELONGING and (kind, profile) != LONELY)):
        with pytest.raises(Refused):
            quantify(inputs)
        return
    assert {line.source for line in quantify(inputs)} == ({"one"} - set(listed))


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_every_line_of_scope_1_has_one_of_the_four_classes(kind: SourceKind) -> None:
    (line,) = quantify(year((one_of(kind), "1")))
    assert (line.scope, line.category) == ("1", CLASSES[kind])
    assert line.category in SCOPE1_CLASSES
    assert (
        line.iso_category
        == {
            "stationary-combustion": "1.1",
            "mobile-combustion": "1.2",
            "process": "1.3",
            "fugitive": "1.4",
        }[line.category]
    )


@pytest.mark.parametrize("kind", get_args(SourceKind))
def test_a_plain_source_of_any_kind_has_no_fault(kind: SourceKind) -> None:
    assert source_faults(one_of(kind)) == ()


@pytest.mark.parametrize(
    ("faulty", "places"),
    [
        (
            source(
                "a",
                "process-gas",
                "nf3",
                counts="guess",
                abated_share="2",
                uptime="-1",
                destruction="most",
                destruction_cf4="1.1",
                flow="heel",
            ),
            ["balance_of", "counts", "abated_share", "uptime", "destruction", "destruction_cf4"],
        ),
        (source("a", "process-gas", "nf3", heel="default", destruction_xyz="1"), ["heel", "destruction_xyz"]),
        (source("a", "refrigerant", "r32", counts="charges"), ["counts"]),
        (source("a", "switchgear", "sf6", balance_of="b", flow="heel"), ["flow"]),
        (source("a", "extinguisher", "co2", balance_of="b"), ["flow"]),
        (source("a", "shielding-gas", "mix"), ["composition"]),
        (source("a", "shielding-gas", "mix", composition="Ar=1"), ["composition_by"]),
        (source("a", "waste-water", "septic-system", oxygen_demand="toc"), ["oxygen_demand"]),
        (source("a", "carbonate", "dolomite", purity="1.01"), ["purity"]),
    ],
)
def test_a_register_hears_of_all_faults_at_once(faulty: Source, places: list[str]) -> None:
    assert [fault.attribute for fault in source_faults(faulty)] == places
