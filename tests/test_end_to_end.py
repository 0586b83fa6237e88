"""The whole chain as a stranger sees it: services in processes of their own, public APIs, files.

Four tellings on three stages. A year of a plant's own meter comes first on the first stage, because the
business clock of a stage only moves forward; what tells besides the whole story leaves out the module plant.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from rich.console import Console

from tests.independent import meter_file
from tests.independent.agreement import assert_inventory_agrees
from tests.independent.plant_year import plant_year
from zerocarbon.product.demo import mapping, second_path
from zerocarbon.product.demo.client import DemoStopped
from zerocarbon.product.demo.company import CELL_PLANT, MODULE_PLANT, SEED, FactoryStory, Organisation
from zerocarbon.product.demo.run import Story
from zerocarbon.product.demo.stage import Stage, embedded_stage, kafka_stage
from zerocarbon.product.demo.summary import print_summary
from zerocarbon.product.demo.told import Told
from zerocarbon.product.demo.wishes import Wishes
from zerocarbon.proof.keys import read_public_key
from zerocarbon.proof.manifest import Authenticity
from zerocarbon.proof.verify.run import verify

# One telling takes most of a minute on two cores, with a broker and nine processes more.
pytestmark = pytest.mark.timeout(400)

CERTIFICATES = {"GEC/demo-dunhuang-pv": 5400, "IREC_CN/demo-zhangbei-wind": 3000}
ALWAYS = {"statement.html", "statement.pdf", "refused-iso-14068-1.html", "bundle.zip", "issuer-key.pem"}
AFTER_WITHDRAWAL = datetime(2026, 11, 20, 2, tzinfo=UTC)
"""PAS 2060 is withdrawn; the green certificates of 2024 that were left over are older than two years."""

LENDER = Organisation("lender", "Load curve (fictional)", "负荷曲线（虚构）")


@dataclass(frozen=True, slots=True)
class Telling:
    """What a telling came to, its folder, and all that it printed."""

    told: Told
    output: Path
    printed: str

    @property
    def lines(self) -> list[str]:
        """What it printed, line by line, without the space around."""
        return [line.strip() for line in self.printed.splitlines()]


def tell(stage: Stage, wishes: Wishes) -> Telling:
    with Path("/dev/null").open("w") as nowhere:
        console = Console(file=nowhere, record=True, width=200)
        told = Story(wishes, console).tell(stage)
        print_summary(told, wishes.output, console)
    return Telling(told, wishes.output, console.export_text())


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with embedded_stage(tmp_path_factory.mktemp("embedded-data") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def lent(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Telling:
    file = tmp_path_factory.mktemp("meter") / "plant_2018.csv"
    file.write_bytes(plant_year(2018))
    output = tmp_path_factory.mktemp("lent")
    return tell(stage, Wishes(output, meter_data=file, company=LENDER, factories=(CELL_PLANT,)))


@pytest.fixture(scope="module")
def embedded(stage: Stage, lent: Telling, tmp_path_factory: pytest.TempPathFactory) -> Telling:
    assert lent.told.year < 2024
    return tell(stage, Wishes(tmp_path_factory.mktemp("embedded")))


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Telling:
    output = tmp_path_factory.mktemp("late")
    with embedded_stage(tmp_path_factory.mktemp("late-data") / "data") as running:
        return tell(running, Wishes(output, asked_on=AFTER_WITHDRAWAL, factories=(CELL_PLANT,)))


def command(bundle: Path, *more: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "zerocarbon.product.main", "verify", str(bundle), *more]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


def files(telling: Telling) -> set[str]:
    return {path.name for path in telling.output.iterdir() if path.is_file()}


def reports(*factories: FactoryStory) -> set[str]:
    return {f"inventory-{story.code}.{form}" for story in factories for form in ("html", "pdf", "xlsx")}


# The story


def test_the_inventory_agrees_with_an_independent_path_to_the_last_digit(embedded: Telling) -> None:
    raw = embedded.output / "input"
    assert_inventory_agrees(embedded.told.inventories[CELL_PLANT.code], raw, CERTIFICATES)
    assert_inventory_agrees(embedded.told.inventories[MODULE_PLANT.code], raw, {})


@pytest.mark.requirement("R196")
def test_one_standard_issues_and_the_other_shows_why_it_does_not(embedded: Telling) -> None:
    pas, iso = embedded.told.outcomes
    statement = pas.body["statement"]
    assert (pas.issued, statement["scope2_basis"]) == (True, "market")
    assert statement["credits_tonnes"] == statement["emissions_tonnes_rounded_up"] == 16_262
    assert (iso.issued, [gate["gate"] for gate in iso.failed]) == (False, ["neutrality"])


def test_the_output_holds_these_files_and_no_other(embedded: Telling) -> None:
    assert files(embedded) == ALWAYS | reports(CELL_PLANT, MODULE_PLANT) | {"declaration.json"}
    assert {path.name for path in embedded.output.iterdir() if path.is_dir()} == {"input"}


def test_each_inventory_has_its_report(embedded: Telling) -> None:
    for story in (CELL_PLANT, MODULE_PLANT):
        closed = embedded.told.inventories[story.code]
        place = embedded.output / f"inventory-{story.code}"
        page = place.with_suffix(".html").read_text(encoding="utf-8")
        paper = "".join(one.extract_text() for one in PdfReader(place.with_suffix(".pdf")).pages)
        for text in (closed["inventory_sha256"], f"inventory-lines sha256:{closed['lines_sha256']}"):
            assert text in page
            assert text in paper.replace("\n", "")
        assert "SAMPLE" in paper
        book = load_workbook(place.with_suffix(".xlsx"))
        assert book.worksheets[1].max_row == 1 + len(closed["lines"])


def test_the_summary_says_what_the_story_came_to(embedded: Telling) -> None:
    for line in (
        f"All data are synthetic, made by a seeded script (seed {SEED}).",
        "Company, factories, verifier, registries' units and projects are fictional.",
        "│ Scope 1 │        1,045.067 │        1,045.067 │               138.767 │               138.767 │",
        "│ Scope 2 │       10,286.769 │        4,166.915 │             1,972.386 │             1,932.134 │",
        "│ Scope 3 │       11,049.624 │       11,049.624 │            13,362.492 │            13,362.492 │",
        "│ Total   │       22,381.459 │       16,261.605 │            15,473.645 │            15,433.392 │",
        "Roof of hefei-cell, yancheng-module: owned by Lanhai Photovoltaics, the factory itself;"
        " the attributes of its power were not sold",
        "Retired before the close: 5,400 MWh GEC",
        "Retired before the close: 3,000 MWh IREC_CN",
        "Retired after the opinion: 16,262 t CO2e CCER",
        "ISSUED for hefei-cell: PAS 2060:2014, all 23 gates hold",
        "REFUSED for hefei-cell: ISO 14068-1:2023, 1 of 22 gates does not hold",
        "Each figure is rounded to the kilogram; totals are sums of the unrounded figures.",
        "E = 16,261.605 t, counted as 16,262 t (market-based); C = 16,262 credits",
        f"Files in {embedded.output}/",
        f"Read it: open {embedded.output}/statement.html",
        f".venv/bin/zerocarbon verify {embedded.output}/bundle.zip --key {embedded.output}/issuer-key.pem",
    ):
        assert line in embedded.lines
    digest = embedded.told.inventories[CELL_PLANT.code]["lines_sha256"]
    assert f"hefei-cell: inventory-lines sha256:{digest}" in embedded.lines
    for name in files(embedded):
        size = (embedded.output / name).stat().st_size
        assert any(line.startswith(f"{name:<32}{size:>12,} bytes  ") for line in embedded.lines)


def test_each_chapter_states_the_business_clock_and_shows_bars(embedded: Telling) -> None:
    lines = embedded.lines
    chapters = [at for at, line in enumerate(lines) if line[:2] in {f"{number} " for number in range(1, 6)}]
    assert [lines[at + 1] for at in chapters] == [
        f"business clock: {day}, Asia/Shanghai"
        for day in ("2025-02-10", "2025-03-20", "2025-05-20", "2025-06-10", "2025-06-30")
    ]
    ends = [*chapters[1:], len(lines)]
    for start, end in zip(chapters, ends, strict=True):
        assert any("━" in line and "0:0" in line for line in lines[start:end])


def test_the_documents_say_what_was_decided_in_both_languages(embedded: Telling) -> None:
    text = "".join(page.extract_text() for page in PdfReader(embedded.output / "statement.pdf").pages)
    page = (embedded.output / "statement.html").read_text(encoding="utf-8")
    for found in ("碳中和声明", "Statement of carbon neutrality", "16,262"):
        assert found in text
        assert found in page
    declaration = (embedded.output / "declaration.json").read_text(encoding="utf-8")
    credential: dict[str, Any] = json.loads(declaration)
    assert credential["type"] == "EnvelopedVerifiableCredential"


# The bundle


def test_the_bundle_is_verified_offline_by_a_process_without_services(embedded: Telling) -> None:
    bundle, key = embedded.output / "bundle.zip", str(embedded.output / "issuer-key.pem")
    with_key = command(bundle, "--key", key)
    assert with_key.returncode == 0, with_key.stdout + with_key.stderr
    digest = embedded.told.inventories[CELL_PLANT.code]["lines_sha256"]
    assert ["ok", "inventory-lines", f"sha256:{digest}"] in [
        line.split() for line in with_key.stdout.splitlines()
    ]
    without = command(bundle)
    assert without.returncode == 0
    hint = "give --key FILE to check who signed"
    assert without.stdout.splitlines()[-2:] == ["consistent, not authenticated", hint]


def test_a_changed_byte_of_the_bundle_is_found(embedded: Telling) -> None:
    data = (embedded.output / "bundle.zip").read_bytes()
    key = read_public_key((embedded.output / "issuer-key.pem").read_bytes())
    for place in (40, len(data) // 3, len(data) // 2, len(data) - 30):
        changed = bytearray(data)
        changed[place] ^= 1
        report = verify(bytes(changed), key)
        assert report.authenticity is Authenticity.REFUSED or not report.ok, f"byte {place}"


@pytest.mark.parametrize("part", ["middle", "end"])
def test_the_command_names_where_a_byte_was_changed(embedded: Telling, tmp_path: Path, part: str) -> None:
    changed = bytearray((embedded.output / "bundle.zip").read_bytes())
    changed[len(changed) // 2 if part == "middle" else len(changed) - 30] ^= 1
    (tmp_path / "bundle.zip").write_bytes(changed)
    said = command(tmp_path / "bundle.zip", "--key", str(embedded.output / "issuer-key.pem"))
    assert said.returncode == 1, said.stdout + said.stderr
    failures = [line for line in said.stdout.splitlines() if line.startswith("FAIL")]
    assert failures
    assert all(line.startswith("FAIL  container ") and len(line.split()) > 3 for line in failures)


# Asked years later


@pytest.mark.requirement("R196")
def test_asked_after_the_withdrawal_every_refusal_says_what_is_left(late: Telling) -> None:
    pas, iso = late.told.outcomes
    assert not pas.issued
    assert not iso.issued
    assert "business clock: 2026-11-20, Asia/Shanghai" in late.lines
    assert "Expired meanwhile, unused: 500 MWh GEC" in late.lines
    assert {"neutrality"} < {gate["gate"] for gate in pas.failed}
    for gate in (*pas.failed, *iso.failed):
        assert f"✗ {gate['gate']}: {gate['found']}" in late.lines
    notices = [line for line in late.lines if line.startswith("notice: ")]
    assert any("PAS 2060" in line and "withdrawn" in line for line in notices)
    cures = [line for line in late.lines if line.startswith("what would cure it: ")]
    assert any("declare 20" in line and "instead" in line for line in cures)


def test_without_a_declaration_the_evaluation_lies_in_its_place(late: Telling) -> None:
    assert files(late) == ALWAYS | reports(CELL_PLANT) | {"evaluation.json"}
    written = json.loads((late.output / "evaluation.json").read_text(encoding="utf-8"))
    assert [one["standard"] for one in written["evaluations"]] == ["PAS 2060:2014", "ISO 14068-1:2023"]
    first = late.told.outcomes[0].failed[0]
    stopped = f"PAS 2060:2014 was stopped first by its gate {first['gate']}: {first['found']}"
    assert f"No declaration exists. {stopped}" in late.lines


# A plant's own meter


def test_a_year_of_a_plants_own_meter_goes_through_as_it_is(lent: Telling) -> None:
    again = meter_file.read(plant_year(2018), "date", "Usage_kWh")
    assert again.is_whole_year()
    closed = lent.told.inventories[CELL_PLANT.code]
    grid = [line for line in closed["lines"] if line["source"] == "grid" and line["basis"] == "location"]
    assert [line["quantity"] for line in grid] == [str(again.kilowatt_hours)]
    assert closed["period"] == {"start": "2018-01-01", "end": "2019-01-01"}
    read = {meter["meter"]: meter["read"] for meter in closed["coverage"]}
    assert read["grid-import"] == len(again.numbers) == 35_040
    sums = (
        f"35,040 intervals, {again.kilowatt_hours:,} kWh;"
        " equal to the sum of plain decimals over the raw file"
    )
    assert sums in lent.lines
    declared = (
        "plant_2018.csv is read by end-of-interval.json, which comes with the product; columns: time 'date'"
    )
    assert any(line.startswith(declared) for line in lent.lines)


def test_a_reading_that_the_product_lost_or_changed_stops_the_demo() -> None:
    again = second_path.resum(plant_year(2018), mapping.load(None))
    second_path.compare(35_040, again.quantity, again)
    for intervals, quantity in ((35_039, again.quantity), (35_040, again.quantity + Decimal("0.01"))):
        with pytest.raises(DemoStopped, match=r"by a second path the file has 35,040 intervals"):
            second_path.compare(intervals, quantity, again)


def test_its_documents_are_samples_and_say_what_stopped_the_claim(lent: Telling) -> None:
    assert files(lent) == ALWAYS | reports(CELL_PLANT) | {"evaluation.json"}
    text = "".join(page.extract_text() for page in PdfReader(lent.output / "statement.pdf").pages)
    assert "SAMPLE" in text
    for name in ("statement.html", "refused-iso-14068-1.html"):
        assert "SAMPLE" in (lent.output / name).read_text(encoding="utf-8")
    sample = "SAMPLE: the readings of plant_2018.csv stand in for the grid meter of the fictional hefei-cell:"
    assert sample in lent.lines
    stopped = "No declaration exists. PAS 2060:2014 was stopped first by its gate "
    assert [line for line in lent.lines if line.startswith(stopped)]
    assert "neutrality" in {gate["gate"] for gate in lent.told.outcomes[0].failed}


# The other bus


def test_on_kafka_the_same_story_has_the_same_inventories(
    embedded: Telling, tmp_path_factory: pytest.TempPathFactory
) -> None:
    output = tmp_path_factory.mktemp("kafka")
    with kafka_stage(tmp_path_factory.mktemp("kafka-data") / "data") as running:
        told = tell(running, Wishes(output)).told
    for factory, inventory in embedded.told.inventories.items():
        assert told.inventories[factory]["lines_sha256"] == inventory["lines_sha256"]
        assert told.inventories[factory]["readings_root"] == inventory["readings_root"]
    assert [one.issued for one in told.outcomes] == [True, False]
