"""Writes the published contracts: `python -m zerocarbon.contracts.export CONTRACTS GOLDEN`.

The contracts are committed; a test makes them again and compares, so that none changes unnoticed. A type
that has no golden event yet gets one; a golden event, once there, is never written again.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path, PurePosixPath

from zerocarbon.contracts.asyncapi import asyncapi_document
from zerocarbon.contracts.example import example
from zerocarbon.contracts.registry import EVENTS
from zerocarbon.contracts.schemas import event_schema

ASYNCAPI = PurePosixPath("asyncapi.json")
SCHEMAS = PurePosixPath("schemas")


def contract_files() -> dict[PurePosixPath, str]:
    """All files by their place below the contracts folder."""
    files = {SCHEMAS / f"{name}.json": _text(event_schema(event)) for name, event in EVENTS.items()}
    return {ASYNCAPI: _text(asyncapi_document()), **files}


def write_contracts(folder: Path) -> list[Path]:
    """Writes the files and returns their paths."""
    written = []
    for place, text in contract_files().items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def write_missing_golden_events(folder: Path) -> list[Path]:
    """Writes one canonical event for each type that has none, and returns the new paths."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = {folder / f"{name}.json": event for name, event in EVENTS.items()}
    missing = {path: event for path, event in missing.items() if not path.exists()}
    for path, event in missing.items():
        path.write_bytes(example(event).data())
    return list(missing)


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Writes into the two folders that the command line names."""
    if len(sys.argv) != 3:
        sys.exit("usage: python -m zerocarbon.contracts.export CONTRACTS GOLDEN")
    contracts, golden = Path(sys.argv[1]), Path(sys.argv[2])
    sys.stdout.write(f"{len(write_contracts(contracts))} contracts written to {contracts}\n")
    for path in write_missing_golden_events(golden):
        sys.stdout.write(f"new golden event {path}\n")


if __name__ == "__main__":
    main()
