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


def agent(code: str, kind: Any, substance: str, unit: str = "kg", **attributes: str) -> SourceRegistered:
    return GRID.model_copy(
        update={
            "code": code,
            "source_id": natural_id("source", code),
            "kind": kind,
            "substance": substance,
            "unit": unit,
            "attributes": attributes,
        }
    )


STOCKED = agent("pecvd", "process-gas", "nf3", counts="received")


@pytest.mark.requirement("R65")
@pytest.mark.parametrize(
    "substance",
    ["dry-powder", "foam-chemical", "co2", "1211", "acid-alkali", "hfc-227ea", "fk-5-1-12", "ig-541"],
)
def test_the_register_takes_the_five_extinguishers_and_fixed_systems(substance: str) -> None:
    extinguisher = agent("fire", "extinguisher", substance)
    assert factory.register_source(given(PLANT), extinguisher) == [extinguisher]


@pytest.mark.parametrize(
    "source",
    [
        agent("mag", "shielding-gas", "m20", composition="Ar=0.8 CO2=0.2", composition_by="volume"),
        agent("gis", "switchgear", "sf6", "g"),
        agent("water", "waste-water", "anaerobic-reactor", oxygen_demand="bod"),
        agent("soda", "carbonate", "sodium-carbonate", "t", purity="0.98", purity_evidence="assay"),
        agent("flare", "methane-recovery", "ch4", recovery_evidence="log"),
        agent("carbon", "co2-recovery", "co2", "t"),
    ],
)
def test_a_source_of_a_new_kind_is_registered(source: SourceRegistered) -> None:
    assert factory.register_source(given(PLANT), source) == [source]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            agent("mag", "shielding-gas", "m20", "Nm3", composition="Ar=0.8 CO2=0.3", composition_by="mass"),
            [("unit-dimension", "/unit"), ("R57", "/attributes/composition")],
        ),
        (agent("soda", "carbonate", "sodium-carbonate", purity="98"), [("R7", "/attributes/purity")]),
        (
            agent("etch", "process-gas", "nf3", uptime="1.2", **{"destruction_a/b": "0.9"}),
            [("R7", "/attributes/uptime"), ("R7", "/attributes/destruction_a~1b")],
        ),
        (agent("etch", "process-gas", "nf3", heel="default"), [("rules 4", "/attributes/heel")]),
    ],
)
def test_attributes_that_quantification_would_refuse_are_refused_here(
    source: SourceRegistered, expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refused) as refused:
        factory.register_source(given(PLANT), source)
    assert rules(refused) == expected


def test_a_term_of_a_balance_comes_after_its_source() -> None:
    opening = agent("opening", "process-gas", "nf3", balance_of="pecvd", flow="opening-stock")
    closing = agent("closing", "process-gas", "nf3", balance_of="opening", flow="closing-stock")
    charged = agent("charged", "refrigerant", "r32", balance_of="pecvd", flow="charged")
    for early, state in (
        (opening, given(PLANT)),
        (closing, given(PLANT, STOCKED, opening)),
        (charged, given(PLANT, STOCKED)),
    ):
        with pytest.raises(Refused) as refused:
            factory.register_source(state, early)
        assert rules(refused) == [("rules 4", "/attributes/balance_of")]
    assert factory.register_source(given(PLANT, STOCKED), opening) == [opening]
    stray = agent("stray", "process-gas", "nf3", balance_of="pecvd", flow="sludge")
    with pytest.raises(Refused) as refused:
        factory.register_source(given(PLANT, STOCKED), stray)
    assert rules(refused) == [("rules 4", "/attributes/flow")]
