"""The file that holds a bundle: a zip archive in which every byte follows from the entries.

Entries are stored, not deflated: what a deflater puts out differs between zlib versions and its forks, and
a bundle that is rebuilt years later must come out the same. Time stamps are fixed at 1980-01-01, names are
sorted, there are no comments, extra fields or data descriptors. So nothing in the file is slack: the reader
walks it strictly, rebuilds it from what it read and compares every byte. Any zip tool can open the file;
this reader accepts none that another writer shaped differently, and so needs no bound on inflation beyond
the sizes below.

Layout and field names: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

MAX_ENTRY_BYTES = 256 * 2**20
MAX_TOTAL_BYTES = 1024 * 2**20
MAX_ENTRIES = 4096
STRUCTURE = "container structure"

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION = 20
_DATE_1980 = 0x0021
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*\Z")


class BrokenContainer(ValueError):
    """`pack` could not have made this file. `part` is the name of an entry, or `container structure`."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(f"{part}: {reason}")
        self.part = part
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one entry stands in the file."""

    name: str
    offset: int
    end: int


def pack(entries: Mapping[str, bytes]) -> bytes:
    """The one file for these entries.

    Raises:
        BrokenContainer: a name that is no plain relative path, or sizes and counts beyond the limits.
    """
    _check_limits(entries)
    body, directory, offset = [], [], 0
    for name in sorted(entries):
        data, encoded = entries[name], name.encode("ascii")
        crc, size = zlib.crc32(data), len(data)
        common = (_VERSION, 0, 0, 0, _DATE_1980, crc, size, size, len(encoded), 0)
        local = _LOCAL.pack(_LOCAL_MARK, *common) + encoded
        directory.append(_CENTRAL.pack(_CENTRAL_MARK, _VERSION, *common, 0, 0, 0, 0, offset) + encoded)
        body += [local, data]
        offset += len(local) + size
    central = b"".join(directory)
    count = len(entries)
    end = _END.pack(_END_MARK, 0, 0, count, count, len(central), offset, 0)
    return b"".join([*body, central, end])


def unpack(data: bytes) -> dict[str, bytes]:
    """The entries of a container, after every byte was compared with what `pack` makes of them.

    Raises:
        BrokenContainer: anything else; it names the entry that differs, or the container structure.
    """
    if len(data) > MAX_TOTAL_BYTES:
        raise BrokenContainer(STRUCTURE, f"larger than {MAX_TOTAL_BYTES} bytes")
    entries: dict[str, bytes] = {}
    places: list[_Place] = []
    offset = 0
    while data[offset : offset + 4] == _LOCAL_MARK:
        name, content, end = _read_entry(data, offset)
        if name in entries:
            raise BrokenContainer(name, "stands twice in the container")
        entries[name] = content
        places.append(_Place(name, end - len(content), end))
        offset = end
    if not entries:
        raise BrokenContainer(STRUCTURE, "not a bundle: no entry at its start")
    _compare(data, pack(entries), places)
    return entries


def _read_entry(data: bytes, offset: int) -> tuple[str, bytes, int]:
    """Name, content and end of the entry whose local header stands at `offset`."""
    if len(data) < offset + _LOCAL.size:
        raise BrokenContainer(STRUCTURE, "ends inside an entry's header")
    _, _, flags, method, _, _, crc, size, plain_size, name_length, extra = _LOCAL.unpack_from(data, offset)
    start = offset + _LOCAL.size + name_length
    raw_name = data[offset + _LOCAL.size : start]
    name = _name(raw_name)
    if (flags, method, extra) != (0, 0, 0) or size != plain_size:
        raise BrokenContainer(STRUCTURE, f"{name} is compressed, encrypted or carries extra fields")
    if size > MAX_ENTRY_BYTES:
        raise BrokenContainer(name, f"larger than {MAX_ENTRY_BYTES} bytes")
    end = start + size
    if end > len(data):
        raise BrokenContainer(STRUCTURE, f"ends inside {name}")
    content = data[start:end]
    if zlib.crc32(content) != crc:
        raise BrokenContainer(name, "its bytes do not match its checksum")
    return name, content, end


def _name(raw: bytes) -> str:
    try:
        name = raw.decode("ascii")
    except UnicodeDecodeError:
        raise BrokenContainer(STRUCTURE, f"an entry's name {raw!r} is not ASCII") from None
    _check_name(name)
    return name


def _check_name(name: str) -> None:
    if not _NAME.match(name) or len(name) > 200:
        raise BrokenContainer(STRUCTURE, f"an entry's name {name!r} is not a plain relative path")


def _check_limits(entries: Mapping[str, bytes]) -> None:
    if not 0 < len(entries) <= MAX_ENTRIES:
        raise BrokenContainer(STRUCTURE, f"{len(entries)} entries; from 1 to {MAX_ENTRIES} are possible")
    for name, data in entries.items():
        _check_name(name)
        if len(data) > MAX_ENTRY_BYTES:
            raise BrokenContainer(name, f"larger than {MAX_ENTRY_BYTES} bytes")
    if sum(map(len, entries.values())) > MAX_TOTAL_BYTES:
        raise BrokenContainer(STRUCTURE, f"larger than {MAX_TOTAL_BYTES} bytes")


def _compare(data: bytes, rebuilt: bytes, places: list[_Place]) -> None:
    """Names the first byte at which the file differs from the one rebuilt from its entries."""
    if data == rebuilt:
        return
    shorter = min(len(data), len(rebuilt))
    at = next((index for index in range(shorter) if data[index] != rebuilt[index]), shorter)
    part = next((place.name for place in places if place.offset <= at < place.end), STRUCTURE)
    raise BrokenContainer(part, f"byte {at} is not the one that follows from the entries")
