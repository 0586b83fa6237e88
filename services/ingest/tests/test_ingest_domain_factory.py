"""A factory's register. Given events, when a registration, then events or a refusal."""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import Any

import pytest

from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Conflict, NotFound, Refused
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.reference import FactoryRegistered, MeterRegistered, SourceRegistered
from zerocarbon.ingest.domain import factory
from zerocarbon.ingest.domain.factory import Factory

ID = natural_id("factory", "cell-plant")
PLANT = FactoryRegistered(
    factory_id=ID,
    organisation_id=natural_id("organisation", "maker"),
    owned_from=date(2020, 1, 1),
    code="cell-plant",
    name_en="Cell plant",
    name_zh="电池片工厂",
    time_zone="Asia/Shanghai",
    country="CN",
    grid_region="CN-JS",
    state="operating",
    industry="photovoltaic",
    products=["photovoltaic-cell"],
)
GRID = SourceRegistered(
    factory_id=ID,
    source_id=natural_id("source", "grid"),
    code="grid",
    name_en="Grid",
    name_zh="外购电力",
    kind="electricity-import",
    substance="electricity",
    unit="kWh",
)
METER = MeterRegistered(
    factory_id=ID,
    meter_id=natural_id("meter", "m1"),
    source_id=GRID.source_id,
    code="m1",
    unit="kWh",
    interval_seconds=900,
)


def given(*events: Event) -> Factory:
    return reduce(factory.decider.evolve, events, factory.decider.initial())


def rules(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(one.rule, one.pointer) for one in refused.value.violations]


def test_a_registration_repeated_is_no_second_fact() -> None:
    state = given(PLANT, GRID, METER)
    assert factory.register(given(), PLANT) == [PLANT]
    assert factory.register(state, PLANT) == []
    assert factory.register_source(state, GRID) == []
    assert factory.register_meter(state, METER) == []


def test_a_code_stands_for_one_thing() -> None:
    state = given(PLANT, GRID, METER)
    with pytest.raises(Conflict):
        factory.register(state, PLANT.model_copy(update={"time_zone": "Europe/Berlin"}))
    with pytest.raises(Conflict):
        factory.register_source(state, GRID.model_copy(update={"unit": "MWh"}))
    with pytest.raises(Conflict):
        factory.register_meter(state, METER.model_copy(update={"interval_seconds": 3600}))


def test_a_time_zone_is_one_that_exists() -> None:
    with pytest.raises(Refused) as refused:
        factory.register(given(), PLANT.model_copy(update={"time_zone": "China/Wuxi"}))
    assert rules(refused) == [("time-zone", "/time_zone")]


@pytest.mark.parametrize("fact", [GRID, METER])
def test_nothing_belongs_to_a_factory_that_is_not_there(fact: Any) -> None:
    decide: Any = factory.register_source if fact is GRID else factory.register_meter
    with pytest.raises(NotFound):
        decide(given(), fact)
    with pytest.raises(NotFound):
        factory.zone_of(given(), ID)


def test_a_source_is_refused_for_all_its_faults_at_once() -> None:
    roof = GRID.model_copy(
        update={"code": "roof", "kind": "electricity-generation", "unit": "furlong", "scope3_category": 3}
    )
    with pytest.raises(Refused) as refused:
        factory.register_source(given(PLANT), roof)
    assert rules(refused) == [
        ("unit", "/unit"),
        ("R16", "/scope3_category"),
        ("R105", "/attributes/roof_owner"),
        ("R105", "/attributes/attributes_sold"),
    ]


def test_a_scope_3_source_names_its_category() -> None:
    wafers = GRID.model_copy(update={"code": "wafers", "kind": "scope3", "unit": "kg"})
    with pytest.raises(Refused) as refused:
        factory.register_source(given(PLANT), wafers)
    assert rules(refused) == [("R16", "/scope3_category")]
    named = wafers.model_copy(update={"scope3_category": 1})
    assert factory.register_source(given(PLANT), named) == [named]


def test_a_meter_measures_what_its_source_is_counted_in() -> None:
    megawatts = METER.model_copy(update={"unit": "MWh"})
    assert factory.register_meter(given(PLANT, GRID), megawatts) == [megawatts]
    wrong = METER.model_copy(update={"unit": "kg", "interval_seconds": 86_400})
    with pytest.raises(Refused) as refused:
        factory.register_meter(given(PLANT, GRID), wrong)
    assert rules(refused) == [("interval", "/interval_seconds"), ("unit-dimension", "/unit")]
    with pytest.raises(NotFound):
        factory.register_meter(given(PLANT), METER)


def test_a_factory_of_another_trade_is_told_what_the_guide_was_written_for() -> None:
    assert factory.warnings(PLANT) == []
    assert len(factory.warnings(PLANT.model_copy(update={"products": ["steel"]}))) == 1
