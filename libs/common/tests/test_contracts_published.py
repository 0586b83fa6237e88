"""The committed contracts are those of the code, and every event ever shipped can still be read."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import pytest
from jsonschema import Draft202012Validator

from zerocarbon.common.eventstore.upcast import UPCASTERS, decode
from zerocarbon.contracts.asyncapi import asyncapi_document
from zerocarbon.contracts.base import Tombstone
from zerocarbon.contracts.channels import CHANNELS, NEVER_OUT, key_of
from zerocarbon.contracts.example import example
from zerocarbon.contracts.export import contract_files, write_contracts, write_missing_golden_events
from zerocarbon.contracts.inventory import LatestLine, LatestLineWithdrawn
from zerocarbon.contracts.registry import EVENTS, TOPICS

HERE = Path(__file__).parent
CONTRACTS = HERE.parents[2] / "docs" / "contracts"
GOLDEN = HERE / "golden"
TYPES = sorted(path.stem for path in GOLDEN.glob("*.json"))

TOMBSTONES = [name for name in TYPES if name in EVENTS and issubclass(EVENTS[name], Tombstone)]
SHIPPED = [name for name in TYPES if name not in TOMBSTONES]
CURRENT = [name for name in SHIPPED if name in EVENTS]
"""Without those that only upcasters still read."""


def test_the_committed_contracts_are_those_of_the_code() -> None:
    committed = {
        PurePosixPath(path.relative_to(CONTRACTS).as_posix()): path.read_text(encoding="utf-8")
        for path in CONTRACTS.rglob("*.json")
    }
    made = contract_files()
    assert sorted(committed) == sorted(made), "run `make docs` and look at the difference"
    changed = [str(place) for place, text in made.items() if committed[place] != text]
    assert not changed, "run `make docs` and look at the difference: versions grow by addition only"


def test_every_type_has_a_golden_event() -> None:
    assert sorted({*EVENTS, *UPCASTERS}) == TYPES, "run `make docs`; a type that was shipped never goes away"


@pytest.mark.parametrize("name", SHIPPED)
def test_whatever_was_shipped_is_read_in_todays_form(name: str) -> None:
    """By the way that every reader of stored bytes takes, upcasters included."""
    event = decode(name, (GOLDEN / f"{name}.json").read_bytes())
    assert type(event) is EVENTS[event.TYPE]
    assert event.key()
    assert event.subject()


@pytest.mark.parametrize("name", CURRENT)
def test_todays_form_gives_the_same_bytes(name: str) -> None:
    stored = (GOLDEN / f"{name}.json").read_bytes()
    event = decode(name, stored)
    assert (event.TYPE, event.data()) == (name, stored)


@pytest.mark.parametrize("name", CURRENT)
def test_what_was_shipped_fits_the_published_schema(name: str) -> None:
    schema = json.loads((CONTRACTS / "schemas" / f"{name}.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads((GOLDEN / f"{name}.json").read_bytes()))


@pytest.mark.parametrize("name", TOMBSTONES)
def test_a_tombstone_is_published_without_data(name: str) -> None:
    made = example(EVENTS[name])
    assert made.data() == b"" == (GOLDEN / f"{name}.json").read_bytes()
    assert made.key()
    schema = json.loads((CONTRACTS / "schemas" / f"{name}.json").read_bytes())
    Draft202012Validator(schema).validate(None)
    assert not Draft202012Validator(schema).is_valid({})


def test_a_withdrawn_line_has_the_key_of_the_line() -> None:
    latest = example(LatestLine)
    assert isinstance(latest, LatestLine)
    gone = LatestLineWithdrawn(
        organisation_id=latest.organisation_id,
        factory_id=latest.factory_id,
        period=latest.period,
        profile=latest.profile,
        line=latest.line.line,
    )
    assert (gone.key(), gone.TOPIC) == (latest.key(), latest.TOPIC)


@pytest.mark.parametrize("name", CURRENT)
def test_a_reader_ignores_fields_of_later_additions(name: str) -> None:
    stored = (GOLDEN / f"{name}.json").read_bytes()
    grown = {**json.loads(stored), "added_later": "x"}
    assert decode(name, json.dumps(grown).encode()).data() == stored


@pytest.mark.parametrize("name", CURRENT)
def test_the_documented_key_is_the_real_one(name: str) -> None:
    event = decode(name, (GOLDEN / f"{name}.json").read_bytes())
    values = {field: getattr(event, field) for field in type(event).model_fields}
    assert key_of(type(event)).format(**values) == event.key()


def test_golden_events_are_never_written_again(tmp_path: Path) -> None:
    name = next(iter(EVENTS))
    (tmp_path / f"{name}.json").write_bytes(b"as it was shipped")
    written = write_missing_golden_events(tmp_path)
    assert len(written) == len(EVENTS) - 1
    assert (tmp_path / f"{name}.json").read_bytes() == b"as it was shipped"


def test_writing_is_the_same_every_time(tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in write_contracts(tmp_path)}
    assert {path: path.read_bytes() for path in write_contracts(tmp_path)} == first


def test_examples_fill_every_field() -> None:
    for event in EVENTS.values():
        made = example(event).model_dump()
        assert set(made) == set(event.model_fields)
        assert None not in made.values()


def test_every_topic_is_a_channel() -> None:
    assert sorted(channel.address for channel in CHANNELS) == list(TOPICS)


def test_the_document_names_every_address_and_resolves_every_reference() -> None:
    document = asyncapi_document()
    addresses = {channel["address"] for channel in document["channels"].values()}
    for channel in CHANNELS:
        assert channel.address in addresses
        assert (f"zerocarbon.out.{{organisation}}.{channel.name}.v1" in addresses) == channel.egress
    references = _references(document)
    assert references
    for reference in references:
        found: object = document
        for step in reference.removeprefix("#/").split("/"):
            assert isinstance(found, dict)
            found = found[step]


def test_events_about_access_stay_inside() -> None:
    document = asyncapi_document()
    out = [channel for name, channel in document["channels"].items() if name.endswith("Out")]
    messages = {name for channel in out for name in channel["messages"]}
    assert NEVER_OUT
    assert not NEVER_OUT & messages
    assert set(EVENTS) >= NEVER_OUT
    assert "zerocarbon.inventory.latest-line.v1" in messages


def _references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(_references(member) for member in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(member) for member in value))
    return set()
