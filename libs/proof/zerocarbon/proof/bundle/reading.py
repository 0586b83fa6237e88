"""Reading a bundle: container, manifest, and every entry into typed contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zerocarbon.proof.bundle import circumstances, names
from zerocarbon.proof.bundle.blocks import read_readings, read_records
from zerocarbon.proof.bundle.contents import Contents
from zerocarbon.proof.container import STRUCTURE, BrokenContainer, unpack
from zerocarbon.proof.facts import Meter, Source
from zerocarbon.proof.fields import Fields, canonical_json, objects
from zerocarbon.proof.json_fields import JsonObject
from zerocarbon.proof.leaves import ReadingBlock
from zerocarbon.proof.manifest import MANIFEST, STATEMENTS, Manifest


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened file: its entries by name and its manifest. Nothing is judged yet."""

    files: Mapping[str, bytes]
    manifest: Manifest


def open_bundle(data: bytes) -> Bundle:
    """Opens the container and its manifest.

    Raises:
        BrokenContainer: the container is not sound, or holds other entries than a bundle does.
        NewerFormat: a later format version.
        MalformedField: the manifest cannot be read.
    """
    files = unpack(data)
    if MANIFEST not in files:
        raise BrokenContainer(MANIFEST, "is missing")
    # The version comes first: a newer format may have entries that this one does not know.
    manifest = Manifest.from_bytes(files[MANIFEST])
    unknown = names.unknown_names(files)
    if unknown:
        raise BrokenContainer(unknown[0], "no bundle of this format version has such an entry")
    missing = sorted(names.REQUIRED - files.keys())
    if missing:
        raise BrokenContainer(STRUCTURE, f"{', '.join(missing)} missing")
    return Bundle(files, manifest)


def read(files: Mapping[str, bytes]) -> Contents:
    """The contents of a bundle's entries.

    Raises:
        MalformedField: naming entry and field.
    """
    return Contents(
        factory=_object(files, names.FACTORY),
        sources=tuple(item.made(Source.from_json) for item in _items(files, names.SOURCES)),
        meters=tuple(item.made(Meter.from_json) for item in _items(files, names.METERS)),
        readings=_readings(files),
        records=tuple(read_records(names.RECORDS, files[names.RECORDS])),
        organisation_factors=_events(files, names.ORGANISATION_FACTORS),
        library_factors=_events(files, names.LIBRARY_FACTORS),
        inventory=_object(files, names.INVENTORY),
        energy_retirements=_events(files, names.ENERGY_RETIREMENTS),
        credit_retirements=_events(files, names.CREDIT_RETIREMENTS),
        requests=_events(files, names.REQUESTS),
        opinion=_optional(files, names.OPINION),
        commitment=_optional(files, names.COMMITMENT),
        plan=_optional(files, names.PLAN),
        claim=_optional(files, names.CLAIM),
        statements=_events(files, STATEMENTS),
        circumstances=circumstances.from_json(Fields(_json(files, names.CIRCUMSTANCES), names.CIRCUMSTANCES)),
    )


def _readings(files: Mapping[str, bytes]) -> tuple[ReadingBlock, ...]:
    found: list[ReadingBlock] = []
    for name in sorted(files):
        meter = names.meter_of(name)
        if meter is not None:
            found += read_readings(name, meter, files[name])
    return tuple(found)


def _json(files: Mapping[str, bytes], name: str) -> Any:
    return canonical_json(name, files[name])


def _items(files: Mapping[str, bytes], name: str) -> list[Fields]:
    return list(objects(_json(files, name), name))


def _events(files: Mapping[str, bytes], name: str) -> tuple[JsonObject, ...]:
    return tuple(item.data for item in _items(files, name))


def _object(files: Mapping[str, bytes], name: str) -> JsonObject:
    return Fields(_json(files, name), name).data


def _optional(files: Mapping[str, bytes], name: str) -> JsonObject | None:
    return _object(files, name) if name in files else None
