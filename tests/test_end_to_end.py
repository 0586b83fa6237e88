"""The whole chain as a stranger sees it: services in processes of their own, public APIs, files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from rich.console import Console

from tests.independent.agreement import assert_inventory_agrees
from zerocarbon.product.demo.company import CELL_PLANT, MODULE_PLANT
from zerocarbon.product.demo.run import Story, Told, Wishes
from zerocarbon.product.demo.stage import embedded_stage, kafka_stage
from zerocarbon.proof.keys import read_public_key
from zerocarbon.proof.manifest import Authenticity
from zerocarbon.proof.verify.run import verify

# One telling takes most of a minute on two cores, with a broker and nine processes more.
pytestmark = pytest.mark.timeout(400)

CERTIFICATES = {"GEC/demo-dunhuang-pv": 5400, "IREC_CN/demo-zhangbei-wind": 3000}


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Path]:
    output = tmp_path_factory.mktemp("embedded")
    with embedded_stage(tmp_path_factory.mktemp("embedded-data") / "data") as stage:
        return Story(stage, Wishes(output), Console(quiet=True)).tell(), output


def test_the_inventory_agrees_with_an_independent_path_to_the_last_digit(
    embedded: tuple[Told, Path],
) -> None:
    told, output = embedded
    raw = output / "input"
    assert_inventory_agrees(told.inventories[CELL_PLANT.code], raw, CERTIFICATES)
    assert_inventory_agrees(told.inventories[MODULE_PLANT.code], raw, {})


@pytest.mark.requirement("R196")
def test_one_standard_issues_and_the_other_shows_why_it_does_not(embedded: tuple[Told, Path]) -> None:
    told, _ = embedded
    pas, iso = told.outcomes
    statement = pas.body["statement"]
    assert (pas.issued, statement["scope2_basis"]) == (True, "market")
    assert statement["credits_tonnes"] == statement["emissions_tonnes_rounded_up"] == 16_262
    failed = [gate["gate"] for gate in iso.body["evaluation"]["gates"] if not gate["passed"]]
    assert (iso.issued, failed) == (False, ["neutrality"])


def test_the_bundle_is_verified_offline_by_a_process_without_services(embedded: tuple[Told, Path]) -> None:
    told, output = embedded
    command = [sys.executable, "-m", "zerocarbon.product.main", "verify", str(output / "bundle.zip")]
    key = ["--key", str(output / "issuer-key.pem")]
    with_key = subprocess.run([*command, *key], capture_output=True, text=True, timeout=120, check=False)
    assert with_key.returncode == 0, with_key.stdout + with_key.stderr
    digest = told.inventories[CELL_PLANT.code]["lines_sha256"]
    assert f"ok    inventory-lines sha256:{digest}" in with_key.stdout.splitlines()
    without = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (without.returncode, without.stdout.splitlines()[-1]) == (0, "consistent, not authenticated")


def test_a_changed_byte_of_the_bundle_is_found(embedded: tuple[Told, Path]) -> None:
    _, output = embedded
    data = (output / "bundle.zip").read_bytes()
    key = read_public_key((output / "issuer-key.pem").read_bytes())
    for place in (40, len(data) // 3, len(data) // 2, len(data) - 30):
        changed = bytearray(data)
        changed[place] ^= 1
        report = verify(bytes(changed), key)
        assert report.authenticity is Authenticity.REFUSED or not report.ok, f"byte {place}"


def test_the_documents_say_what_was_decided_in_both_languages(embedded: tuple[Told, Path]) -> None:
    _, output = embedded
    text = "".join(page.extract_text() for page in PdfReader(output / "statement.pdf").pages)
    page = (output / "statement.html").read_text(encoding="utf-8")
    for found in ("碳中和声明", "Statement of carbon neutrality", "16,262"):
        assert found in text
        assert found in page
    credential: dict[str, Any] = json.loads((output / "declaration.json").read_text(encoding="utf-8"))
    assert credential["type"] == "EnvelopedVerifiableCredential"


def test_on_kafka_the_same_story_has_the_same_inventories(
    embedded: tuple[Told, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    output = tmp_path_factory.mktemp("kafka")
    with kafka_stage(tmp_path_factory.mktemp("kafka-data") / "data") as stage:
        told = Story(stage, Wishes(output), Console(quiet=True)).tell()
    for factory, inventory in embedded[0].inventories.items():
        assert told.inventories[factory]["lines_sha256"] == inventory["lines_sha256"]
        assert told.inventories[factory]["readings_root"] == inventory["readings_root"]
    assert [one.issued for one in told.outcomes] == [True, False]
