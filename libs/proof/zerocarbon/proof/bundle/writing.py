"""Writing a bundle. Equal contents and signer give equal bytes."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zerocarbon.proof import manifest
from zerocarbon.proof.bundle import circumstances, names
from zerocarbon.proof.bundle.blocks import readings_lines, records_lines
from zerocarbon.proof.bundle.contents import Contents
from zerocarbon.proof.bundle.recomputing import factory_of, period_of, sums
from zerocarbon.proof.canonical import Json, canonical_bytes
from zerocarbon.proof.container import pack
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.json_fields import JsonObject
from zerocarbon.proof.leaves import ReadingBlock, evidence
from zerocarbon.proof.manifest import ExpectedIntervals, Manifest


def write(contents: Contents, signer: Ed25519PrivateKey, library_sha256: str | None = None) -> bytes:
    """The bundle file. It states what the contents say and judges nothing: `verify` does.

    Args:
        contents: what the bundle holds.
        signer: the key that signs the manifest.
        library_sha256: digest of the factor library of the close; by default that of this version.
    """
    files = fact_files(contents)
    files[manifest.STATEMENTS] = _json(list(contents.statements))
    stated = _manifest(contents, files, library_sha256 or Library.load().digest()).to_bytes()
    return pack({**files, manifest.MANIFEST: stated, manifest.SIGNATURE: manifest.sign(stated, signer)})


def facts_root(contents: Contents) -> str:
    """The root that a statement carries: over all entries that it rests on, before it exists itself."""
    return manifest.facts_root(fact_files(contents))


def used_library_factors(inventory: JsonObject, library: Library | None = None) -> tuple[JsonObject, ...]:
    """The library's entries that the lines of an inventory use, sorted by id and version."""
    used = {
        (factor.text("factor"), factor.whole("version"))
        for line in Fields(inventory, "inventory").objects("lines")
        for factor in line.objects("factors")
    }
    known = (Library.load() if library is None else library).factors()
    return tuple(factor.to_json() for factor in known if (factor.id, factor.version) in used)


def fact_files(contents: Contents) -> dict[str, bytes]:
    """The entries that a statement rests on, by name."""
    files = {
        names.FACTORY: _json(contents.factory),
        names.SOURCES: _json([one.to_json() for one in sorted(contents.sources, key=lambda one: one.code)]),
        names.METERS: _json([one.to_json() for one in sorted(contents.meters, key=lambda one: one.code)]),
        names.RECORDS: records_lines(contents.records),
        names.ORGANISATION_FACTORS: _json(list(contents.organisation_factors)),
        names.LIBRARY_FACTORS: _json(list(contents.library_factors)),
        names.INVENTORY: _json(contents.inventory),
        names.ENERGY_RETIREMENTS: _json(list(contents.energy_retirements)),
        names.CREDIT_RETIREMENTS: _json(list(contents.credit_retirements)),
        names.REQUESTS: _json(list(contents.requests)),
        names.CIRCUMSTANCES: _json(circumstances.to_json(contents.circumstances)),
    }
    for name, event in (
        (names.OPINION, contents.opinion),
        (names.COMMITMENT, contents.commitment),
        (names.PLAN, contents.plan),
        (names.CLAIM, contents.claim),
    ):
        if event is not None:
            files[name] = _json(event)
    for meter, blocks in _by_meter(contents.readings):
        files[names.readings_entry(meter)] = readings_lines(blocks)
    return files


def _manifest(contents: Contents, files: dict[str, bytes], library_sha256: str) -> Manifest:
    factory, period = factory_of(contents), period_of(contents)
    found = evidence(contents.readings, contents.records)
    inventory = Fields(contents.inventory, "inventory")
    return Manifest(
        entries=manifest.entry_list(files),
        factory=factory.code,
        period_start=period.start,
        period_end=period.end,
        knowledge_date=inventory.day("knowledge_date"),
        evidence_root=found.root,
        evidence_count=found.count,
        intervals=tuple(
            ExpectedIntervals(
                meter.code,
                meter.interval_seconds,
                period.expected_intervals(meter.interval_seconds, factory.time_zone),
            )
            for meter in sorted(contents.meters, key=lambda meter: meter.code)
        ),
        sums_sha256=sums(contents).digest(),
        lines_sha256=inventory.text("lines_sha256"),
        inventory_sha256=inventory.text("inventory_sha256"),
        library_sha256=library_sha256,
    )


def _by_meter(blocks: Iterable[ReadingBlock]) -> list[tuple[str, list[ReadingBlock]]]:
    grouped: dict[str, list[ReadingBlock]] = {}
    for block in blocks:
        grouped.setdefault(block.meter, []).append(block)
    return sorted(grouped.items())


def _json(value: Json) -> bytes:
    return canonical_bytes(value)
