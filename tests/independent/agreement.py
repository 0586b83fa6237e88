"""Holds a closed inventory of the demo against the independent path, to the last digit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.independent.constants import NEWEST_FROM, NEWEST_UNTIL
from tests.independent.recompute import Inventory, Line, recompute

QUARTER_HOURS_PER_DAY = 96


def assert_inventory_agrees(
    inventory_json: Mapping[str, Any], raw_directory: Path, certificates: Mapping[str, int]
) -> None:
    """Compares every line, gas, total and meter count.

    Args:
        inventory_json: an `inventory-closed` event as its API gives it, over a calendar year.
        raw_directory: the folder that holds a folder of raw files for each factory.
        certificates: retired MWh of this factory and period by `<scheme>/<project>`.

    Raises:
        AssertionError: names each difference with both figures.
    """
    start, end = (date.fromisoformat(inventory_json["period"][name]) for name in ("start", "end"))
    assert (start, end) == (date(start.year, 1, 1), date(start.year + 1, 1, 1)), "not a calendar year"
    known = date.fromisoformat(inventory_json["knowledge_date"])
    assert NEWEST_FROM <= known < NEWEST_UNTIL, f"the typed factors are not those known on {known}"
    ours = recompute(raw_directory, inventory_json["factory"], start.year, certificates)
    found = [
        *_lines(inventory_json["lines"], ours),
        *_totals(inventory_json["totals"], ours),
        *_coverage(inventory_json["coverage"], ours, (end - start).days * QUARTER_HOURS_PER_DAY),
    ]
    assert not found, "the inventory and the independent path differ:\n" + "\n".join(found)


def _lines(closed: list[dict[str, Any]], ours: Inventory) -> Iterator[str]:
    stands = Counter(line["line"] for line in closed)
    yield from (f"{name}: stands {times} times" for name, times in stands.items() if times > 1)
    yield from (f"{name}: only in the inventory" for name in sorted(stands.keys() - ours.lines.keys()))
    yield from (f"{name}: only on the independent path" for name in sorted(ours.lines.keys() - stands.keys()))
    for line in closed:
        if line["line"] in ours.lines:
            yield from _compared(line["line"], _facts(line), _own_facts(ours.lines[line["line"]]))


def _totals(closed: Mapping[str, str], ours: Inventory) -> Iterator[str]:
    theirs: dict[str, object] = {name: Decimal(figure) for name, figure in closed.items()}
    yield from _compared("totals", theirs, dict(ours.totals()))


def _coverage(closed: list[dict[str, Any]], ours: Inventory, expected: int) -> Iterator[str]:
    theirs: dict[str, object] = {
        meter["meter"]: (meter["interval_seconds"], meter["expected"], meter["read"]) for meter in closed
    }
    own: dict[str, object] = {meter: (900, expected, count) for meter, count in ours.intervals.items()}
    yield from _compared("coverage", theirs, own)


def _facts(line: Mapping[str, Any]) -> dict[str, object]:
    facts: dict[str, object] = {name: line[name] for name in ("scope", "category", "basis", "unit")}
    facts |= {name: Decimal(line[name]) for name in ("quantity", "co2e_kg")}
    for gas in line["gases"]:
        facts[f"{gas['gas']} mass_kg"] = Decimal(gas["mass_kg"])
        facts[f"{gas['gas']} co2e_kg"] = Decimal(gas["co2e_kg"])
    return facts


def _own_facts(line: Line) -> dict[str, object]:
    facts: dict[str, object] = {
        "scope": line.scope,
        "category": line.category,
        "basis": line.basis,
        "unit": line.unit,
        "quantity": line.quantity,
        "co2e_kg": line.co2e,
    }
    for gas, (mass, co2e) in line.gases.items():
        facts[f"{gas} mass_kg"] = mass
        facts[f"{gas} co2e_kg"] = co2e
    return facts


def _compared(name: str, theirs: Mapping[str, object], ours: Mapping[str, object]) -> Iterator[str]:
    for fact in sorted(theirs.keys() | ours.keys()):
        if theirs.get(fact) != ours.get(fact):
            yield f"{name}: {fact} is {theirs.get(fact)} in the inventory, {ours.get(fact)} independently"
