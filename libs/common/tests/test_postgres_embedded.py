"""The launcher: two starters at once, kills at any point, and who may read what."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from zerocarbon.common.postgres.cluster_settings import ClusterSettings
from zerocarbon.common.postgres.embedded import EmbeddedPostgres, EmbeddedPostgresFailed
from zerocarbon.common.postgres.file_lock import FileLock

SETTINGS = ClusterSettings(shared_buffers_mb=16, max_connections=40, durable=False)
STARTER = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from zerocarbon.common.postgres.cluster_settings import ClusterSettings
    from zerocarbon.common.postgres.embedded import EmbeddedPostgres
    cluster = EmbeddedPostgres(Path(sys.argv[1]), ClusterSettings(shared_buffers_mb=16, durable=False))
    cluster.start()
    cluster.provision("trial")
    print("server", cluster.pid, cluster.started_here, flush=True)
    time.sleep(60)
""")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Where a cluster may live; no server is left there."""
    place = tmp_path / "cluster"
    yield place
    EmbeddedPostgres(place, SETTINGS).stop()


def starter(place: Path) -> subprocess.Popen[str]:
    """Another process that starts a cluster and stays."""
    return subprocess.Popen([sys.executable, "-c", STARTER, str(place)], stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> tuple[int, bool]:
    """The server's pid, and whether that process started it."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("server "):
            _, pid, started = line.split()
            return int(pid), started == "True"
    raise AssertionError("the starter ended without starting")


def kill(process: subprocess.Popen[str]) -> None:
    """As `kill -9` does."""
    process.kill()
    process.communicate()


def ask(cluster: EmbeddedPostgres, query: str) -> object:
    """One value, asked as the superuser."""

    async def run() -> object:
        connection = await asyncpg.connect(cluster.superuser_dsn())
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(run())


def test_two_processes_that_start_at_once_share_one_server(place: Path) -> None:
    processes = [starter(place) for _ in range(2)]
    try:
        (one, one_started), (other, other_started) = [said(process) for process in processes]
    finally:
        for process in processes:
            kill(process)
    assert one == other
    assert sorted([one_started, other_started]) == [False, True]


def test_the_server_of_a_killed_starter_is_taken_over(place: Path) -> None:
    process = starter(place)
    pid, started = said(process)
    assert started
    with EmbeddedPostgres(place, SETTINGS) as guest:
        assert not guest.started_here
    kill(process)
    with EmbeddedPostgres(place, SETTINGS) as heir:
        assert heir.pid == pid, "a guest's leaving must not have stopped the server"
        assert heir.started_here
    assert heir.pid is None


def test_data_survives_a_kill_of_the_server(place: Path) -> None:
    settings = ClusterSettings(shared_buffers_mb=16)  # durable, as in use
    cluster = EmbeddedPostgres(place, settings)
    with cluster:
        ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
        killed = cluster.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while cluster.pid is not None:
            assert time.monotonic() < deadline
        cluster.start()
        assert cluster.pid not in (None, killed)
        assert ask(cluster, "SELECT answer FROM kept") == 42
        assert ask(cluster, "SHOW fsync") == "on"
        assert ask(cluster, "SHOW synchronous_commit") == "on"


def test_a_pid_file_whose_pid_is_in_use_by_another_process_is_stale(place: Path) -> None:
    cluster = EmbeddedPostgres(place, SETTINGS)
    with cluster:
        pass
    lines = (
        f"{os.getpid()}\n{place / 'data'}\n{int(time.time())}\n5432\n{place / 'socket'}\n\n 1 2\nready   \n"
    )
    (place / "data" / "postmaster.pid").write_text(lines)
    with cluster:
        assert cluster.pid not in (None, os.getpid())


def test_every_process_of_the_server_keeps_its_lock(place: Path) -> None:
    lock = FileLock(place / "server.lock")
    with EmbeddedPostgres(place, SETTINGS):
        assert not lock.try_acquire()
    assert lock.try_acquire()
    lock.release()


def test_a_server_is_found_through_a_link(place: Path) -> None:
    link = place.parent / "link"
    link.symlink_to(place)
    with EmbeddedPostgres(place, SETTINGS) as cluster, EmbeddedPostgres(link, SETTINGS) as guest:
        assert guest.pid == cluster.pid
        assert not guest.started_here


def test_a_half_done_set_up_is_done_again(place: Path) -> None:
    process = starter(place)
    deadline = time.monotonic() + 20
    while not list(place.glob("new-*/data/*")):  # initdb is at work
        assert time.monotonic() < deadline
        time.sleep(0.005)
    kill(process)
    assert not (place / "data").exists()
    with EmbeddedPostgres(place, SETTINGS) as cluster:
        assert ask(cluster, "SELECT 1") == 1


def test_secrets_and_sockets_are_private(place: Path) -> None:
    with EmbeddedPostgres(place, SETTINGS) as cluster:
        cluster.provision("trial")
        modes = {
            name: stat.S_IMODE((place / name).stat().st_mode)
            for name in ("superuser-password", "roles/trial.json", "roles", "data", "log")
        }
        socket = Path(str(ask(cluster, "SHOW unix_socket_directories")))
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert ask(cluster, "SHOW listen_addresses") == ""
    assert modes == {
        "superuser-password": 0o600, "roles/trial.json": 0o600, "roles": 0o700, "data": 0o700, "log": 0o700,
    }  # fmt: skip


def test_a_password_is_asked_for_and_never_logged(place: Path) -> None:
    with EmbeddedPostgres(place, SETTINGS) as cluster:
        urls = cluster.provision("trial")
        password = urls.request.split(":")[2].split("@")[0]

        async def without_it() -> None:
            connection = await asyncpg.connect(urls.request.replace(password, "guess"))
            await connection.close()

        with pytest.raises(asyncpg.InvalidPasswordError):
            asyncio.run(without_it())
        assert cluster.provision("trial") == urls, "provisioning again changes nothing"
        assert cluster.urls("trial") == urls
    assert password not in "".join(path.read_text() for path in (place / "log").iterdir())


def test_a_role_of_one_service_cannot_enter_the_database_of_another(place: Path) -> None:
    with EmbeddedPostgres(place, SETTINGS) as cluster:
        trial, other = cluster.provision("trial"), cluster.provision("other")

        async def enter(url: str) -> None:
            connection = await asyncpg.connect(url)
            await connection.close()

        asyncio.run(enter(other.worker))
        for foreign in ("zerocarbon_other", "postgres", "template1"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="CONNECT"):
                asyncio.run(enter(trial.worker.replace("zerocarbon_trial", foreign)))


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    place = tmp_path / ("long-" * 20) / "cluster"
    with EmbeddedPostgres(place, SETTINGS) as cluster:
        socket = Path(str(ask(cluster, "SHOW unix_socket_directories")))
    assert place not in socket.parents
    socket.rmdir()


def test_a_cluster_of_another_version_is_refused_in_words(place: Path) -> None:
    with EmbeddedPostgres(place, SETTINGS):
        pass
    (place / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresFailed, match="PostgreSQL 16"):
        EmbeddedPostgres(place, SETTINGS).start()
