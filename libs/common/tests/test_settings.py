"""Settings: what is wrong is said by variable, value and expectation, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from zerocarbon.common.settings import SettingsRefused, load


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("ZEROCARBON_") or name in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_set() -> None:
    settings = load()
    assert (settings.host, settings.database_url) == ("127.0.0.1", None)


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("ZEROCARBON_PORT", "99999", "65535"),
        ("ZEROCARBON_PORT", "tcp://10.0.0.1:80", "integer"),
        ("ZEROCARBON_TOPIC_PARTITIONS", "0", "1"),
        ("ZEROCARBON_BODY_LIMIT_BYTES", "1MB", "integer"),
        ("ZEROCARBON_LOG_JSON", "perhaps", "boolean"),
        ("ZEROCARBON_DATABASE_PASSWORD_FILE", "/nonexistent/file", "a file"),
        ("ZEROCARBON_DATA_DIRECTORY", "/dev/null/var", "a directory"),
        ("ZEROCARBON_OIDC_JWKS_URL", "http://login.example/jwks", "https://"),
        ("DATABASE_URL", "mysql://h/d", "postgresql://"),
        ("DATABASE_URL", "postgresql://h:5432", "postgresql://"),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka", "HOST:PORT"),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092,other:99999", "HOST:PORT"),
    ],
)
def test_a_wrong_value_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsRefused) as refused:
        load()
    (line,) = refused.value.lines
    assert line.startswith(f"{variable}={value}: expected")
    assert expected in line.removeprefix(f"{variable}={value}")


def test_everything_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEROCARBON_PORT", "x")
    monkeypatch.setenv("ZEROCARBON_GRPC_PORT", "-1")
    monkeypatch.setenv("ZEROCARBON_BODY_LIMIT_BYTE", "2000")
    with pytest.raises(SettingsRefused) as refused:
        load()
    assert [line.split("=")[0].split(" ")[0] for line in refused.value.lines] == [
        "ZEROCARBON_BODY_LIMIT_BYTE",
        "ZEROCARBON_PORT",
        "ZEROCARBON_GRPC_PORT",
    ]
    assert "expected ZEROCARBON_BODY_LIMIT_BYTES" in refused.value.lines[0]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"DATABASE_URL": "postgresql://u@h/d"}, "KAFKA_BOOTSTRAP_SERVERS is not set"),
        ({"ZEROCARBON_OIDC_ISSUER": "https://login.example"}, "ZEROCARBON_OIDC_JWKS_URL is not set"),
        ({"ZEROCARBON_OIDC_JWKS_URL": "https://login.example/k"}, "ZEROCARBON_OIDC_ISSUER is not set"),
        ({"ZEROCARBON_PORT": "9000", "ZEROCARBON_GRPC_PORT": "9000"}, "ZEROCARBON_GRPC_PORT=9000"),
    ],
)
def test_what_belongs_together_is_asked_for_together(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsRefused) as refused:
        load()
    assert refused.value.lines[0].startswith(missing)
    assert "expected" in refused.value.lines[0]


def test_a_password_does_not_reach_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://u:p4ssw0rd@h/d")
    with pytest.raises(SettingsRefused) as refused:
        load()
    assert "p4ssw0rd" not in str(refused.value)
    assert "mysql://u:" in str(refused.value)


def test_variables_of_others_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEROCARBON_INGEST_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("ZEROCARBON_SEED", "1")
    monkeypatch.setenv("ZEROCARBON_OIDC_ISSUER", "")
    assert load().oidc_issuer is None
