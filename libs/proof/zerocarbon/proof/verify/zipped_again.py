"""Tells a bundle that somebody unzipped and zipped again from one in which bytes were damaged."""

from __future__ import annotations

import io
import zipfile

ZIPPED_AGAIN = (
    "The file looks unzipped and zipped again by another program, perhaps after an edit: ask the issuer for"
    " the original file"
)
_ISSUED = (zipfile.ZIP_STORED, b"", (1980, 1, 1, 0, 0, 0))
"""Compression, extra fields and time of every entry of an issued bundle."""


def zipped_again(data: bytes) -> bool:
    """Whether a ZIP file has an entry that no issuer writes. Explains a failed check; never part of one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            entries = opened.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return False
    return any((entry.compress_type, entry.extra, entry.date_time) != _ISSUED for entry in entries)
