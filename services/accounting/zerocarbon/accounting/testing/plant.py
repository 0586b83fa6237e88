"""A fictional cell plant and one month of its activity; every figure here is made up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.activity import ActivityEvent, ActivityRecorded, ReadingsCorrected, ReadingsRecorded
from zerocarbon.contracts.base import Event, Period
from zerocarbon.contracts.certificate import Project, UnitsRetired
from zerocarbon.contracts.reference import (
    FactoryRegistered,
    MeterRegistered,
    SourceKind,
    SourceRegistered,
)

ORGANISATION = natural_id("organisation", "fictional-maker")
FACTORY = natural_id("factory", "cell-plant")
ZONE = "Asia/Shanghai"
START, END = date(2024, 1, 1), date(2024, 2, 1)
RECORDED = datetime(2024, 2, 3, 1, tzinfo=UTC)
MIDNIGHT = datetime(2023, 12, 31, 16, tzinfo=UTC)
"""Where January begins in Shanghai."""
INTERVAL = 900
COUNT = 31 * 96

SOURCES: dict[str, tuple[SourceKind, str, str, int | None, dict[str, str]]] = {
    "grid": ("electricity-import", "electricity", "kWh", None, {}),
    "roof": (
        "electricity-generation",
        "electricity",
        "kWh",
        None,
        {"roof_owner": "us", "attributes_sold": "no"},
    ),
    "export": ("electricity-export", "electricity", "kWh", None, {"generation": "roof"}),
    "gas": ("stationary-fuel", "natural-gas", "Nm3", None, {}),
    "diesel": ("mobile-fuel", "diesel", "t", None, {}),
    "chiller": ("refrigerant", "r404a", "kg", None, {}),
    "steam": ("heat-import", "steam", "GJ", None, {}),
    "wafers": ("scope3", "wafer", "piece", 1, {}),
}
METERED = {"grid": Decimal("100.125"), "roof": Decimal("12.5"), "export": Decimal("2.25")}
RECORDS = {
    "gas": Decimal("12000.5"),
    "diesel": Decimal("1.234"),
    "chiller": Decimal("2.5"),
    "steam": Decimal("840"),
    "wafers": Decimal("150000"),
}


def source_id(code: str) -> str:
    """The id of a source."""
    return natural_id("source", FACTORY, code)


def meter_id(code: str) -> str:
    """The id of the meter of a source."""
    return natural_id("meter", FACTORY, code)


def reading(code: str, index: int) -> Decimal:
    """The value of one quarter-hour: a base that swings a little, so that no two hours are alike."""
    return METERED[code] + Decimal(index * 7 % 96) / 1000


def registrations(time_zone: str = ZONE) -> list[Event]:
    """Factory, sources and meters."""
    facts: list[Event] = [
        FactoryRegistered(
            factory_id=FACTORY,
            organisation_id=ORGANISATION,
            owned_from=date(2020, 1, 1),
            code="cell-plant",
            name_en="Cell plant",
            name_zh="电池片工厂",
            time_zone=time_zone,
            country="CN",
            grid_region="CN-JS",
            state="operating",
            industry="photovoltaic",
            products=["photovoltaic-cell"],
        )
    ]
    for code, (kind, substance, unit, category, attributes) in SOURCES.items():
        facts.append(
            SourceRegistered(
                factory_id=FACTORY,
                source_id=source_id(code),
                code=code,
                name_en=code,
                name_zh=code,
                kind=kind,
                substance=substance,
                unit=unit,
                scope3_category=category,
                attributes=attributes,
            )
        )
    facts += [
        MeterRegistered(
            factory_id=FACTORY,
            meter_id=meter_id(code),
            source_id=source_id(code),
            code=f"{code}-meter",
            unit="kWh",
            interval_seconds=INTERVAL,
        )
        for code in METERED
    ]
    return facts


def readings(code: str, first: int, count: int, recorded_at: datetime = RECORDED) -> ReadingsRecorded:
    """A block of readings of one meter, from the quarter-hour `first` of the month on."""
    return ReadingsRecorded(
        factory_id=FACTORY,
        source_id=source_id(code),
        recorded_at=recorded_at,
        meter_id=meter_id(code),
        unit="kWh",
        start=MIDNIGHT + timedelta(seconds=INTERVAL * first),
        interval_seconds=INTERVAL,
        values=[reading(code, index) for index in range(first, first + count)],
    )


def correction(recorded_at: datetime, first: int, difference: Decimal) -> ReadingsCorrected:
    """One hour of grid readings, from the quarter-hour `first` on, moved by a difference each."""
    previous = [reading("grid", index) for index in range(first, first + 4)]
    return ReadingsCorrected(
        factory_id=FACTORY,
        source_id=source_id("grid"),
        recorded_at=recorded_at,
        meter_id=meter_id("grid"),
        unit="kWh",
        start=MIDNIGHT + timedelta(seconds=INTERVAL * first),
        interval_seconds=INTERVAL,
        revision=2,
        previous=previous,
        values=[value + difference for value in previous],
        origin="substituted",
        reason="meter drift",
    )


def records() -> list[ActivityEvent]:
    """The month's activity that has no meter."""
    return [
        ActivityRecorded(
            factory_id=FACTORY,
            source_id=source_id(code),
            recorded_at=RECORDED,
            record=f"{code}-2024-01",
            start=MIDNIGHT,
            end=MIDNIGHT + timedelta(days=31),
            quantity=quantity,
            unit=SOURCES[code][2],
        )
        for code, quantity in RECORDS.items()
    ]


def month(block: int = 96) -> list[ActivityEvent]:
    """All activity of the month, its readings in blocks of the given size."""
    metered: list[ActivityEvent] = [
        readings(code, first, min(block, COUNT - first))
        for code in METERED
        for first in range(0, COUNT, block)
    ]
    return metered + records()


def retirement(megawatt_hours: int) -> UnitsRetired:
    """Certificates retired for the month."""
    return UnitsRetired(
        block_id=natural_id("block", "wind"),
        organisation_id=ORGANISATION,
        retirement_id=natural_id("retirement", "wind"),
        correlation_id=natural_id("correlation", "wind"),
        scheme="GEC",
        registry="cn-gec",
        serial="GEC-2024-01-WIND",
        low=0,
        high=megawatt_hours,
        unit="MWh",
        beneficiary_factory_id=FACTORY,
        purpose="scope2-claim",
        period=Period(start=START, end=END),
        project=Project(
            code="wind-01", name="Wind farm", technology="onshore-wind", country="CN", location="Jiangsu"
        ),
        vintage_start=START,
        vintage_end=END,
        issued_on=date(2024, 2, 20),
        retired_on=date(2025, 3, 1),
        registry_reference="statement-1",
    )
