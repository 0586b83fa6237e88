"""`zerocarbon verify`: prints what was checked, a line a check."""

from __future__ import annotations

from pathlib import Path

import typer

from zerocarbon.proof.keys import UnreadableKey, read_public_key
from zerocarbon.proof.verify.run import verify


def verify_bundle(bundle: Path, key: Path | None) -> int:
    """Verifies a bundle and says so; the exit status is 0 when every check holds, 1 when one does not, and
    2 when the key cannot be read."""
    expected = None
    if key is not None:
        try:
            expected = read_public_key(key.read_bytes())
        except (OSError, UnreadableKey) as wrong:
            typer.echo(f"{key}: {wrong}", err=True)
            return 2
    report = verify(bundle, expected)
    for line in report.lines():
        typer.echo(line)
    return report.exit_status
