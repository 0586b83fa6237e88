"""Two demos at once, a reset beside running services, and a terminal that closes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from zerocarbon.common.bus.kraft import free_port
from zerocarbon.common.postgres.embedded import EmbeddedPostgres
from zerocarbon.product.demo import stage
from zerocarbon.product.demo.client import DemoStopped
from zerocarbon.product.occupancy import AlreadyRunning, staged
from zerocarbon.product.resetting import reset

START_SECONDS = 100
END_SECONDS = 60
NAMES = ("ingest",)

# Several starts of all services, each of which takes seconds.
pytestmark = pytest.mark.timeout(300)


def command(place: Path, *words: str) -> subprocess.Popen[str]:
    """The command in a directory of its own, as `make` runs it."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ZEROCARBON_") and name not in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS")
    }
    ports = {"ZEROCARBON_PORT": str(free_port()), "ZEROCARBON_GRPC_PORT": str(free_port())}
    return subprocess.Popen(
        [sys.executable, "-m", "zerocarbon.product.main", *words],
        cwd=place,
        env={**inherited, **ports},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit status and all that was printed."""
    printed, _ = process.communicate(timeout=START_SECONDS)
    return process.returncode, printed


@contextmanager
def running(place: Path, data: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command whose database accepts connections; nothing of it is left behind."""
    process = command(place, *words)
    database = EmbeddedPostgres(data / "postgres")
    try:
        deadline = time.monotonic() + START_SECONDS
        while database.pid is None or not (data / "admin-key").exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()
        database.stop()


def test_a_second_demo_and_a_reset_leave_the_first_alone_and_it_ends_with_its_terminal(
    tmp_path: Path,
) -> None:
    data = tmp_path / "var" / "demo"
    with running(tmp_path, data, "demo") as first:
        log, database = (data / "up.log").stat().st_ino, EmbeddedPostgres(data / "postgres").pid
        for words in (("demo",), ("reset",)):
            status, printed = ended(command(tmp_path, *words))
            assert status == 1, printed
            assert " is running already on " in printed.replace("\n", " ")
            assert "Stop that one first" in printed
            assert "Traceback" not in printed
        assert (data / "up.log").stat().st_ino == log
        assert EmbeddedPostgres(data / "postgres").pid == database
        assert first.poll() is None
        first.send_signal(signal.SIGHUP)
        first.send_signal(signal.SIGHUP)
        status, printed = ended(first)
        assert status != 0
        assert "Traceback" not in printed
        assert EmbeddedPostgres(data / "postgres").pid is None
    status, printed = ended(command(tmp_path, "reset"))
    assert (status, printed) == (0, "var/ and demo-output/ are gone\n")
    assert not list(tmp_path.iterdir())


def test_up_ends_in_order_when_its_terminal_closes(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with running(tmp_path, data, "up") as process:
        process.send_signal(signal.SIGHUP)
        _, printed = ended(process)
        assert "starting the four services; data in var/; Ctrl-C stops them" in printed
        assert "Traceback" not in printed
        assert EmbeddedPostgres(data / "postgres").pid is None


def test_what_a_service_says_at_its_end_is_what_the_demo_says(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    data.mkdir()
    with pytest.raises(DemoStopped) as stopped, stage._process(["serve", "billing"], data, {}, 0, 0) as one:
        one.process.wait(START_SECONDS)
    assert "`zerocarbon serve billing` ended: it says no reason" in str(stopped.value)
    wrong = {"ZEROCARBON_PORT": "99999"}
    with pytest.raises(DemoStopped) as stopped, stage._process(["up"], data, wrong, 0, 0) as one:
        one.process.wait(START_SECONDS)
    assert "`zerocarbon up` ended: ZEROCARBON_PORT=99999: expected" in str(stopped.value)


def test_a_demo_that_has_no_services_yet_is_not_reset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = Path("var") / "demo-kafka"
    place.mkdir(parents=True)
    with staged(place), pytest.raises(AlreadyRunning, match="a demo is starting or ending"):
        reset(NAMES)
    assert place.is_dir()
    Path("demo-output").mkdir()
    reset(NAMES)
    assert not list(tmp_path.iterdir())
    reset(NAMES)
