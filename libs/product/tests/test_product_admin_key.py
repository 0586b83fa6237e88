"""The administrator's key: one, random, whole, and never a weak one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zerocarbon.common.settings import Settings
from zerocarbon.product.admin_key import AdminKeyRefused, admin_key, admin_key_file


def settings(directory: Path, key_file: Path | None = None) -> Settings:
    return Settings(data_directory=directory, admin_key_file=key_file)


def test_of_many_that_start_at_once_one_makes_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: admin_key(settings(tmp_path)), range(64)))
    assert len(keys) == 1
    assert admin_key_file(settings(tmp_path)).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["admin-key"], "a draft was left behind"


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert admin_key(settings(tmp_path / "a")) != admin_key(settings(tmp_path / "b"))


def test_a_given_key_is_taken_and_nothing_is_written_beside_it(tmp_path: Path) -> None:
    given = tmp_path / "secret"
    given.mkdir()
    (given / "key").write_text("zc_0123456789012345678901234567\n")
    given.chmod(0o500)
    try:
        assert admin_key(settings(tmp_path, given / "key")) == "zc_0123456789012345678901234567"
        assert [path.name for path in given.iterdir()] == ["key"]
    finally:
        given.chmod(0o700)


@pytest.mark.parametrize("text", ["", "\n", "admin", "a b" * 20])
def test_what_would_keep_nobody_out_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "admin-key").write_text(text)
    with pytest.raises(AdminKeyRefused, match="admin-key"):
        admin_key(settings(tmp_path))
