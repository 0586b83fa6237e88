"""Where the broker's jars come from, and what is said meanwhile."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

import jgo
import pytest

from zerocarbon.common.bus.kraft import COORDINATES, KAFKA_VERSION, jars

KEPT = f"org/apache/kafka/kafka_2.13/{KAFKA_VERSION}/kafka_2.13-{KAFKA_VERSION}.jar"


def test_a_download_is_said_once_and_the_search_for_a_jdk_not_at_all(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def build(coordinates: str) -> SimpleNamespace:
        assert coordinates == COORDINATES
        logging.getLogger("jgo.env._builder").warning("Failed to obtain baseline JDK")
        (tmp_path / KEPT).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / KEPT).touch()
        return SimpleNamespace(all_jars=["b.jar", "a.jar"])

    monkeypatch.setenv("M2_REPO", str(tmp_path))
    monkeypatch.setattr(jgo, "build", build)
    for said in ("downloading Kafka's jars (once)\n", ""):
        assert jars() == [Path("a.jar"), Path("b.jar")]
        assert capsys.readouterr().err == said
    assert not caplog.records
    logging.getLogger("jgo").warning("a fault of its own")
    assert [record.getMessage() for record in caplog.records] == ["a fault of its own"]
