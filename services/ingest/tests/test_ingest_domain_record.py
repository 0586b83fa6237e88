"""Activity records: what may enter, in the unit of its source."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.activity import ActivityRecorded
from zerocarbon.contracts.reference import SourceRegistered
from zerocarbon.ingest.domain.record import Record, admit

NOW = datetime(2025, 6, 1, tzinfo=UTC)
DIESEL = SourceRegistered(
    factory_id=natural_id("factory", "a"),
    source_id=natural_id("source", "diesel"),
    code="diesel",
    name_en="Diesel",
    name_zh="柴油",
    kind="mobile-fuel",
    substance="diesel",
    unit="t",
)
STEAM = DIESEL.model_copy(update={"code": "steam", "unit": "MWh", "source_id": natural_id("source", "steam")})
SOURCES = {"diesel": DIESEL, "steam": STEAM}


def record(**changes: Any) -> Record:
    plain: dict[str, Any] = {
        "source": "diesel",
        "code": "d-1",
        "start": "2024-01-01",
        "end": "2024-02-01",
        "quantity": "1250.5",
        "unit": "kg",
        "origin": "manual",
        "evidence_sha256": None,
        "note": None,
        "pointer": "/records/0",
    }
    return Record(**{**plain, **changes})


def decided(
    *records: Record, known: frozenset[tuple[str, str]] = frozenset()
) -> tuple[list[ActivityRecorded], list[Violation]]:
    return admit(records, SOURCES, known, ZoneInfo("Asia/Shanghai"), NOW)


def test_a_record_becomes_a_fact_in_the_unit_of_its_source() -> None:
    (fact,), found = decided(record())
    assert found == []
    assert (fact.quantity, fact.unit) == (Decimal("1.2505"), "t")
    assert fact.start == datetime(2023, 12, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "rule", "place"),
    [
        ({"source": "nobody"}, "unknown-source", "source"),
        ({"unit": "kWh"}, "unit-dimension", "unit"),
        ({"unit": "barrel"}, "unit-dimension", "unit"),
        ({"quantity": "-1"}, "negative-quantity", "quantity"),
        ({"quantity": "NaN"}, "number", "quantity"),
        ({"quantity": "Infinity"}, "number", "quantity"),
        ({"quantity": 12.5}, "number", "quantity"),
        ({"end": "2025-06-02"}, "future-record", "end"),
        ({"end": "9999-12-31"}, "future-record", "end"),
        ({"end": "2024-01-01"}, "period", "end"),
        ({"end": "2023-12-31"}, "period", "end"),
        ({"start": "0001-01-01"}, "date", "start"),
        ({"start": "2024-02-30"}, "date", "start"),
        ({"end": "1/2/2024"}, "date", "end"),
        ({"source": "steam", "unit": "MJ", "quantity": "1"}, "inexact-conversion", "unit"),
    ],
)
def test_what_cannot_enter_is_named(changes: dict[str, Any], rule: str, place: str) -> None:
    facts, found = decided(record(**changes))
    assert facts == []
    assert [(one.rule, one.pointer) for one in found] == [(rule, f"/records/0/{place}")]


def test_all_faults_of_one_record_are_named_at_once() -> None:
    bad = record(quantity="NaN", unit="kWh", start="2024-03-01")
    assert [one.rule for one in decided(bad)[1]] == ["period", "number", "unit-dimension"]
    unknown = record(source="nobody", quantity="-1", unit="barrel")
    assert [one.rule for one in decided(unknown)[1]] == [
        "unknown-source",
        "negative-quantity",
        "unit-dimension",
    ]


def test_a_code_stands_once_in_its_source() -> None:
    facts, found = decided(record(), record(pointer="/records/1"), record(source="steam", unit="MWh"))
    assert [fact.source_id for fact in facts] == [DIESEL.source_id, STEAM.source_id]
    assert [(one.rule, one.pointer) for one in found] == [("duplicate-record", "/records/1/record")]
    stored = frozenset({("diesel", "d-1")})
    assert [one.rule for one in decided(record(), known=stored)[1]] == ["duplicate-record"]


def test_a_refused_record_does_not_take_its_code() -> None:
    facts, found = decided(record(quantity="-1"), record())
    assert (len(facts), [one.rule for one in found]) == (1, ["negative-quantity"])


def test_the_day_that_ends_now_may_be_recorded() -> None:
    # 1 June 08:00 in Shanghai: 31 May has ended, 1 June has not.
    assert decided(record(end="2025-06-01"))[1] == []
