"""The independent path against figures worked out on paper, and what its comparison finds.

A factory with the same reading in every quarter-hour of 2024, 35,136 of them, and one record a source.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.independent.agreement import assert_inventory_agrees

ROOT = Path(__file__).parents[2]
INTERVALS = 366 * 96
METERS = {"grid-import": "1.000", "rooftop-generation": "0.250", "rooftop-export": "0.050"}
RECORDS = (
    ("boiler-gas", "1000", "Nm3"),
    ("forklift-diesel", "1", "t"),
    ("chiller-r404a", "1", "kg"),
    ("cvd-nf3", "1000", "kg"),
    ("steam", "10", "GJ"),
    ("glass", "2", "t"),
)
CERTIFICATES = {"GEC/wind": 20, "I-REC/sun": 5}


def line(
    name: str, scope: str, category: str, basis: str, quantity: str, unit: str, *gases: tuple[str, str, str]
) -> dict[str, Any]:
    """A published line of one gas after another: name, kilograms, kilograms of CO2e. The last is the sum."""
    *parts, (_, _, total) = gases
    return {
        "line": f"hefei-cell/{name}",
        "scope": scope,
        "category": category,
        "basis": basis,
        "quantity": quantity,
        "unit": unit,
        "gases": [{"gas": gas, "mass_kg": mass, "co2e_kg": co2e} for gas, mass, co2e in parts or gases],
        "co2e_kg": total,
    }


def single(name: str, place: tuple[str, str, str], quantity: str, unit: str, gas: str, kilograms: str) -> Any:
    """A line of CO2 or of what is counted in CO2e."""
    return line(name, *place, quantity, unit, (gas, kilograms, kilograms))


LOCATION, MARKET = ("2", "electricity", "location"), ("2", "electricity", "market")
BY_HAND: dict[str, Any] = {
    "factory": "hefei-cell",
    "period": {"start": "2024-01-01", "end": "2025-01-01"},
    "knowledge_date": "2025-06-30",
    "lines": [
        # 35,136 kWh x 0.6782, and 35,136 - 25,000 = 10,136 kWh x 0.5856.
        single("grid/location", LOCATION, "35136", "kWh", "CO2", "23829.2352"),
        single("grid/market/certificate/GEC/wind", MARKET, "20000", "kWh", "CO2", "0"),
        single("grid/market/certificate/I-REC/sun", MARKET, "5000", "kWh", "CO2", "0"),
        single("grid/market/rest", MARKET, "10136", "kWh", "CO2", "5935.6416"),
        # 35,136 x (0.25 - 0.05) kWh.
        single("rooftop/location/own-use", LOCATION, "7027.2", "kWh", "CO2", "0"),
        single("rooftop/market/own-use", MARKET, "7027.2", "kWh", "CO2", "0"),
        # 35,136 kWh x 0.0853.
        single("grid/both/upstream", ("3", "3", "both"), "35136", "kWh", "CO2e", "2997.1008"),
        # 38.931 GJ x 15.3 kg/GJ x 0.99 x 44/12: the guide knows it as 2.1621888 t.
        single(
            "boiler-gas/both", ("1", "stationary-combustion", "both"), "1000", "Nm3", "CO2", "2162.188809"
        ),
        # 43.33 GJ x 20.2 kg/GJ x 0.98 x 44/12 = 9435.36748 / 3.
        single(
            "forklift-diesel/both", ("1", "mobile-combustion", "both"), "1", "t", "CO2", "3145.122493333333"
        ),
        # 0.44 x 3740 + 0.52 x 5810 + 0.04 x 1530 = 4728.
        line(
            "chiller-r404a/both",
            *("1", "fugitive", "both"),
            *("1", "kg"),
            ("HFC-125", "0.44", "1645.6"),
            ("HFC-143a", "0.52", "3021.2"),
            ("HFC-134a", "0.04", "61.2"),
            ("sum", "1", "4728"),
        ),
        # 1000 x 0.218 x (1 - 0.95 x 0.972) = 16.6988 kg, 1000 x 0.0213 x (1 - 0.89 x 0.972) = 2.873796 kg.
        line(
            "cvd-nf3/both",
            *("1", "process", "both"),
            *("1000", "kg"),
            ("NF3", "16.6988", "290559.12"),
            ("PFC-14", "2.873796", "21208.61448"),
            ("sum", "", "311767.73448"),
        ),
        single("steam/both", ("2", "heat", "both"), "10", "GJ", "CO2", "1047"),
        single("glass/both", ("3", "1", "both"), "2", "t", "CO2e", "2047"),
    ],
    "totals": {
        "scope1": "321803.045782333333",
        "scope2_location": "24876.2352",
        "scope2_market": "6982.6416",
        "scope3": "5044.1008",
        "outside": "0",
        "total_location": "351723.381782333333",
        "total_market": "333829.788182333333",
    },
    "coverage": [
        {"meter": meter, "interval_seconds": 900, "expected": INTERVALS, "read": INTERVALS}
        for meter in METERS
    ],
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("by-hand")
    folder = directory / "hefei-cell"
    folder.mkdir()
    start = datetime(2024, 1, 1, tzinfo=UTC)
    times = [f"{start + number * timedelta(minutes=15):%Y-%m-%d %H:%M}" for number in range(INTERVALS)]
    for meter, value in METERS.items():
        rows = "".join(f"{time},{value}\n" for time in times)
        (folder / f"{meter}.csv").write_text(f"time,kwh\n{rows}", encoding="utf-8")
    year = {"record": "2024", "start": "2024-01-01", "end": "2025-01-01"}
    records = [{"source": source, "quantity": many, "unit": unit, **year} for source, many, unit in RECORDS]
    (folder / "records.json").write_text(json.dumps({"records": records}), encoding="utf-8")
    return directory


@pytest.fixture
def closed() -> dict[str, Any]:
    return copy.deepcopy(BY_HAND)


def test_every_figure_is_the_one_on_paper(raw: Path, closed: dict[str, Any]) -> None:
    assert_inventory_agrees(closed, raw, CERTIFICATES)


def later_knowledge(closed: dict[str, Any]) -> None:
    closed["knowledge_date"] = "2025-12-31"


def unit_more_in_the_last_place(closed: dict[str, Any]) -> None:
    closed["lines"][8]["gases"][0]["mass_kg"] = "3145.122493333334"


def gas_less(closed: dict[str, Any]) -> None:
    del closed["lines"][9]["gases"][0]


def other_scope(closed: dict[str, Any]) -> None:
    closed["lines"][9]["scope"] = "outside"


def line_twice(closed: dict[str, Any]) -> None:
    closed["lines"].append(closed["lines"][0])


def line_more(closed: dict[str, Any]) -> None:
    closed["lines"].append({**closed["lines"][0], "line": "hefei-cell/other/location"})


def line_less(closed: dict[str, Any]) -> None:
    del closed["lines"][0]


def other_total(closed: dict[str, Any]) -> None:
    closed["totals"]["scope3"] = "5044.100800000001"


def unread(closed: dict[str, Any]) -> None:
    closed["coverage"][0]["read"] -= 1


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (later_knowledge, "not those known on 2025-12-31"),
        (
            unit_more_in_the_last_place,
            r"CO2 mass_kg is 3145\.122493333334 in the inventory, 3145\.122493333333",
        ),
        (gas_less, "HFC-125 mass_kg is None in the inventory"),
        (other_scope, "scope is outside in the inventory, 1 independently"),
        (line_twice, "hefei-cell/grid/location: stands 2 times"),
        (line_more, "hefei-cell/other/location: only in the inventory"),
        (line_less, "hefei-cell/grid/location: only on the independent path"),
        (other_total, r"totals: scope3 is 5044\.100800000001"),
        (unread, "coverage: grid-import is"),
    ],
)
def test_a_changed_inventory_is_found(
    raw: Path, closed: dict[str, Any], change: Callable[[dict[str, Any]], None], found: str
) -> None:
    change(closed)
    with pytest.raises(AssertionError, match=found):
        assert_inventory_agrees(closed, raw, CERTIFICATES)


@pytest.mark.parametrize("kept", [slice(0, 0), slice(1, 2)], ids=["left out", "twice"])
def test_a_series_with_a_wrong_interval_is_refused(
    raw: Path, tmp_path: Path, closed: dict[str, Any], kept: slice
) -> None:
    folder = tmp_path / "hefei-cell"
    folder.mkdir()
    for file in (raw / "hefei-cell").iterdir():
        rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
        if file.stem == "rooftop-export":
            rows[2:3] = rows[kept]
        (folder / file.name).write_text("".join(rows), encoding="utf-8")
    with pytest.raises(ValueError, match=r"rooftop-export.*stands where 2024-01-01 00:15:00 was due"):
        assert_inventory_agrees(closed, tmp_path, CERTIFICATES)


def test_more_certificates_than_purchases_are_refused(raw: Path, closed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"-864\.000 kWh without certificate"):
        assert_inventory_agrees(closed, raw, {"GEC/wind": 36})


def test_it_runs_by_hand_without_any_installed_package(raw: Path) -> None:
    # -S leaves out site-packages, so that nothing of the product or of its dependencies can be imported.
    command = [
        sys.executable,
        "-S",
        "-E",
        "-m",
        "tests.independent.recompute",
        str(raw),
        "hefei-cell",
        "2024",
    ]
    command += [f"--certificate={group}={count}" for group, count in CERTIFICATES.items()]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "hefei-cell/forklift-diesel/both 1 t 3145.122493333333\n" in printed
    assert printed.splitlines()[-1] == "total_market 333829.788182333333"
