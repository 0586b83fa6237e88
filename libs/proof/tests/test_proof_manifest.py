"""Manifest and signature: canonical bytes, named malformations, and what a key shows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from zerocarbon.proof import keys
from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.fields import MalformedField
from zerocarbon.proof.manifest import (
    Authenticity,
    ExpectedIntervals,
    Manifest,
    NewerFormat,
    authenticity,
    entry_list,
    facts_root,
    sign,
)

SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
MANIFEST = Manifest(
    entries=entry_list({"claim.json": b"{}", "activity.jsonl": b""}),
    factory="jiangsu",
    period_start=date(2024, 1, 1),
    period_end=date(2025, 1, 1),
    knowledge_date=date(2025, 6, 30),
    evidence_root="0" * 64,
    evidence_count=2,
    intervals=(ExpectedIntervals("grid", 900, 35_136),),
    sums_sha256="1" * 64,
    lines_sha256="2" * 64,
    inventory_sha256="3" * 64,
    library_sha256="4" * 64,
)


def test_the_bytes_read_back() -> None:
    assert Manifest.from_bytes(MANIFEST.to_bytes()) == MANIFEST


def test_a_newer_format_is_said_to_be_newer() -> None:
    value = json.loads(MANIFEST.to_bytes())
    value["format_version"] = 2
    with pytest.raises(NewerFormat, match="format version 2"):
        Manifest.from_bytes(canonical_bytes(value))


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("format", "other", "manifest.format"),
        ("period", None, "manifest.period"),
        ("evidence_count", "2", "manifest.evidence_count"),
        ("entries", [{"name": "a", "sha256": 3}], r"manifest.entries\[0\].sha256"),
        ("knowledge_date", "30 June 2025", "manifest.knowledge_date"),
        ("surplus", "x", "manifest: carries fields"),
    ],
)
def test_a_malformed_field_is_named(key: str, value: object, path: str) -> None:
    changed = json.loads(MANIFEST.to_bytes())
    changed[key] = value
    with pytest.raises(MalformedField, match=path):
        Manifest.from_bytes(canonical_bytes(changed))


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[1.5]", b'{"a": 1}', b'{"b":1,"a":1}', b"[" * 100_000, b"\xff", b'{"a":NaN}']
)
def test_only_canonical_json_is_read(raw: bytes) -> None:
    with pytest.raises(MalformedField, match="canonical"):
        Manifest.from_bytes(raw)


def test_a_key_shows_who_says_it_and_no_key_shows_consistency_only() -> None:
    raw = MANIFEST.to_bytes()
    signature = sign(raw, SIGNER)
    assert authenticity(raw, signature, SIGNER.public_key()) is Authenticity.AUTHENTICATED
    assert authenticity(raw, signature, None) is Authenticity.CONSISTENT
    assert authenticity(raw, signature, OTHER.public_key()) is Authenticity.REFUSED


def test_a_changed_manifest_or_signature_is_refused() -> None:
    raw = MANIFEST.to_bytes()
    changed = replace(MANIFEST, evidence_count=3).to_bytes()
    assert authenticity(changed, sign(raw, SIGNER), None) is Authenticity.REFUSED
    entry = json.loads(sign(raw, SIGNER))
    entry["public_key"] = json.loads(sign(raw, OTHER))["public_key"]
    with pytest.raises(MalformedField, match="key id"):
        authenticity(raw, canonical_bytes(entry), None)
    entry["public_key"] = "AAAA"
    with pytest.raises(MalformedField, match="32 bytes"):
        authenticity(raw, canonical_bytes(entry), None)
    entry["public_key"] = "!"
    with pytest.raises(MalformedField, match="base64url"):
        authenticity(raw, canonical_bytes(entry), None)


def test_signing_is_deterministic() -> None:
    assert sign(MANIFEST.to_bytes(), SIGNER) == sign(MANIFEST.to_bytes(), SIGNER)


def test_public_keys_are_read_from_pem_and_jwk() -> None:
    key = SIGNER.public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jwk = json.dumps(keys.jwk(key)).encode()
    assert keys.key_id(keys.read_public_key(pem)) == keys.key_id(key)
    assert keys.key_id(keys.read_public_key(jwk)) == keys.key_id(key)


def test_the_key_of_rfc_8037_is_read() -> None:
    rfc = b'{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
    raw = keys.raw_bytes(keys.read_public_key(rfc))
    assert raw.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"ssh-ed25519 AAAA",
        b"{",
        b'{"kty":"RSA"}',
        b'{"kty":"OKP","crv":"Ed25519"}',
        b'{"kty":"OKP","crv":"Ed25519","x":"AA"}',
        X25519PrivateKey.from_private_bytes(bytes(32))
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    ],
)
def test_other_keys_are_refused(text: bytes) -> None:
    with pytest.raises(keys.UnreadableKey):
        keys.read_public_key(text)


def test_the_facts_root_leaves_out_what_is_written_after_the_statement() -> None:
    facts = {"claim.json": b"{}", "plan.json": b"{}"}
    later = {**facts, "manifest.json": b"m", "signature.json": b"s", "statements.json": b"[]"}
    assert facts_root(later) == facts_root(facts)
    assert facts_root({**facts, "claim.json": b"{ }"}) != facts_root(facts)
