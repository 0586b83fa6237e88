"""What `zerocarbon verify` prints beside the checks: hints and faults of the key file, in a sentence each."""

from __future__ import annotations

from pathlib import Path

import pytest

from zerocarbon.product.verification import HINT, verify_bundle
from zerocarbon.proof.bundle import write
from zerocarbon.proof.testing.bundles import SIGNER, declared_contents


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    file.write_bytes(write(declared_contents(), SIGNER))
    return file


def test_without_a_key_it_ends_with_how_to_check_who_signed(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify_bundle(bundle, None) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["consistent, not authenticated", HINT]


def test_the_period_is_printed_by_its_last_day(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verify_bundle(bundle, None)
    subject = next(line for line in capsys.readouterr().out.splitlines() if line[6:].startswith("subject"))
    assert subject.endswith("2024-06-01 to 2024-06-30")


def test_a_missing_key_file_is_one_sentence(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "no-such.pem"
    assert verify_bundle(bundle, missing) == 2
    said = capsys.readouterr()
    assert said.err == f"The key file {missing} cannot be read: No such file or directory.\n"
    assert said.out == ""


def test_a_file_that_is_no_key_is_one_sentence(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.pem"
    other.write_text("hello")
    assert verify_bundle(bundle, other) == 2
    wanted = f"The key file {other} holds no public key of an issuer: neither PEM nor JWK.\n"
    assert capsys.readouterr().err == wanted


def test_no_hint_where_a_check_failed(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(bundle.read_bytes()[:-5])
    assert verify_bundle(damaged, None) == 1
    assert HINT not in capsys.readouterr().out
