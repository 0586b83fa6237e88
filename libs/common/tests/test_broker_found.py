"""Finding a broker: an address in the environment goes first, and has to answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from zerocarbon.common.bus.broker import ENVIRONMENT, Broker, running_broker
from zerocarbon.common.bus.kraft import BrokerFailed, answers, free_port


def test_an_address_in_the_environment_is_used_as_it_is(
    kafka: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, kafka.bootstrap_servers)
    with running_broker(tmp_path / "unused") as found:
        assert found == Broker(kafka.bootstrap_servers, "environment")
    assert not (tmp_path / "unused").exists()
    assert answers(kafka.bootstrap_servers)


def test_an_address_where_nobody_answers_is_said_instead_of_starting_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, f"127.0.0.1:{free_port()}")
    with pytest.raises(BrokerFailed, match="does not answer"), running_broker(tmp_path):
        raise AssertionError("no broker may come of it")
