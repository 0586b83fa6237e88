"""The verifier: a sound bundle passes, and each kind of forgery is refused and named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zerocarbon.proof.bundle import Contents, open_bundle, write
from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.container import pack
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import Factory, Meter
from zerocarbon.proof.leaves import ReadingBlock
from zerocarbon.proof.manifest import Authenticity, sign
from zerocarbon.proof.period import Period
from zerocarbon.proof.testing.bundles import (
    OTHER_SIGNER,
    RECORDED,
    SIGNER,
    START,
    declared_contents,
    reclosed,
)
from zerocarbon.proof.testing.published import identity
from zerocarbon.proof.verify import Report, verify
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.intervals import intervals_complete

CONTENTS = declared_contents()
BUNDLE = write(CONTENTS, SIGNER)


def failures(report: Report) -> dict[str, str]:
    return {check.name: check.detail for check in report.failures}


def refused(contents: Contents) -> dict[str, str]:
    """What the verifier finds in a bundle that was written, and so hashed and signed, from these contents."""
    report = verify(write(contents, SIGNER), SIGNER.public_key())
    assert report.exit_status == 1
    return failures(report)


def event(original: Mapping[str, Any] | None, **changes: object) -> dict[str, Any]:
    assert original is not None
    return {**original, **changes}


def test_a_sound_bundle_passes_every_check(tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(BUNDLE)
    report = verify(file, SIGNER.public_key())
    assert failures(report) == {}
    assert report.exit_status == 0
    assert report.authenticity is Authenticity.AUTHENTICATED
    assert report.lines()[-1] == "signed by the key that was given"
    assert len(report.lines()) == len(report.checks) + 1


def test_the_digest_of_the_lines_is_printed() -> None:
    lines = verify(BUNDLE).lines()
    words = ["ok", "inventory-lines", f"sha256:{CONTENTS.inventory['lines_sha256']}"]
    assert words in [line.split() for line in lines]


def test_without_a_key_a_sound_bundle_is_consistent_not_authenticated() -> None:
    report = verify(BUNDLE)
    assert report.exit_status == 0
    assert report.lines()[-1] == "consistent, not authenticated"


def test_a_wrong_key_is_refused() -> None:
    report = verify(BUNDLE, OTHER_SIGNER.public_key())
    assert list(failures(report)) == ["signature"]
    assert report.exit_status == 1
    assert report.lines()[-1] == f"1 of {len(report.checks)} checks failed"


def test_names_and_findings_stand_in_columns() -> None:
    report = verify(BUNDLE)
    column = len("ok    ") + max(len(check.name) for check in report.checks) + 2
    for line, check in zip(report.lines(), report.checks, strict=False):
        assert line[6:].startswith(check.name)
        assert line[column - 2 : column] == "  "
        assert line[column:] == check.detail


def test_a_broken_container_says_what_was_not_run_and_names_itself_once() -> None:
    lines = verify(BUNDLE[:-5]).lines()
    assert len(lines) == 2
    assert lines[0].startswith("FAIL  container  byte ")
    assert "container structure" not in lines[0]
    assert "zipped again" not in lines[0]
    # All checks but the container's own; how many statements there are cannot be known, so they count once.
    unrun = len(verify(BUNDLE).checks) - 1 - (3 * len(CONTENTS.statements) - 1)
    assert lines[1] == f"{unrun} further checks were not run, because the container cannot be trusted"


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_bundle_that_was_zipped_again_is_said_to_be(compression: int) -> None:
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w", compression) as made:
        for name, content in open_bundle(BUNDLE).files.items():
            made.writestr(name, content)
    assert "unzipped and zipped again" in failures(verify(again.getvalue()))["container"]


def test_a_bundle_of_a_newer_format_is_said_to_be_newer() -> None:
    files = dict(open_bundle(BUNDLE).files)
    newer = files["manifest.json"].replace(b'"format_version":1', b'"format_version":2')
    files |= {"manifest.json": newer, "signature.json": sign(newer, SIGNER), "something-new.json": b"{}"}
    assert "format version 2" in failures(verify(pack(files)))["manifest"]


def without_reading(at: int) -> Contents:
    """The grid's readings without the one of an hour, everything else recomputed."""
    first, *others = CONTENTS.readings
    before = replace(first, values=first.values[:at])
    after = replace(first, start=START + timedelta(hours=at + 1), values=first.values[at + 1 :])
    return reclosed(replace(CONTENTS, readings=(before, after, *others)))


@pytest.mark.requirement("R45")
def test_a_removed_reading_is_found_although_every_hash_was_recomputed() -> None:
    found = refused(without_reading(40))
    assert list(found) == ["intervals"]
    missing = "meter grid-1: no reading from 2024-06-02T08:00:00Z to 2024-06-02T09:00:00Z"
    assert found["intervals"].startswith(missing)


def test_an_interval_left_out_at_the_end_is_found() -> None:
    grid = CONTENTS.readings[1]
    shorter = replace(grid, values=grid.values[:-1])
    contents = reclosed(replace(CONTENTS, readings=(CONTENTS.readings[0], shorter, *CONTENTS.readings[2:])))
    found = refused(contents)
    assert list(found) == ["intervals"]
    missing = "meter grid-1: no reading from 2024-06-30T15:00:00Z to 2024-06-30T16:00:00Z"
    assert found["intervals"].startswith(missing)


def test_a_meter_without_readings_is_found() -> None:
    contents = reclosed(replace(CONTENTS, readings=CONTENTS.readings[:3]))
    assert "meter gas-1: no reading from 2024-05-31T16:00:00Z" in refused(contents)["intervals"]


def test_a_meter_left_out_with_its_readings_is_found() -> None:
    without = replace(CONTENTS, meters=CONTENTS.meters[:1], readings=CONTENTS.readings[:3])
    sources = tuple(source for source in CONTENTS.sources if source.code != "boiler")
    lines: Any = CONTENTS.inventory["lines"]
    kept = [line for line in lines if line["source"] != "boiler"]
    forged = replace(without, sources=sources, inventory=event(CONTENTS.inventory, lines=kept))
    assert refused(reclosed(forged)) == {"intervals": "meter gas-1: known to the inventory alone"}


def test_a_coverage_that_counts_otherwise_is_found() -> None:
    coverage: Any = CONTENTS.inventory["coverage"]
    counted = [event(meter, read=meter["read"] - 1) for meter in coverage]
    found = refused(reclosed(replace(CONTENTS, inventory=event(CONTENTS.inventory, coverage=counted))))
    assert "meter gas-1: the inventory counts other intervals" in found["intervals"]


def test_overlapping_and_foreign_intervals_are_found() -> None:
    again = replace(CONTENTS.readings[0], start=START + timedelta(hours=30), values=(Decimal(1),))
    found = refused(reclosed(replace(CONTENTS, readings=(*CONTENTS.readings, again))))
    assert found["intervals"].startswith("meter grid-1: two readings at 2024-06-01T22:00:00Z")
    outside = replace(again, start=START + timedelta(hours=720))
    found = refused(reclosed(replace(CONTENTS, readings=(*CONTENTS.readings, outside))))
    assert found["intervals"].startswith("meter grid-1: readings outside the period at 2024-06-30T16:00:00Z")


def test_readings_of_an_undescribed_meter_are_found() -> None:
    foreign = replace(CONTENTS.readings[0], meter="grid-2")
    with pytest.raises(ValueError, match="grid-2"):
        write(replace(CONTENTS, readings=(*CONTENTS.readings, foreign)), SIGNER)


def test_an_exchanged_factor_is_found_although_every_hash_was_recomputed() -> None:
    name = "cn-guide-other-2015/natural-gas/carbon"
    cheaper = Library.of(
        replace(factor, value=Decimal("0.0100")) if factor.id == name else factor
        for factor in Library.load().factors()
    )
    found = refused(reclosed(CONTENTS, cheaper))
    assert found["library-factors"] == f"{name} version 1 differs from the published entry in value"
    assert "line jiangsu/boiler" in found["quantification"]


def test_an_invented_library_factor_is_found() -> None:
    invented = {**CONTENTS.library_factors[0], "id": "invented"}
    found = refused(replace(CONTENTS, library_factors=(*CONTENTS.library_factors, invented)))
    assert "invented version 1 is no entry of the published library" in found["library-factors"]
    assert "library-factors" in refused(replace(CONTENTS, library_factors=CONTENTS.library_factors[1:]))


def test_another_edition_of_the_library_is_told_but_no_fault() -> None:
    report = verify(write(CONTENTS, SIGNER, "ab" * 32))
    assert report.exit_status == 0
    assert any("another edition of the library" in line for line in report.lines())


def test_an_own_factor_used_otherwise_than_approved_is_found() -> None:
    lower = event(CONTENTS.organisation_factors[0], value="0.9")
    found = refused(replace(CONTENTS, organisation_factors=(lower,)))
    assert "uses wafer-supplier version 1 otherwise than approved" in found["organisation-factors"]
    assert "line jiangsu/wafers" in found["quantification"]


def test_a_factor_approved_by_its_submitter_is_found() -> None:
    factor = CONTENTS.organisation_factors[0]
    own = event(factor, approver_id=factor["submitter_id"])
    found = refused(reclosed(replace(CONTENTS, organisation_factors=(own,))))
    assert "approved by who submitted it" in found["organisation-factors"]


def edited_line(field: str, value: object) -> Contents:
    closed: Any = CONTENTS.inventory["lines"]
    lines = [dict(line) for line in closed]
    lines[0][field] = value
    return replace(CONTENTS, inventory=event(CONTENTS.inventory, lines=lines))


def test_the_first_line_and_field_that_differ_are_named() -> None:
    found = refused(edited_line("co2e_kg", "1"))
    assert found["quantification"] == "line jiangsu/boiler/both differs in co2e_kg"
    assert "differs in notes" in refused(edited_line("notes", ["rewritten"]))["quantification"]
    assert "does not follow" in refused(edited_line("line", "jiangsu/aaa/both"))["quantification"]


def test_totals_digest_and_hash_are_recomputed() -> None:
    closed: Any = CONTENTS.inventory["totals"]
    totals = event(closed, scope1="1")
    found = refused(replace(CONTENTS, inventory=event(CONTENTS.inventory, totals=totals)))
    assert found["totals"] == "scope1 differs"
    assert "states another hash" in found["inventory"]
    found = refused(replace(CONTENTS, inventory=event(CONTENTS.inventory, lines_sha256="00" * 32)))
    assert "the inventory states another digest" in found["inventory-lines"]


def test_another_root_of_the_evidence_is_found() -> None:
    found = refused(replace(CONTENTS, inventory=event(CONTENTS.inventory, readings_root="00" * 32)))
    assert "the inventory states another root or count" in found["evidence-root"]


def test_a_correction_that_replaces_what_never_stood_is_found() -> None:
    first, second, correction, gas = CONTENTS.readings
    wrong = replace(correction, previous=(Decimal(1),))
    found = refused(reclosed(replace(CONTENTS, readings=(first, second, wrong, gas))))
    assert found == {
        "corrections": "meter grid-1: revision 2 at 2024-06-04T20:00:00Z does not follow on from what stood"
    }
    records = (
        CONTENTS.records[0],
        replace(CONTENTS.records[1], previous=Decimal("0.41")),
        CONTENTS.records[2],
    )
    found = refused(reclosed(replace(CONTENTS, records=records)))
    assert "record forklift/delivery-1: revision 2" in found["corrections"]


def test_facts_recorded_after_the_close_are_found() -> None:
    late = replace(CONTENTS.readings[3], recorded_on=RECORDED.replace(year=2026))
    found = refused(reclosed(replace(CONTENTS, readings=(*CONTENTS.readings[:3], late))))
    assert "recorded after the close" in found["sums"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"beneficiary_factory_id": identity(99)}, "another beneficiary"),
        ({"purpose": "quota"}, "for the purpose quota"),
        ({"period": {"start": "2024-05-01", "end": "2024-06-01"}}, "another period"),
        ({"retired_on": "2025-06-11", "issued_on": "2023-12-31"}, "before its reduction was over"),
        ({"retired_on": "2025-06-09"}, "before an opinion was signed"),
        ({"unit": "MWh"}, "counts MWh, not tCO2e"),
        ({"high": 1000}, "holds no unit"),
    ],
)
def test_credits_that_do_not_belong_to_the_claim_are_found(change: dict[str, Any], told: str) -> None:
    retirement = event(CONTENTS.credit_retirements[0], **change)
    assert told in refused(reclosed(replace(CONTENTS, credit_retirements=(retirement,))))["credits"]


def test_units_retired_twice_are_found() -> None:
    again = event(CONTENTS.credit_retirements[0], low=1199, high=1300, retirement_id=identity(50))
    found = refused(reclosed(replace(CONTENTS, credit_retirements=(*CONTENTS.credit_retirements, again))))
    assert found["credits"] == "CCER CCER-EXAMPLE [1199, 1300) shares units with another retirement"


@pytest.mark.requirement("R179")
def test_certificates_retired_after_the_close_are_found() -> None:
    late = event(CONTENTS.energy_retirements[0], retired_on="2025-05-21")
    found = refused(replace(CONTENTS, energy_retirements=(late,)))
    assert "retired after the close" in found["certificates"]


def test_certificates_that_the_inventory_does_not_list_are_found() -> None:
    found = refused(replace(CONTENTS, energy_retirements=()))
    assert "lists other retirements" in found["certificates"]
    assert "quantification" in found


@pytest.mark.requirement("R194")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"inventory_sha256": "00" * 32}, "on another inventory"),
        ({"opinion": "adverse"}, "it is adverse"),
        ({"opinion": "disclaimed"}, "it is disclaimed"),
        ({"verified_total_location_kg": "1"}, "another location-based total"),
        ({"verified_total_market_kg": "1"}, "another market-based total"),
    ],
)
def test_an_opinion_that_does_not_carry_the_inventory_is_found(change: dict[str, str], told: str) -> None:
    found = refused(replace(CONTENTS, opinion=event(CONTENTS.opinion, **change)))
    assert told in found["opinion"]
    assert "gates PAS 2060:2014" in found


def test_a_claim_without_an_opinion_is_found() -> None:
    assert refused(replace(CONTENTS, opinion=None))["opinion"] == "missing"


def statements(**changes: object) -> Contents:
    return replace(CONTENTS, statements=(event(CONTENTS.statements[0], **changes), *CONTENTS.statements[1:]))


@pytest.mark.requirement("R196")
def test_the_neutrality_test_is_recomputed() -> None:
    found = refused(statements(emissions_tonnes_rounded_up=108))
    assert "emissions_tonnes_rounded_up 108, recomputed is 109" in found["neutrality PAS 2060:2014"]
    fewer = event(CONTENTS.credit_retirements[0], high=1108)
    found = refused(reclosed(replace(CONTENTS, credit_retirements=(fewer,))))
    assert found["neutrality PAS 2060:2014"] == "109 t are more than 108 credits"
    assert "neutrality does not hold" in found["gates PAS 2060:2014"]


def gates_of(statement: int) -> list[dict[str, Any]]:
    gates: Any = CONTENTS.statements[statement]["gates"]
    return list(gates)


def test_gates_told_otherwise_are_found() -> None:
    gates = [dict(gate) for gate in gates_of(0)]
    gates[3]["found"] = "all is well"
    assert "plan-parts is told differently" in refused(statements(gates=gates))["gates PAS 2060:2014"]
    fewer = refused(statements(gates=gates_of(0)[:-1]))
    assert "tells 22 gates, there are 23" in fewer["gates PAS 2060:2014"]
    assert "other notices" in refused(statements(notices=["trust us"]))["gates PAS 2060:2014"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"bundle_root": "00" * 32}, "issued on other facts"),
        ({"claim_id": identity(77)}, "of another claim"),
        ({"factory_id": identity(77)}, "of another claim"),
        ({"opinion_id": identity(77)}, "names another opinion"),
        ({"inventory_sha256": "00" * 32}, "on another inventory"),
        ({"valid": {"start": "2024-06-01", "end": "2024-08-01"}}, "for another period"),
        ({"retirements": []}, "other retirements"),
    ],
)
def test_a_statement_speaks_of_exactly_these_facts(change: dict[str, Any], told: str) -> None:
    assert told in refused(statements(**change))["facts-root PAS 2060:2014"]


def test_facts_exchanged_under_an_issued_statement_are_found() -> None:
    rebuilt = replace(CONTENTS, plan=event(CONTENTS.plan, approver_id=identity(99)))
    assert set(refused(rebuilt)) == {"facts-root PAS 2060:2014", "facts-root ISO 14068-1:2023"}


def test_an_unknown_standard_is_found() -> None:
    assert "PAS 2060:2099" in refused(statements(standard="PAS 2060:2099"))["statements"]


def test_a_claim_of_another_factory_or_inventory_is_found() -> None:
    for change in ({"factory_id": identity(9)}, {"inventory_id": identity(9)}):
        found = refused(reclosed(replace(CONTENTS, claim=event(CONTENTS.claim, **change))))
        assert "of another factory, period or inventory" in found["subject"]


def test_entries_changed_without_their_hash_are_named() -> None:
    files = dict(open_bundle(BUNDLE).files)
    files["plan.json"] = canonical_bytes(event(CONTENTS.plan, offset_strategy="none"))
    del files["commitment.json"]
    files["readings/other.jsonl"] = b""
    found = failures(verify(pack(files), SIGNER.public_key()))
    assert found["entries"] == (
        "commitment.json is missing; plan.json differs from its hash; readings/other.jsonl is not listed"
    )


def test_an_inventory_without_a_claim_can_be_verified() -> None:
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
    report = verify(write(bare, SIGNER))
    assert failures(report) == {}
    assert ["ok", "opinion", "none", "yet"] in [line.split() for line in report.lines()]


def test_daily_readings_follow_local_days_where_clocks_change() -> None:
    midnight = datetime(2024, 2, 29, 23, tzinfo=UTC)
    daily = ReadingBlock("gas-1", "Nm3", midnight, 86400, 1, (Decimal(1),) * 31, RECORDED)
    factory = event(CONTENTS.factory, time_zone="Europe/Berlin")
    assert Factory.from_json(factory).time_zone == "Europe/Berlin"
    march = Period(date(2024, 3, 1), date(2024, 4, 1))
    inventory = event(CONTENTS.inventory, period=march.to_json(), coverage=[])
    contents = replace(
        CONTENTS,
        factory=factory,
        inventory=inventory,
        meters=(Meter("gas-1", "boiler", "Nm3", 86400),),
        readings=(daily,),
        records=(),
    )
    manifest = replace(open_bundle(BUNDLE).manifest, intervals=())
    whole = intervals_complete(EvidenceFile({}, manifest, contents, Library.load()))
    assert "no reading" not in whole.detail
    short = replace(contents, readings=(replace(daily, values=daily.values[:-1]),))
    found = intervals_complete(EvidenceFile({}, manifest, short, Library.load()))
    assert "meter gas-1: no reading from 2024-03-30T23:00:00Z to 2024-03-31T22:00:00Z" in found.detail
