"""Figures of the demo's inventory of 2024, typed by hand from the documents named beside them.

Nothing here is read from the product's data files: a figure that was mistyped there shows up as a difference.
What is called synthetic is the fictional company's own and was retyped from the demo's list of own factors.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

YEAR = 2024
NEWEST_FROM, NEWEST_UNTIL = date(2024, 12, 20), date(2025, 12, 31)
"""From when until when, half-open, these were the newest grid factors that a close could know."""

# MEE announcement 2024 no. 33, tables 3 and 4. The residual is the national figure without market-traded
# non-fossil power, the only stand-in for a residual mix.
GRID_AVERAGE = {"hefei-cell": Decimal("0.6782"), "yancheng-module": Decimal("0.5978")}
"""Kilograms of CO2 per kWh by factory: Anhui and Jiangsu, averages of 2022."""
GRID_RESIDUAL = Decimal("0.5856")
"""Kilograms of CO2 per kWh, China 2022."""
UPSTREAM_OF_GRID = Decimal("0.0853")
"""Kilograms of CO2e per kWh before the power reaches the meter; synthetic."""

GWP = {
    "CO2": Decimal(1),
    "CO2e": Decimal(1),
    "NF3": Decimal(17400),
    "PFC-14": Decimal(7380),
    "HFC-125": Decimal(3740),
    "HFC-134a": Decimal(1530),
    "HFC-143a": Decimal(5810),
}
"""Kilograms of CO2e per kilogram over 100 years. IPCC AR6, working group I, table 7.SM.7. PFC-14 is CF4."""


@dataclass(frozen=True)
class Fuel:
    """`category` of scope 1; GJ per unit, tonnes of carbon per GJ, and the share that burns."""

    category: str
    unit: str
    gigajoules: Decimal
    carbon: Decimal
    oxidised: Decimal


@dataclass(frozen=True)
class Refrigerant:
    """Mass fractions of the gases in a refill counted in kilograms."""

    fractions: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class ProcessGas:
    """A gas consumed in kilograms: the shares used up, turned into a by-product, led away and destroyed."""

    gas: str
    by_product: str
    used_up: Decimal
    by_product_rate: Decimal
    abated: Decimal
    uptime: Decimal
    destroyed: Decimal
    by_product_destroyed: Decimal


@dataclass(frozen=True)
class Steam:
    """Tonnes of CO2 per GJ bought."""

    tonnes: Decimal


@dataclass(frozen=True)
class Purchase:
    """A scope 3 category from 1 to 15, and kilograms of CO2e per unit."""

    category: int
    unit: str
    kilograms: Decimal


# NDRC accounting guide for other industrial enterprises (trial) 2015, appendix 2, table 2.1. The guide prints
# natural gas as 389.31 GJ per ten thousand normal cubic metres.
_GAS = (Decimal("0.038931"), Decimal("0.0153"), Decimal("0.99"))
_DIESEL = (Decimal("43.33"), Decimal("0.0202"), Decimal("0.98"))

SOURCES: dict[str, Fuel | Refrigerant | ProcessGas | Steam | Purchase] = {
    "boiler-gas": Fuel("stationary-combustion", "Nm3", *_GAS),
    "canteen-gas": Fuel("stationary-combustion", "Nm3", *_GAS),
    "forklift-diesel": Fuel("mobile-combustion", "t", *_DIESEL),
    # ANSI/ASHRAE Standard 34-2019.
    "chiller-r404a": Refrigerant(
        (("HFC-125", Decimal("0.44")), ("HFC-143a", Decimal("0.52")), ("HFC-134a", Decimal("0.04"))),
    ),
    # Synthetic, approved by the fictional company with the log of its scrubbers.
    "cvd-nf3": ProcessGas(
        gas="NF3",
        by_product="PFC-14",
        used_up=Decimal("0.782"),
        by_product_rate=Decimal("0.0213"),
        abated=Decimal(1),
        uptime=Decimal("0.972"),
        destroyed=Decimal("0.95"),
        by_product_destroyed=Decimal("0.89"),
    ),
    "steam": Steam(Decimal("0.1047")),
    # Synthetic figures of suppliers, carriers and buyers.
    "wafers": Purchase(1, "piece", Decimal("0.318")),
    "silver-paste": Purchase(1, "kg", Decimal("284.6")),
    "glass": Purchase(1, "t", Decimal("1023.5")),
    "frames": Purchase(1, "t", Decimal("13410")),
    "encapsulant": Purchase(1, "t", Decimal("2648")),
    "process-equipment": Purchase(2, "t", Decimal("8420")),
    "laminators": Purchase(2, "t", Decimal("7930")),
    "inbound-freight": Purchase(4, "t.km", Decimal("0.0984")),
    "cell-processing": Purchase(10, "piece", Decimal("0.0121")),
    "cell-end-of-life": Purchase(12, "t", Decimal("21.4")),
    "module-end-of-life": Purchase(12, "t", Decimal("38.2")),
}
"""How each source of `records.json` is counted, by its code; both factories use the same codes alike."""
