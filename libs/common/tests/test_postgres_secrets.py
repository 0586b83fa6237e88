"""Files of secrets and locks between processes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from zerocarbon.common.postgres.file_lock import FileLock, LockTimedOut
from zerocarbon.common.postgres.secret_file import SecretExposed, read_secret, secret_of, write_secret


def test_a_secret_is_made_once_and_only_its_user_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    before = os.umask(0)
    try:
        secret = secret_of(path)
    finally:
        os.umask(before)
    assert len(secret) >= 43, "256 bits"
    assert secret_of(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret_of(tmp_path / "another") != secret


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_secret(path, "x")
    path.chmod(0o640)
    with pytest.raises(SecretExposed, match="0600"):
        read_secret(path)


def test_a_secret_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    with pytest.raises(IsADirectoryError):
        write_secret(tmp_path / "secret", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_lock_excludes_until_it_is_released(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    other = FileLock(path, timeout_seconds=0.05)
    with FileLock(path):
        with pytest.raises(LockTimedOut, match="lock"):
            other.acquire()
        assert not other.held
    other.acquire()
    other.release()


def test_shared_locks_exclude_an_exclusive_one(tmp_path: Path) -> None:
    one, other, alone = (FileLock(tmp_path / "lock") for _ in range(3))
    assert one.try_acquire()
    assert one.try_acquire(shared=True), "an exclusive lock becomes a shared one"
    assert other.try_acquire(shared=True)
    assert not alone.try_acquire()
    assert not one.try_acquire(), "not while others share it"
    assert not one.held
    assert one.try_acquire(shared=True)
    other.release()
    assert one.try_acquire()
    one.release()


def test_a_lock_lasts_as_long_as_a_process_that_inherited_it(tmp_path: Path) -> None:
    lock, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    lock.acquire()
    child = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock.descriptor,)
    )
    lock.release()
    assert not other.try_acquire()
    child.kill()
    child.communicate()
    assert other.try_acquire()
    other.release()
