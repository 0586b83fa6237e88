"""docs/first-requests.md is run, block by block as it stands, against services started as `make up` does."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from zerocarbon.common.settings import Settings
from zerocarbon.contracts.reference import Role
from zerocarbon.product.demo.stage import Stage, embedded_stage

pytestmark = pytest.mark.timeout(240)  # A busy machine takes its time to start four services.

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "first-requests.md").read_text(encoding="utf-8")
LONGEST_LINES = 130
ADDRESS = f"http://127.0.0.1:{Settings.model_fields['port'].default}"
DATA = Settings.model_fields["data_directory"].default
ENDS_SECONDS = 60
MARK = "---- next block ----"
BASH = shutil.which("bash") or "bash"


@dataclass(frozen=True, slots=True)
class Run:
    """What the blocks of the guide printed, by number from 1, and all of it."""

    blocks: list[str]
    everything: str


def blocks() -> list[str]:
    """The shell blocks in their order."""
    return re.findall(r"(?ms)^```sh\n(.*?)^```$", GUIDE)


def follow(stage: Stage, place: Path) -> Run:
    """Runs all blocks in one shell, in a place that looks like a checkout."""
    (place / str(DATA)).mkdir()
    (place / str(DATA) / "admin-key").write_text(stage.admin_key)
    (place / ".venv").symlink_to(sys.prefix)
    # The port is the one thing that a test cannot have for itself.
    script = f"\necho '{MARK}'\n".join(blocks()).replace(ADDRESS, stage.addresses["ingest"])
    ended = subprocess.run(
        [BASH, "-euo", "pipefail", "-c", script],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=ENDS_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    return Run(ended.stdout.split(MARK), ended.stdout)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    with embedded_stage(tmp_path_factory.mktemp("first-requests") / "data") as stage:
        return follow(stage, tmp_path_factory.mktemp("checkout"))


def test_every_block_leads_to_the_next(run: Run) -> None:
    assert len(run.blocks) == len(blocks()) == 7
    _, organisation, keys, meter, upload, sums, inventory = run.blocks
    assert '"code":"example-maker"' in organisation
    assert "zc_" not in run.everything, "a key was printed"
    assert keys.strip() == ""
    assert '"interval_seconds":3600' in meter
    assert '"accepted":3' in upload
    assert '"total":"19.75"' in sums
    totals, questions = (ast.literal_eval(line) for line in inventory.strip().splitlines())
    assert totals["scope2_location"] == "11.508325"  # 19.75 kWh at 0.5827 kg
    assert "m1: 3 of 8760 intervals of the period were read" in {one["message"] for one in questions}


def test_the_guide_says_where_services_listen_by_default() -> None:
    assert f"REST  {ADDRESS}  (docs at /docs)" in GUIDE
    assert f"BASE={ADDRESS}\n" in blocks()[0]
    assert f"{DATA}/admin-key" in blocks()[0]


def test_the_guide_names_every_role_and_stays_short() -> None:
    named = re.findall(r"(?m)^\| `([a-z]+)` \|", GUIDE)
    assert named == list(get_args(Role))
    assert len(GUIDE.splitlines()) <= LONGEST_LINES
