"""How the cluster is reached: from settings, the password from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from zerocarbon.common.settings import SettingsRefused, load
from zerocarbon.product.kafka import kafka_settings


@pytest.fixture
def sasl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("correct horse\n")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "broker:9093")
    monkeypatch.setenv("ZEROCARBON_KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("ZEROCARBON_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
    monkeypatch.setenv("ZEROCARBON_KAFKA_SASL_USERNAME", "ingest")
    monkeypatch.setenv("ZEROCARBON_KAFKA_SASL_PASSWORD_FILE", str(password))


@pytest.mark.usefixtures("sasl")
def test_both_clients_get_the_security_of_the_settings() -> None:
    settings = kafka_settings(load())
    assert settings.consumer("g")["sasl.password"] == "correct horse"
    assert settings.consumer("g")["security.protocol"] == "SASL_SSL"
    assert settings.aiokafka()["sasl_plain_username"] == "ingest"
    assert settings.aiokafka()["sasl_mechanism"] == "SCRAM-SHA-512"


@pytest.mark.usefixtures("sasl")
def test_half_a_login_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZEROCARBON_KAFKA_SASL_USERNAME")
    with pytest.raises(SettingsRefused, match="ZEROCARBON_KAFKA_SECURITY_PROTOCOL=SASL_SSL"):
        load()
