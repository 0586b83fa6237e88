"""`zerocarbon up` in processes of its own: what stops a start, and what survives a kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from zerocarbon.common.bus.kraft import free_port
from zerocarbon.common.postgres.embedded import EmbeddedPostgres
from zerocarbon.common.settings import Settings
from zerocarbon.product.listening import AddressTaken, http_socket

ORGANISATION = "0190a000-0000-7000-8000-000000000001"
URL = f"/ingest/v1/organisations/{ORGANISATION}"
NAMES = {"code": "maker", "name_en": "Maker", "name_zh": "制造商"}
START_SECONDS = 100
END_SECONDS = 20


class Zerocarbon:
    """The command on a data directory, with ports that were free a moment ago."""

    def __init__(self, directory: Path, **settings: str) -> None:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("ZEROCARBON_") and name not in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS")
        }
        self.directory = directory
        self.port = free_port()
        self.environment = {
            **inherited,
            "ZEROCARBON_DATA_DIRECTORY": str(directory),
            "ZEROCARBON_PORT": str(self.port),
            "ZEROCARBON_GRPC_PORT": str(free_port()),
            **settings,
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command that is expected to end by itself."""
        return subprocess.run(
            [sys.executable, "-m", "zerocarbon.product.main", *command],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[bytes]]:
        """Runs the services until the block ends; they are ready when it begins."""
        with (self.directory.parent / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "zerocarbon.product.main", "up"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait_ready(process)
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(END_SECONDS)

    def _wait_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError((self.directory.parent / "log").read_text())

    def client(self) -> httpx.Client:
        key = (self.directory / "admin-key").read_text().strip()
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Authorization": f"Bearer {key}"}, timeout=20
        )


def test_wrong_settings_stop_the_start_with_status_2(tmp_path: Path) -> None:
    place = tmp_path / "data"
    wrong = Zerocarbon(place, ZEROCARBON_PORT="99999", ZEROCARBON_LOG_JSON="perhaps")
    for command in (["up"], ["serve", "ingest"], ["relay", "ingest"]):
        ended = wrong.run(*command)
        assert ended.returncode == 2, ended.stderr
        assert "ZEROCARBON_PORT=99999: expected" in ended.stderr
        assert "ZEROCARBON_LOG_JSON=perhaps: expected" in ended.stderr
        assert "Traceback" not in ended.stderr
    lonely = Zerocarbon(place).run("relay", "ingest")
    assert (lonely.returncode, "KAFKA_BOOTSTRAP_SERVERS is not set" in lonely.stderr) == (2, True)
    assert not place.exists(), "something was started"


def test_an_unknown_service_is_named_with_those_there_are(tmp_path: Path) -> None:
    ended = Zerocarbon(tmp_path / "data").run("serve", "billing")
    assert ended.returncode == 2
    assert "billing" in ended.stderr
    assert "certificates" in ended.stderr


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_taken_port_is_said_before_anything_is_started(tmp_path: Path, taken: int) -> None:
    place = tmp_path / "data"
    ended = Zerocarbon(place, ZEROCARBON_PORT=str(taken)).run("up")
    assert ended.returncode == 1
    assert f"ZEROCARBON_PORT={taken}: expected a free port" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (place / "postgres").exists()
    assert not (place / "admin-key").exists()


def test_an_address_that_cannot_be_used_names_its_variable(tmp_path: Path, taken: int) -> None:
    free = free_port()
    for wrong, told in (
        (Settings(data_directory=tmp_path, port=free, grpc_port=taken), f"ZEROCARBON_GRPC_PORT={taken}: "),
        (Settings(data_directory=tmp_path, host="nowhere.invalid"), "ZEROCARBON_HOST=nowhere.invalid: "),
        (Settings(data_directory=tmp_path, host="203.0.113.1", port=free), f"ZEROCARBON_PORT={free}: "),
    ):
        with pytest.raises(AddressTaken, match="expected") as refused, http_socket(wrong):
            pass
        assert str(refused.value).startswith(told)
    with http_socket(Settings(data_directory=tmp_path, port=free, grpc_port=0)) as bound:
        assert bound.getsockname() == ("127.0.0.1", free)


def test_what_was_recorded_survives_a_kill_and_a_second_start_changes_nothing(tmp_path: Path) -> None:
    first = Zerocarbon(tmp_path / "data")
    try:
        with first.up() as process:
            with first.client() as http:
                assert http.put(URL, json=NAMES).status_code == 201
            before = sorted(path.name for path in first.directory.iterdir())
            second = Zerocarbon(first.directory).run("up")
            assert second.returncode == 1
            assert f"ingest is running already on {first.directory}" in second.stderr
            assert f"process {process.pid}" in second.stderr
            assert "Traceback" not in second.stderr
            assert sorted(path.name for path in first.directory.iterdir()) == before
            with first.client() as http:
                assert http.get(f"{URL}/factories").status_code == 200, "the first was disturbed"
            os.kill(process.pid, signal.SIGKILL)
            process.wait(END_SECONDS)

        with first.up() as process:
            with first.client() as http:
                again = http.put(URL, json=NAMES)
                assert (again.status_code, again.headers["etag"]) == (200, '"1"'), again.text
                other = http.put(URL, json={**NAMES, "code": "another"})
                assert other.status_code == 409
            asked = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(END_SECONDS) == 0
            assert time.monotonic() - asked < END_SECONDS
    finally:
        left = EmbeddedPostgres(first.directory / "postgres")
        running = left.pid
        left.stop()
    assert running is None, "the database outlived a clean end"
