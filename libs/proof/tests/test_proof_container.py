"""The container: one file for equal entries, readable by any zip tool, and no byte of slack."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof import container
from zerocarbon.proof.canonical import sha256_hex
from zerocarbon.proof.container import STRUCTURE, BrokenContainer, pack, unpack

ENTRIES = {
    "manifest.json": b'{"format":1}',
    "readings/grid.jsonl": b'{"values":["1","2"]}\n',
    "claim.json": b"",
}

names = st.from_regex(r"\A[a-z0-9][a-z0-9._-]{0,9}(/[a-z0-9][a-z0-9]{0,5})?\Z")


@given(st.dictionaries(names, st.binary(max_size=60), min_size=1, max_size=6))
def test_what_was_packed_is_unpacked(entries: dict[str, bytes]) -> None:
    assert unpack(pack(entries)) == entries


@given(st.permutations(list(ENTRIES.items())))
def test_the_order_of_entries_changes_no_byte(items: list[tuple[str, bytes]]) -> None:
    assert pack(dict(items)) == pack(ENTRIES)


def test_the_bytes_are_those_of_this_format_version() -> None:
    assert sha256_hex(pack(ENTRIES)) == "9164ea0ebeb04cda1299728921352ee31ff43d79ace329f46e400a32a6bab1d8"


def test_any_zip_tool_opens_it() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(ENTRIES))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == ENTRIES


def test_every_single_changed_byte_is_found() -> None:
    packed = pack(ENTRIES)
    for at in range(len(packed)):
        changed = bytearray(packed)
        changed[at] ^= 0x01
        with pytest.raises(BrokenContainer):
            unpack(bytes(changed))


def test_a_changed_byte_of_an_entry_names_the_entry() -> None:
    packed = bytearray(pack(ENTRIES))
    packed[packed.index(b'"values"')] ^= 0x20
    with pytest.raises(BrokenContainer) as refused:
        unpack(bytes(packed))
    assert refused.value.part == "readings/grid.jsonl"


def test_a_changed_byte_of_the_directory_names_the_structure() -> None:
    packed = bytearray(pack(ENTRIES))
    packed[packed.index(b"PK\x01\x02") + 6] ^= 0x01
    with pytest.raises(BrokenContainer, match="byte") as refused:
        unpack(bytes(packed))
    assert refused.value.part == STRUCTURE


@pytest.mark.parametrize("tail", [b"\x00", b"PK", b"a comment"])
def test_nothing_may_follow_or_precede(tail: bytes) -> None:
    for changed in (pack(ENTRIES) + tail, tail + pack(ENTRIES)):
        with pytest.raises(BrokenContainer) as refused:
            unpack(changed)
        assert refused.value.part == STRUCTURE


def test_a_truncated_file_is_refused_wherever_it_ends() -> None:
    packed = pack(ENTRIES)
    for length in range(len(packed)):
        with pytest.raises(BrokenContainer):
            unpack(packed[:length])


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../up", "a/../b", "a//b", "a\\b", "C:x", ".hidden", "A", "ä", "a/", "x" * 201]
)
def test_names_that_are_no_plain_relative_paths_are_refused(name: str) -> None:
    with pytest.raises(BrokenContainer, match="plain relative path"):
        pack({name: b"-"})
    raw = name.encode()
    if len(raw) <= 200:
        harmless = b"n" * len(raw)
        crafted = pack({harmless.decode(): b"-"}).replace(harmless, raw)
        with pytest.raises(BrokenContainer, match=r"plain relative path|not ASCII"):
            unpack(crafted)


def test_a_compressed_archive_is_refused_before_it_is_inflated() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr(zipfile.ZipInfo("bomb.json"), bytes(10_000_000), zipfile.ZIP_DEFLATED)
    with pytest.raises(BrokenContainer, match="compressed"):
        unpack(archive.getvalue())


def test_an_entry_that_stands_twice_is_refused() -> None:
    one = pack({"a.json": b"1"})
    entry = one[: one.index(b"PK\x01\x02")]
    with pytest.raises(BrokenContainer, match="twice"):
        unpack(entry + one)


def test_oversized_entries_and_containers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(ENTRIES)
    monkeypatch.setattr(container, "MAX_ENTRY_BYTES", 8)
    with pytest.raises(BrokenContainer, match="larger than 8"):
        unpack(packed)
    with pytest.raises(BrokenContainer, match="larger than 8"):
        pack(ENTRIES)
    monkeypatch.setattr(container, "MAX_ENTRY_BYTES", 100)
    monkeypatch.setattr(container, "MAX_TOTAL_BYTES", 30)
    with pytest.raises(BrokenContainer, match="larger than 30"):
        unpack(packed)
    with pytest.raises(BrokenContainer, match="larger than 30"):
        pack(ENTRIES)


def test_random_bytes_are_refused() -> None:
    seeded = random.Random(20240630)
    for _ in range(200):
        with pytest.raises(BrokenContainer):
            unpack(b"PK\x03\x04" + seeded.randbytes(seeded.randrange(200)))
