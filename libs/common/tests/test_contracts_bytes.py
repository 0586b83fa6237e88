"""The bytes of published events: those of the canonical encoding, though another encoder writes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.contracts.alert import AlertRaised
from zerocarbon.contracts.base import instant_text
from zerocarbon.contracts.registry import EVENTS
from zerocarbon.proof.canonical import canonical_bytes

EVERY_PLANE = "".join(map(chr, (*range(0x0300), *range(0x2000, 0x2100), 0x4E2D, 0xFEFF, 0xFFFF, 0x1F600)))


def raised(message: str) -> AlertRaised:
    return AlertRaised(
        organisation_id="0190a000-0000-7000-8000-000000000001",
        subject_id="0190a000-0000-7000-8000-000000000002",
        rule="trial",
        severity="notice",
        message=message,
    )


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_written_as_the_canonical_encoding_writes_it(text: str) -> None:
    event = raised(f"x{text}x")
    assert event.data() == canonical_bytes(event.model_dump(mode="json", exclude_none=True))


def test_characters_that_encoders_differ_about_are_written_alike() -> None:
    event = raised(f"x{EVERY_PLANE}x")
    assert event.data() == canonical_bytes(event.model_dump(mode="json", exclude_none=True))


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_no_contract_has_a_number_with_a_fraction(name: str) -> None:
    schema = json.dumps(EVENTS[name].model_json_schema(mode="serialization"))
    assert '"type": "number"' not in schema


@given(st.integers(-(10**15), 10**17), st.integers(-839, 839))
def test_instants_are_written_in_utc(microseconds: int, minutes: int) -> None:
    instant = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    text = instant_text(instant)
    assert text.endswith("Z")
    assert datetime.fromisoformat(text) == instant
    assert instant_text(instant.astimezone(timezone(timedelta(minutes=minutes)))) == text
