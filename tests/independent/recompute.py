"""The demo's inventory once more, from the raw files, by code that shares nothing with the product.

Only the standard library is imported, and figures come from `constants.py`. Sums and products are exact: a
digit that would be lost raises. There is one division, by the 12 of 44/12, and one rounding of each gas, to
twelve decimals of a kilogram, half to even. By hand, from the root of the checkout:

    python -m tests.independent.recompute RAW_DIRECTORY hefei-cell 2024 --certificate SCHEME/PROJECT=8300
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation, Overflow, localcontext
from pathlib import Path

from tests.independent.constants import (
    GRID_AVERAGE,
    GRID_RESIDUAL,
    GWP,
    SOURCES,
    UPSTREAM_OF_GRID,
    YEAR,
    Fuel,
    ProcessGas,
    Purchase,
    Refrigerant,
    Steam,
)
from tests.independent.raw_files import Raw, read

EXACT = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=[Inexact, InvalidOperation, Overflow])
ROUNDED = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, Overflow])
TWELFTH_DECIMAL = Decimal("0.000000000001")
KILOGRAMS = 1000
"""In a tonne."""
KILOWATT_HOURS = 1000
"""In a megawatt-hour."""
NOTHING = Decimal(0)

Masses = dict[str, Decimal]
"""Kilograms by gas."""


@dataclass(frozen=True)
class Line:
    """One figure: `gases` gives kilograms of each gas and of its CO2e, both rounded."""

    name: str
    scope: str
    category: str
    basis: str
    quantity: Decimal
    unit: str
    gases: dict[str, tuple[Decimal, Decimal]]

    @property
    def co2e(self) -> Decimal:
        """Kilograms of CO2e: the sum of the gases as they were rounded."""
        return _sum(co2e for _, co2e in self.gases.values())


@dataclass(frozen=True)
class Inventory:
    """Lines by name, and the number of intervals that each meter's file holds."""

    lines: dict[str, Line]
    intervals: dict[str, int]

    def totals(self) -> dict[str, Decimal]:
        """Kilograms of CO2e by scope. Purchased heat stands in scope 2 under both methods."""
        scope1, scope3 = self._scope("1"), self._scope("3")
        location, market = self._scope("2", "location"), self._scope("2", "market")
        return {
            "scope1": scope1,
            "scope2_location": location,
            "scope2_market": market,
            "scope3": scope3,
            "outside": self._scope("outside"),
            "total_location": _sum([scope1, location, scope3]),
            "total_market": _sum([scope1, market, scope3]),
        }

    def _scope(self, scope: str, basis: str = "") -> Decimal:
        counted = {"both", basis or "both"}
        return _sum(
            line.co2e for line in self.lines.values() if line.scope == scope and line.basis in counted
        )


def recompute(
    raw_directory: Path, factory: str, year: int, certificates: Mapping[str, int] | None = None
) -> Inventory:
    """The inventory of one factory.

    Args:
        raw_directory: the folder that holds a folder for each factory.
        certificates: retired MWh by `<scheme>/<project>`.

    Raises:
        ValueError: the raw files are not whole, more was retired than was bought from the grid, or the
            year is not that of the typed figures.
    """
    if year != YEAR:
        raise ValueError(f"the figures typed by hand are for {YEAR}, not for {year}")
    with localcontext(EXACT):
        raw = read(raw_directory / factory, year)
        lines = [*_electricity(factory, raw, certificates or {}), *_records(factory, raw)]
        return Inventory({line.name: line for line in lines}, raw.intervals)


def _electricity(factory: str, raw: Raw, certificates: Mapping[str, int]) -> Iterator[Line]:
    bought = raw.kilowatt_hours["grid-import"]
    # The company owns both roofs and sold none of their attributes: what it used of them itself is zero.
    own_use = raw.kilowatt_hours["rooftop-generation"] - raw.kilowatt_hours["rooftop-export"]
    rest = bought - KILOWATT_HOURS * sum(certificates.values())
    if own_use < 0 or rest < 0:
        raise ValueError(f"{factory}: own use {own_use} kWh, {rest} kWh without certificate")

    def power(name: str, basis: str, quantity: Decimal, factor: Decimal) -> Line:
        masses = {"CO2": quantity * factor}
        return _line(f"{factory}/{name}", "2", "electricity", basis, quantity, "kWh", masses)

    yield power("grid/location", "location", bought, GRID_AVERAGE[factory])
    for basis in ("location", "market"):
        yield power(f"rooftop/{basis}/own-use", basis, own_use, NOTHING)
    for group, megawatt_hours in certificates.items():
        covered = Decimal(megawatt_hours) * KILOWATT_HOURS
        yield power(f"grid/market/certificate/{group}", "market", covered, NOTHING)
    if rest or not bought:
        yield power("grid/market/rest", "market", rest, GRID_RESIDUAL)
    upstream = {"CO2e": bought * UPSTREAM_OF_GRID}
    yield _line(f"{factory}/grid/both/upstream", "3", "3", "both", bought, "kWh", upstream)


def _records(factory: str, raw: Raw) -> Iterator[Line]:
    for source, (quantity, unit) in raw.records.items():
        scope, category, counted_in, masses = _counted(source, quantity)
        if unit != counted_in:
            raise ValueError(f"{factory}/{source} is counted in {counted_in}, not in {unit}")
        yield _line(f"{factory}/{source}/both", scope, category, "both", quantity, unit, masses)


def _counted(source: str, quantity: Decimal) -> tuple[str, str, str, Masses]:
    """Scope, category, unit and masses of what a source caused."""
    match SOURCES[source]:
        case Fuel(category, unit, gigajoules, carbon, oxidised):
            carbon_kilograms = quantity * gigajoules * carbon * KILOGRAMS * oxidised
            return "1", category, unit, {"CO2": ROUNDED.divide(carbon_kilograms * 44, Decimal(12))}
        case Refrigerant(fractions):
            return "1", "fugitive", "kg", {gas: quantity * fraction for gas, fraction in fractions}
        case ProcessGas() as process:
            return "1", "process", "kg", _process(process, quantity)
        case Steam(tonnes):
            return "2", "heat", "GJ", {"CO2": quantity * tonnes * KILOGRAMS}
        case Purchase(number, unit, kilograms):
            return "3", str(number), unit, {"CO2e": quantity * kilograms}


def _process(process: ProcessGas, consumed: Decimal) -> Masses:
    running = process.abated * process.uptime
    left = consumed - consumed * process.used_up
    formed = consumed * process.by_product_rate
    return {
        process.gas: left - left * running * process.destroyed,
        process.by_product: formed - formed * running * process.by_product_destroyed,
    }


def _line(
    name: str, scope: str, category: str, basis: str, quantity: Decimal, unit: str, masses: Masses
) -> Line:
    gases = {
        gas: (_rounded(kilograms), _rounded(ROUNDED.multiply(kilograms, GWP[gas])))
        for gas, kilograms in masses.items()
    }
    return Line(name, scope, category, basis, quantity, unit, gases)


def _rounded(kilograms: Decimal) -> Decimal:
    return ROUNDED.quantize(kilograms, TWELFTH_DECIMAL)


def _sum(values: Iterable[Decimal]) -> Decimal:
    with localcontext(EXACT):
        return sum(values, NOTHING)


def _group(text: str) -> tuple[str, int]:
    name, _, megawatt_hours = text.rpartition("=")
    return name, int(megawatt_hours)


def main(arguments: Sequence[str]) -> None:
    """Prints lines and totals in kilograms of CO2e."""
    parser = argparse.ArgumentParser(prog="recompute", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("raw_directory", type=Path)
    parser.add_argument("factory")
    parser.add_argument("year", type=int)
    parser.add_argument("--certificate", type=_group, action="append", default=[], metavar="GROUP=MWH")
    asked = parser.parse_args(arguments)
    found = recompute(asked.raw_directory, asked.factory, asked.year, dict(asked.certificate))
    for line in sorted(found.lines.values(), key=lambda line: line.name):
        sys.stdout.write(f"{line.name} {line.quantity:f} {line.unit} {line.co2e:f}\n")
    for name, kilograms in found.totals().items():
        sys.stdout.write(f"{name} {kilograms:f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
