"""The signed list of what a bundle holds.

The manifest names every entry with hash and size and states what a reader must come to when recomputing:
root and number of the evidence leaves, expected intervals of each meter, digests of sums, lines, inventory
and factor library. Its canonical bytes are signed with Ed25519. A signature that fits the key in the file
shows only that the file is consistent; a key that the reader brought shows who says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zerocarbon.proof import keys, merkle
from zerocarbon.proof.canonical import canonical_bytes, sha256_hex
from zerocarbon.proof.fields import Fields, MalformedField, canonical_json

FORMAT = "zerocarbon-evidence-bundle"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
STATEMENTS = "statements.json"


class NewerFormat(ValueError):
    """The bundle was written by a later version of the format; this reader cannot judge it."""


class Authenticity(Enum):
    """What a signature shows."""

    AUTHENTICATED = "signed by the key that was given"
    CONSISTENT = "consistent, not authenticated"
    REFUSED = "not signed by that key"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the bundle: name, SHA-256 in hexadecimal, size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ExpectedIntervals:
    """How many intervals of a meter the period has."""

    meter: str
    interval_seconds: int
    expected: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle holds and what recomputing it must give. Digests are lower-case hexadecimal SHA-256."""

    entries: tuple[Entry, ...]
    factory: str
    period_start: date
    period_end: date
    knowledge_date: date
    evidence_root: str
    evidence_count: int
    intervals: tuple[ExpectedIntervals, ...]
    sums_sha256: str
    lines_sha256: str
    inventory_sha256: str
    library_sha256: str

    def to_bytes(self) -> bytes:
        """The canonical bytes that are signed."""
        return canonical_bytes(
            {
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "entries": [{"name": e.name, "sha256": e.sha256, "size": e.size} for e in self.entries],
                "factory": self.factory,
                "period": {"start": self.period_start.isoformat(), "end": self.period_end.isoformat()},
                "knowledge_date": self.knowledge_date.isoformat(),
                "evidence_root": self.evidence_root,
                "evidence_count": self.evidence_count,
                "intervals": [
                    {"meter": m.meter, "interval_seconds": m.interval_seconds, "expected": m.expected}
                    for m in self.intervals
                ],
                "sums_sha256": self.sums_sha256,
                "lines_sha256": self.lines_sha256,
                "inventory_sha256": self.inventory_sha256,
                "library_sha256": self.library_sha256,
            }
        )

    @staticmethod
    def from_bytes(raw: bytes) -> Manifest:
        """Reads canonical bytes back.

        Raises:
            NewerFormat: a later format version.
            MalformedField: anything else that is not a manifest.
        """
        fields = Fields(canonical_json(MANIFEST, raw), "manifest")
        if fields.text("format") != FORMAT:
            raise MalformedField("manifest.format", f"must be {FORMAT}")
        version = fields.whole("format_version")
        if version > FORMAT_VERSION:
            raise NewerFormat(f"format version {version}; this reader knows versions up to {FORMAT_VERSION}")
        period = fields.object("period")
        manifest = Manifest(
            entries=tuple(
                Entry(e.text("name"), e.text("sha256"), e.whole("size")) for e in fields.objects("entries")
            ),
            factory=fields.text("factory"),
            period_start=period.day("start"),
            period_end=period.day("end"),
            knowledge_date=fields.day("knowledge_date"),
            evidence_root=fields.text("evidence_root"),
            evidence_count=fields.whole("evidence_count"),
            intervals=tuple(
                ExpectedIntervals(m.text("meter"), m.whole("interval_seconds"), m.whole("expected"))
                for m in fields.objects("intervals")
            ),
            sums_sha256=fields.text("sums_sha256"),
            lines_sha256=fields.text("lines_sha256"),
            inventory_sha256=fields.text("inventory_sha256"),
            library_sha256=fields.text("library_sha256"),
        )
        if manifest.to_bytes() != raw:
            raise MalformedField("manifest", "carries fields that this format version does not have")
        return manifest


def entry_list(files: Mapping[str, bytes]) -> tuple[Entry, ...]:
    """Hash and size of each file, by name."""
    return tuple(Entry(name, sha256_hex(files[name]), len(files[name])) for name in sorted(files))


def facts_root(files: Mapping[str, bytes]) -> str:
    """Merkle root (hexadecimal) over the entries that a statement rests on.

    A statement carries this root and goes out on the declaration topic, so that a bundle rebuilt later from
    other facts is found out. Manifest, signature and the statements themselves stay outside of it.
    """
    outside = {MANIFEST, SIGNATURE, STATEMENTS}
    entries = entry_list({name: data for name, data in files.items() if name not in outside})
    leaves = (canonical_bytes({"name": e.name, "sha256": e.sha256, "size": e.size}) for e in entries)
    return merkle.root(leaves).hex()


def sign(manifest: bytes, signer: Ed25519PrivateKey) -> bytes:
    """The signature entry for a manifest's bytes. Ed25519 is deterministic: same key, same bytes."""
    key = signer.public_key()
    return canonical_bytes(
        {
            "algorithm": "Ed25519",
            "key_id": keys.key_id(key),
            "public_key": keys.encode(keys.raw_bytes(key)),
            "signature": keys.encode(signer.sign(manifest)),
        }
    )


def authenticity(manifest: bytes, signature: bytes, expected: Ed25519PublicKey | None) -> Authenticity:
    """What the signature entry shows about the manifest, with or without a key that the reader brought.

    Raises:
        MalformedField: the signature entry cannot be read.
    """
    fields = Fields(canonical_json(SIGNATURE, signature), "signature")
    try:
        key = keys.from_raw(keys.decode(fields.text("public_key")))
        value = keys.decode(fields.text("signature"))
    except MalformedField:
        raise
    except ValueError as error:
        raise MalformedField("signature", str(error)) from None
    if fields.text("algorithm") != "Ed25519" or fields.text("key_id") != keys.key_id(key):
        raise MalformedField("signature", "algorithm or key id do not belong to the key")
    try:
        key.verify(value, manifest)
    except InvalidSignature:
        return Authenticity.REFUSED
    if expected is None:
        return Authenticity.CONSISTENT
    same = keys.raw_bytes(expected) == keys.raw_bytes(key)
    return Authenticity.AUTHENTICATED if same else Authenticity.REFUSED
