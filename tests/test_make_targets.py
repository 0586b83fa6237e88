"""What `make` says: what there is, and which Python it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROMISED = {"demo", "demo-kafka", "up", "reset", "test", "lint", "kafka", "docs", "bench"}
MAKE = shutil.which("make") or "make"


def make(place: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs make as from a shell, not as a part of the make that may run this test."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment.pop("PYTHON", None)
    if path is not None:
        environment["PATH"] = path
    return subprocess.run(
        [MAKE, *arguments],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A checkout in which nothing was set up, as far as make sees it."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "uv.lock").touch()
    return tmp_path


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A directory of programs with a shell's own, and no Python."""
    place = tmp_path / "bin"
    place.mkdir()
    for name in ("bash", "sh", "find", "echo"):
        (place / name).symlink_to(shutil.which(name) or name)
    return place


def interpreter(place: Path, name: str, version: str) -> Path:
    """A Python that fits, or does not, by its version alone."""
    fits = 0 if version.startswith(("3.11.", "3.12.", "3.13.")) else 1
    path = place / name
    path.write_text(f'#!/bin/sh\ncase "$1" in --version) echo "Python {version}";; *) exit {fits};; esac\n')
    path.chmod(0o755)
    return path


def test_make_alone_prints_every_target_that_was_promised() -> None:
    printed = make(ROOT)
    named = {line.split()[0] for line in printed.stdout.splitlines()}
    assert printed.returncode == 0
    assert named >= PROMISED
    assert all(len(line.split()) > 2 for line in printed.stdout.splitlines()), "each explains itself"


@pytest.mark.parametrize("version", ["3.10.14", "3.14.0"])
def test_a_python_that_is_not_supported_is_refused_with_the_way_out(fresh: Path, version: str) -> None:
    other = interpreter(fresh, "another", version)
    refused = make(fresh, "setup", f"PYTHON={other}")
    assert refused.returncode != 0
    for part in (f"Python {version}", "3.11, 3.12 and 3.13", "make PYTHON=python3.12 setup"):
        assert part in refused.stderr
    assert not (fresh / ".tools").exists()


def test_a_python_that_is_not_there_is_named(fresh: Path) -> None:
    refused = make(fresh, "up", "PYTHON=/no/such/python")
    assert refused.returncode != 0
    assert "/no/such/python is not there" in refused.stderr
    assert "make PYTHON=python3.12 up" in refused.stderr


def test_where_plain_python_does_not_fit_another_is_looked_for(fresh: Path, programs: Path) -> None:
    interpreter(programs, "python3", "3.14.0")
    interpreter(programs, "python3.12", "3.12.9")
    shown = make(fresh, "-n", "setup", path=str(programs))
    assert "python3.12 -m venv .tools" in shown.stdout, shown.stderr


def test_plain_python_is_taken_where_it_fits(fresh: Path, programs: Path) -> None:
    interpreter(programs, "python3", "3.11.2")
    interpreter(programs, "python3.13", "3.13.0")
    shown = make(fresh, "-n", "setup", path=str(programs))
    assert "python3 -m venv .tools" in shown.stdout, shown.stderr
