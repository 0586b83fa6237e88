"""`zerocarbon verify`: prints what was checked, a line a check."""

from __future__ import annotations

from pathlib import Path

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from zerocarbon.proof.keys import UnreadableKey, read_public_key
from zerocarbon.proof.manifest import Authenticity
from zerocarbon.proof.verify.run import verify

HINT = "give --key FILE to check who signed"


def verify_bundle(bundle: Path, key: Path | None) -> int:
    """Verifies a bundle and says so; the exit status is 0 when every check holds, 1 when one does not, and
    2 when the key cannot be read."""
    expected = None
    if key is not None:
        try:
            expected = _read(key)
        except UnreadableKey as wrong:
            typer.echo(str(wrong), err=True)
            return 2
    report = verify(bundle, expected)
    for line in report.lines():
        typer.echo(line)
    if report.ok and report.authenticity is Authenticity.CONSISTENT:
        typer.echo(HINT)
    return report.exit_status


def _read(key: Path) -> Ed25519PublicKey:
    """The issuer's key.

    Raises:
        UnreadableKey: saying in one sentence what is wrong with the file.
    """
    try:
        return read_public_key(key.read_bytes())
    except OSError as wrong:
        raise UnreadableKey(f"The key file {key} cannot be read: {wrong.strerror}.") from None
    except UnreadableKey as wrong:
        raise UnreadableKey(f"The key file {key} holds no public key of an issuer: {wrong}.") from None
