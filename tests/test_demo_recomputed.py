"""The demo's inventory by the product's pure code and by an independent path: equal to the last digit.

Here the product folds and quantifies without services. `assert_inventory_agrees` of `tests.independent` is
the same comparison for an inventory that came out of the running services.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.independent.agreement import assert_inventory_agrees
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.ingest.api.forms import MappingForm
from zerocarbon.ingest.domain.series_file import SeriesMapping, read
from zerocarbon.product.demo import sample
from zerocarbon.product.demo.company import CELL_PLANT, FACTORIES, FactoryStory, SourceStory
from zerocarbon.product.demo.figures import OWN_FACTORS, SOURCE
from zerocarbon.product.demo.registering import INTERVAL_SECONDS, SAMPLE_MAPPING
from zerocarbon.proof.completeness import MeterCoverage
from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.facts import Factory, Retirement, Source
from zerocarbon.proof.fold import Series, Sums, day_number, delta_of_record
from zerocarbon.proof.inventory import lines_digest, totals
from zerocarbon.proof.numbers import parse
from zerocarbon.proof.period import HOUR, Period, local_midnight
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.rollup import all_in_period

YEAR = 2024
PERIOD = Period(date(YEAR, 1, 1), date(YEAR + 1, 1, 1))
CLOSED_ON = date(2025, 6, 30)
ZONE = "Asia/Shanghai"
SECOND = timedelta(seconds=1)
BLOCK = 96
UNHASHED = "0" * 64

Certificates = Mapping[str, int]
NONE: Certificates = {}
TWO_GROUPS: dict[str, Certificates] = {
    "hefei-cell": {"GEC/demo-dunhuang-pv": 5400, "IREC_CN/demo-zhangbei-wind": 3000},
    "yancheng-module": {"GEC/demo-dunhuang-pv": 1750, "IREC_CN/demo-zhangbei-wind": 333},
}

# Of the files that the seed makes; a change here changes every figure that was ever shown of the demo.
FILES_SHA256 = {
    "hefei-cell/grid-import.csv": "d93592705ae8f738b1b2c154e8ae9472a2acf59effbb4c941c517697cb61df23",
    "hefei-cell/records.json": "c1a6e105aa19945a1c522470467ed3ccb26165f92de50d01479235155b9ab773",
    "hefei-cell/rooftop-export.csv": "8fb903413e6effac8f2d0418ce417a900b7c73f0f0fc030cbfc774dee2bbe936",
    "hefei-cell/rooftop-generation.csv": "2d4b5adfead4e7227d3b9ea75462bb31e49cb5fadb54249b5e65645415bf5e5e",
    "yancheng-module/grid-import.csv": "a1cac594b8bd969b092516a970521580c06958500501e498cf82832e0516d8ef",
    "yancheng-module/records.json": "55bc86a15ab3ada138287c1ea80b27e46092328dc6868658328ce0ca6fffe72c",
    "yancheng-module/rooftop-export.csv": "e9213f5c4b7727130f6da89aecba41b573bd228443e202ba6d8e35200dd69a77",
    "yancheng-module/rooftop-generation.csv": (
        "56be1fa267e49872398f156d89f93bde176db3444ff58df47c6140f4fcf4a7a6"
    ),
}

# The story's own quantities give figures of few decimals, which would be the same however they were rounded.
UNEVEN = {
    "boiler-gas": "186400.37113",
    "forklift-diesel": "21.3617",
    "chiller-r404a": "38.512345678901",
    "cvd-nf3": "1259.999999999999",
    "steam": "14250.6123456789",
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of raw files of both factories."""
    directory = tmp_path_factory.mktemp("raw")
    for story in FACTORIES:
        sample.write(directory / story.code, story, YEAR)
    return directory


@pytest.fixture(scope="module")
def sums(raw: Path) -> dict[str, Sums]:
    """What the product folds out of them, by factory."""
    return {story.code: _fold(raw / story.code, story) for story in FACTORIES}


@pytest.fixture
def cell_plant(sums: dict[str, Sums]) -> dict[str, Any]:
    """The cell plant's closed inventory with its certificates, as JSON."""
    return _closed(CELL_PLANT, sums["hefei-cell"], TWO_GROUPS["hefei-cell"])


def test_the_seed_still_makes_the_same_files(raw: Path) -> None:
    made = {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in raw.glob("*/*")
        if path.name != "README.txt"
    }
    assert made == FILES_SHA256


@pytest.mark.parametrize("story", FACTORIES, ids=lambda story: story.code)
@pytest.mark.parametrize("retired", ["nothing", "two groups"])
def test_every_figure_agrees(raw: Path, sums: dict[str, Sums], story: FactoryStory, retired: str) -> None:
    certificates = NONE if retired == "nothing" else TWO_GROUPS[story.code]
    assert_inventory_agrees(_closed(story, sums[story.code], certificates), raw, certificates)


def test_figures_that_have_to_be_rounded_agree(tmp_path: Path) -> None:
    sources = tuple(
        replace(source, yearly=UNEVEN[source.code], records=1) if source.code in UNEVEN else source
        for source in CELL_PLANT.sources
    )
    story = replace(CELL_PLANT, sources=sources)
    sample.write(tmp_path / story.code, story, YEAR)
    closed = _closed(story, _fold(tmp_path / story.code, story), NONE)
    rounded = {line["source"] for line in closed["lines"] if len(line["co2e_kg"].partition(".")[2]) == 12}
    assert {"boiler-gas", "forklift-diesel", "cvd-nf3"} <= rounded
    assert_inventory_agrees(closed, tmp_path, NONE)


@pytest.mark.parametrize("file", ["grid-import.csv", "rooftop-generation.csv", "rooftop-export.csv"])
def test_a_watt_hour_more_in_one_reading_is_found(
    raw: Path, tmp_path: Path, cell_plant: dict[str, Any], file: str
) -> None:
    changed = tmp_path / "hefei-cell" / file
    shutil.copytree(raw / "hefei-cell", changed.parent)
    rows = changed.read_text(encoding="utf-8").splitlines()
    time, _, kilowatt_hours = rows[20_000].partition(",")
    rows[20_000] = f"{time},{Decimal(kilowatt_hours) + Decimal('0.001')}"
    changed.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(
        AssertionError, match=r"hefei-cell/.*: quantity is [0-9.]+ in the inventory, [0-9.]+ "
    ):
        assert_inventory_agrees(cell_plant, tmp_path, TWO_GROUPS["hefei-cell"])


def test_one_certificate_less_is_found(raw: Path, cell_plant: dict[str, Any]) -> None:
    with pytest.raises(
        AssertionError, match=r"certificate/GEC/demo-dunhuang-pv: quantity is 5400000 .* 5399000"
    ):
        assert_inventory_agrees(cell_plant, raw, {**TWO_GROUPS["hefei-cell"], "GEC/demo-dunhuang-pv": 5399})


def _fold(directory: Path, story: FactoryStory) -> Sums:
    """The product's way from raw files to sums: declared mapping, fold of blocks and of records."""
    sums, recorded = Sums(), day_number(CLOSED_ON)
    interval = timedelta(seconds=INTERVAL_SECONDS)
    for source in story.sources:
        if source.meter is None:
            continue
        declared = MappingForm.model_validate({**SAMPLE_MAPPING, "meter": source.meter})
        data = (directory / f"{source.meter}.csv").read_bytes()
        readings, refused = read(data, SeriesMapping(**declared.model_dump()), ZoneInfo(ZONE), interval)
        assert not refused
        for first in range(0, len(readings), BLOCK):
            block = readings[first : first + BLOCK]
            start = (block[0].start - datetime(1970, 1, 1, tzinfo=UTC)) // SECOND
            values = [reading.value for reading in block]
            sums.add_series([Series(source.code, start, INTERVAL_SECONDS, HOUR, recorded, values)])
    for record in json.loads((directory / "records.json").read_text(encoding="utf-8"))["records"]:
        start, end = (local_midnight(date.fromisoformat(record[at]), ZONE) for at in ("start", "end"))
        sums.add([delta_of_record(record["source"], start, end, parse(record["quantity"]), recorded)])
    return sums


def _closed(story: FactoryStory, sums: Sums, certificates: Certificates) -> dict[str, Any]:
    """The inventory of a factory by the product's pure code, in the form in which it is published."""
    codes = [source.code for source in story.sources]
    found = all_in_period(sums, codes, PERIOD, ZONE)
    assert not any(one.straddling for one in found.values())
    inputs = InventoryInputs(
        factory=Factory(story.code, ZONE, "CN", story.grid_region),
        period=PERIOD,
        knowledge_date=CLOSED_ON,
        sources=tuple(_source(source) for source in story.sources),
        quantities={code: one.quantity for code, one in found.items()},
        retirements=tuple(_retirements(certificates)),
        organisation_factors=tuple(approved_factor(event) for event in _approvals()),
    )
    lines = quantify(inputs)
    intervals = PERIOD.expected_intervals(INTERVAL_SECONDS, ZONE)
    coverage = [
        MeterCoverage(source.meter, source.code, INTERVAL_SECONDS, intervals, intervals).to_json()
        for source in story.sources
        if source.meter is not None
    ]
    closed = InventoryClosed.model_validate(
        {
            **{
                name: natural_id("recomputed", name, story.code)
                for name in ("inventory_id", "organisation_id", "factory_id", "preparer_id", "reviewer_id")
            },
            "factory": story.code,
            "period": PERIOD.to_json(),
            "profile": inputs.profile,
            "version": 1,
            "consolidation": inputs.consolidation,
            "knowledge_date": CLOSED_ON,
            "closed_at": datetime(2025, 6, 30, 8, tzinfo=UTC),
            "gwp_set": lines[0].gwp_set,
            "lines": [line.to_json() for line in lines],
            "totals": totals(lines).to_json(),
            "screening": [],
            "exclusions": [],
            "coverage": coverage,
            "readings_root": UNHASHED,
            "readings_count": 0,
            "retirements": [],
            "lines_sha256": lines_digest(lines),
            "inventory_sha256": UNHASHED,
            "pins": [],
        }
    )
    published: dict[str, Any] = json.loads(closed.data())
    return published


def _source(story: SourceStory) -> Source:
    return Source.from_json(
        {
            "code": story.code,
            "kind": story.kind,
            "substance": story.substance,
            "unit": story.unit,
            "scope3_category": story.scope3_category,
            "attributes": dict(story.attributes),
        }
    )


def _retirements(certificates: Certificates) -> Iterable[Retirement]:
    """Each group in two blocks of serial numbers, as a registry confirms them."""
    for group, megawatt_hours in certificates.items():
        scheme, _, project = group.partition("/")
        for low, high in ((0, megawatt_hours // 3), (megawatt_hours // 3, megawatt_hours)):
            yield Retirement(
                scheme=scheme,
                registry="synthetic",
                serial=f"{scheme}-2024",
                low=low,
                high=high,
                project=project,
                technology="wind",
                country="CN",
                vintage_start=date(YEAR, 1, 1),
                vintage_end=date(YEAR, 7, 1),
                retired_on=date(2025, 5, 20),
                registry_reference=f"{scheme}/{low}",
            )


def _approvals() -> Iterable[dict[str, Any]]:
    """The demo's own factors as their approvals are published."""
    for factor in OWN_FACTORS:
        yield {
            "factor": factor.code,
            "version": 1,
            "purpose": factor.purpose,
            "substance": factor.substance,
            "value": factor.value,
            "unit": factor.unit,
            "gas": factor.gas,
            "published": "2025-03-31",
            "source": SOURCE,
            "evidence_sha256": UNHASHED,
            "valid_from": PERIOD.start.isoformat(),
            "valid_to": PERIOD.end.isoformat(),
            "synthetic": True,
        }
