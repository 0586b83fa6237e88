"""Seeded mutations of a bundle: none is accepted, none makes the verifier stumble."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from zerocarbon.proof.bundle import open_bundle, write
from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.container import pack
from zerocarbon.proof.manifest import Manifest, entry_list, sign
from zerocarbon.proof.testing.bundles import OTHER_SIGNER, SIGNER, declared_contents
from zerocarbon.proof.verify import Report, verify

SEED = int(os.environ.get("ZEROCARBON_SEED", "20250630"))
BUNDLE = write(declared_contents(), SIGNER)
FILES = dict(open_bundle(BUNDLE).files)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    "",
    "-1",
    "9" * 24,
    "0." + "0" * 22 + "1",
    "9999-12-31",
    "0001-01-01",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    "../../etc/passwd",
    "Europe/Atlantis",
    [],
    {},
    [[]],
    [{}],
    {"start": "2024-06-01", "end": "2024-06-01"},
)


@pytest.fixture(scope="module")
def seeded() -> random.Random:
    """Every failing assertion tells the seed; set it in the environment to repeat."""
    return random.Random(SEED)


def resigned(files: dict[str, bytes]) -> bytes:
    """The files with every hash of the manifest recomputed and signed by a forger."""
    inside = {name: data for name, data in files.items() if name not in ("manifest.json", "signature.json")}
    stated = json.loads(files["manifest.json"])
    stated["entries"] = [
        {"name": one.name, "sha256": one.sha256, "size": one.size} for one in entry_list(inside)
    ]
    raw = canonical_bytes(stated)
    assert Manifest.from_bytes(raw).entries == entry_list(inside)
    return pack({**inside, "manifest.json": raw, "signature.json": sign(raw, OTHER_SIGNER)})


def test_one_flipped_bit_anywhere_is_refused(seeded: random.Random) -> None:
    for _ in range(400):
        at, bit = seeded.randrange(len(BUNDLE)), 1 << seeded.randrange(8)
        changed = bytearray(BUNDLE)
        changed[at] ^= bit
        report = verify(bytes(changed))
        assert not report.ok, f"seed {SEED}: byte {at}, bit {bit}"
        assert report.failures[0].detail, f"seed {SEED}: byte {at}, bit {bit}"


def test_a_flipped_bit_of_an_entry_names_the_entry(seeded: random.Random) -> None:
    for name, data in FILES.items():
        if not data:
            continue
        changed = bytearray(BUNDLE)
        changed[BUNDLE.index(data) + seeded.randrange(len(data))] ^= 1 << seeded.randrange(8)
        (failed,) = verify(bytes(changed)).failures
        assert failed.name == "container"
        assert failed.detail.startswith(f"{name}: ")


def test_bytes_left_out_put_in_or_exchanged_are_refused(seeded: random.Random) -> None:
    for _ in range(100):
        at, to = sorted(seeded.sample(range(len(BUNDLE)), 2))
        for changed in (
            BUNDLE[:at] + BUNDLE[to:],
            BUNDLE[:at] + seeded.randbytes(to - at) + BUNDLE[to:],
            BUNDLE[:to] + BUNDLE[at:to] + BUNDLE[to:],
        ):
            assert not verify(changed).ok, f"seed {SEED}: bytes {at} to {to}"


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all values inside a JSON value."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from places(item, (*path, at))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(copy[path[0]], path[1:], new)
    return copy


FACT_ENTRIES = sorted(set(FILES) - {"manifest.json", "signature.json", "statements.json"})


def mutated(seeded: random.Random, name: str) -> bytes:
    """One value of one entry exchanged for an odd one, in canonical form."""
    lines = FILES[name].split(b"\n")[:-1] if name.endswith(".jsonl") else [FILES[name]]
    at = seeded.randrange(len(lines))
    value = json.loads(lines[at])
    lines[at] = canonical_bytes(
        replaced(value, seeded.choice(list(places(value))), seeded.choice(ODD_VALUES))
    )
    return b"".join(line + b"\n" for line in lines) if name.endswith(".jsonl") else lines[0]


def refusal(name: str, data: bytes) -> Report:
    return verify(resigned({**FILES, name: data}))


def test_odd_facts_with_every_hash_recomputed_are_refused_and_never_stumbled_over(
    seeded: random.Random,
) -> None:
    for _ in range(150):
        name = seeded.choice(FACT_ENTRIES)
        data = mutated(seeded, name)
        if data == FILES[name]:
            continue
        report = refusal(name, data)
        assert not report.ok, (SEED, name, data[:300])


def test_an_odd_manifest_signed_anew_is_never_stumbled_over(seeded: random.Random) -> None:
    value = json.loads(FILES["manifest.json"])
    refused = 0
    for _ in range(150):
        path = seeded.choice(list(places(value)))
        raw = canonical_bytes(replaced(value, path, seeded.choice(ODD_VALUES)))
        if raw == FILES["manifest.json"]:
            continue
        report = verify(pack({**FILES, "manifest.json": raw, "signature.json": sign(raw, OTHER_SIGNER)}))
        # The digest of the library's edition is told, not judged: each factor is compared by itself.
        assert not report.ok or path == ("library_sha256",), (SEED, path)
        refused += not report.ok
    assert refused > 100


def test_a_forger_without_the_key_is_found_by_whoever_brings_it() -> None:
    forged = write(declared_contents(), OTHER_SIGNER)
    assert verify(forged).ok
    (failed,) = verify(forged, SIGNER.public_key()).failures
    assert failed.name == "signature"
