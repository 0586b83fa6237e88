"""Bundles: equal contents give equal bytes, what was written is read, events have their published form."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import UnitsRetired
from zerocarbon.contracts.declaration import (
    ClaimOpened,
    CommitmentMade,
    OpinionSigned,
    PlanApproved,
    RetirementRequested,
    StatementIssued,
)
from zerocarbon.contracts.inventory import FactorApproved, InventoryClosed
from zerocarbon.contracts.reference import FactoryRegistered
from zerocarbon.proof.bundle import Circumstances, Contents, facts_root, open_bundle, read, write
from zerocarbon.proof.bundle.claim_facts import claim_facts
from zerocarbon.proof.bundle.writing import fact_files
from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.closing import inventory_sha256
from zerocarbon.proof.container import BrokenContainer, pack
from zerocarbon.proof.fields import MalformedField
from zerocarbon.proof.gates.claim import EarlierPeriod, Emissions
from zerocarbon.proof.json_fields import JsonObject, tables
from zerocarbon.proof.leaves import ReadingBlock
from zerocarbon.proof.period import Period
from zerocarbon.proof.testing.bundles import OTHER_SIGNER, SIGNER, declared_contents

CONTENTS = declared_contents()
BUNDLE = write(CONTENTS, SIGNER)


def test_what_was_written_is_read() -> None:
    again = read(open_bundle(BUNDLE).files)
    assert write(again, SIGNER) == BUNDLE
    assert again.statements == CONTENTS.statements
    assert set(again.readings) == set(CONTENTS.readings)
    assert set(again.records) == set(CONTENTS.records)


def test_the_order_of_facts_changes_no_byte() -> None:
    shuffled = replace(
        CONTENTS,
        readings=CONTENTS.readings[::-1],
        records=CONTENTS.records[::-1],
        meters=CONTENTS.meters[::-1],
        sources=CONTENTS.sources[::-1],
    )
    assert write(shuffled, SIGNER) == BUNDLE


def test_any_zip_tool_opens_a_bundle() -> None:
    with zipfile.ZipFile(io.BytesIO(BUNDLE)) as archive:
        assert archive.testzip() is None
        assert "readings/grid-1.jsonl" in archive.namelist()


def test_the_facts_root_is_known_before_the_statement_and_independent_of_the_signer() -> None:
    assert facts_root(replace(CONTENTS, statements=())) == CONTENTS.statements[0]["bundle_root"]
    assert facts_root(replace(CONTENTS, plan=None)) != facts_root(CONTENTS)
    assert write(CONTENTS, OTHER_SIGNER) != BUNDLE


@pytest.mark.parametrize(
    ("model", "events"),
    [
        (FactoryRegistered, (CONTENTS.factory,)),
        (InventoryClosed, (CONTENTS.inventory,)),
        (FactorApproved, CONTENTS.organisation_factors),
        (UnitsRetired, CONTENTS.energy_retirements + CONTENTS.credit_retirements),
        (RetirementRequested, CONTENTS.requests),
        (OpinionSigned, (CONTENTS.opinion,)),
        (CommitmentMade, (CONTENTS.commitment,)),
        (PlanApproved, (CONTENTS.plan,)),
        (ClaimOpened, (CONTENTS.claim,)),
        (StatementIssued, CONTENTS.statements),
    ],
)
def test_events_in_a_bundle_have_their_published_form(
    model: type[Event], events: tuple[JsonObject, ...]
) -> None:
    assert events
    for event in events:
        assert model.model_validate(event).data() == canonical_bytes(event)


def test_circumstances_are_read_back() -> None:
    earlier = EarlierPeriod(
        period=Period(date(2024, 5, 1), date(2024, 6, 1)),
        emissions=Emissions(Decimal("1.5"), Decimal(2)),
        profile="ghg-protocol",
        gwp_set="AR6",
        boundary="cell plant",
        output=Decimal(7),
        extended_by_historic_reductions=True,
    )
    told = Circumstances((earlier,), True, Decimal("3.5"), "a third line", True)
    contents = replace(CONTENTS, circumstances=told)
    again = read(open_bundle(write(contents, SIGNER)).files)
    assert again.circumstances == told
    facts = claim_facts(again, date(2025, 6, 30))
    assert facts.earlier == (earlier,)
    assert facts.policy.withdrawn_standards_refused
    assert not facts.first_period


def test_a_bundle_without_a_claim_is_a_bundle() -> None:
    bare = replace(
        CONTENTS,
        opinion=None,
        commitment=None,
        plan=None,
        claim=None,
        statements=(),
        credit_retirements=(),
        requests=(),
    )
    again = read(open_bundle(write(bare, SIGNER)).files)
    assert again.claim is None
    with pytest.raises(MalformedField, match="claim: an object expected"):
        claim_facts(again, date(2025, 6, 30))


def with_entry(name: str, data: bytes) -> bytes:
    return pack({**open_bundle(BUNDLE).files, name: data})


def test_entries_that_no_bundle_has_are_refused() -> None:
    for name in ("notes.txt", "readings/grid-1.csv", "extra/file.json"):
        with pytest.raises(BrokenContainer) as refused:
            open_bundle(with_entry(name, b""))
        assert refused.value.part == name


def test_missing_entries_are_named() -> None:
    files = {name: data for name, data in open_bundle(BUNDLE).files.items() if name != "plan.json"}
    assert open_bundle(pack(files)).manifest.factory == "jiangsu"
    del files["sources.json"]
    with pytest.raises(BrokenContainer, match=r"sources\.json missing"):
        open_bundle(pack(files))
    del files["manifest.json"]
    with pytest.raises(BrokenContainer, match=r"manifest\.json"):
        open_bundle(pack(files))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"unit":"kWh"}\n', r"readings/grid-1.jsonl line 1.start"),
        (b"{}", "does not end"),
        (b'{"a": 1}\n', "canonical"),
        (b"[]\n", "an object expected"),
    ],
)
def test_malformed_readings_are_named_by_line(line: bytes, told: str) -> None:
    files = {**open_bundle(BUNDLE).files, "readings/grid-1.jsonl": line}
    with pytest.raises(MalformedField, match=told):
        read(files)


def block(**changes: Any) -> Contents:
    first: ReadingBlock = CONTENTS.readings[2]
    return replace(CONTENTS, readings=(replace(first, **changes),))


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        (block(previous=None), "previous"),
        (block(previous=(Decimal(1), Decimal(2))), "as many as values"),
        (block(revision=0, previous=None), "a positive number"),
        (block(interval_seconds=0), "a positive number"),
        (replace(CONTENTS, records=(replace(CONTENTS.records[0], revision=2),)), "previous"),
    ],
)
def test_revisions_and_intervals_make_sense(contents: Contents, told: str) -> None:
    files = {**open_bundle(BUNDLE).files, **fact_files(contents)}
    with pytest.raises(MalformedField, match=told):
        read(files)


def test_the_hash_of_an_inventory_knows_neither_people_nor_clocks_nor_order() -> None:
    closed = dict(CONTENTS.inventory)
    same = {
        **closed,
        "inventory_id": "another",
        "preparer_id": "somebody",
        "closed_at": "2030-01-01T00:00:00Z",
        "pins": [],
        "supersedes": None,
        "attribution": None,
        "inventory_sha256": "",
        "lines": list(reversed(tables(closed, "lines"))),
    }
    assert inventory_sha256(same) == closed["inventory_sha256"]


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"knowledge_date": "2025-05-21"},
        {"readings_root": "00" * 32},
        {"consolidation": "equity-share"},
        {"screening": []},
        {"exclusions": [{"source": "x", "reason": "small", "estimate_kg": "1", "approver_id": "y"}]},
        {"lines": []},
        {"attribution": {"parts": []}},
    ],
)
def test_the_hash_of_an_inventory_knows_every_fact(change: dict[str, Any]) -> None:
    assert inventory_sha256({**CONTENTS.inventory, **change}) != CONTENTS.inventory["inventory_sha256"]


def test_who_approved_an_exclusion_is_not_in_the_hash() -> None:
    left = {"source": "x", "reason": "small", "estimate_kg": "1"}
    one = {**CONTENTS.inventory, "exclusions": [{**left, "approver_id": "a"}]}
    other = {**CONTENTS.inventory, "exclusions": [{**left, "approver_id": "b"}]}
    assert inventory_sha256(one) == inventory_sha256(other)
