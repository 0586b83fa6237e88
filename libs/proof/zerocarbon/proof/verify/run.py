"""All checks of a bundle, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from zerocarbon.proof import keys
from zerocarbon.proof.bundle.reading import Bundle, open_bundle, read
from zerocarbon.proof.container import MAX_TOTAL_BYTES, STRUCTURE, BrokenContainer
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.fields import MalformedField
from zerocarbon.proof.manifest import MANIFEST, SIGNATURE, Authenticity, NewerFormat, authenticity
from zerocarbon.proof.verify.binding import same_subject
from zerocarbon.proof.verify.corrections import corrections_chain
from zerocarbon.proof.verify.entries import entry_hashes
from zerocarbon.proof.verify.evidence import evidence_root
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.intervals import intervals_complete
from zerocarbon.proof.verify.library_factors import published_factors
from zerocarbon.proof.verify.opinion import bound_opinion
from zerocarbon.proof.verify.own_factors import approved_factors
from zerocarbon.proof.verify.profile_terms import profile_terms
from zerocarbon.proof.verify.quantification import (
    inventory_hash,
    lines_sha256,
    quantified_lines,
    recomputed_totals,
)
from zerocarbon.proof.verify.report import Check, Report
from zerocarbon.proof.verify.retirements import certificates, credits
from zerocarbon.proof.verify.statements import statement_checks
from zerocarbon.proof.verify.sums import folded_sums
from zerocarbon.proof.verify.zipped_again import ZIPPED_AGAIN, zipped_again

CHECKS: tuple[tuple[str, Callable[[EvidenceFile], Check]], ...] = (
    ("subject", same_subject),
    ("intervals", intervals_complete),
    ("corrections", corrections_chain),
    ("evidence-root", evidence_root),
    ("sums", folded_sums),
    ("library-factors", published_factors),
    ("organisation-factors", approved_factors),
    ("quantification", quantified_lines),
    ("totals", recomputed_totals),
    ("inventory-lines", lines_sha256),
    ("inventory", inventory_hash),
    ("profile", profile_terms),
    ("certificates", certificates),
    ("credits", credits),
    ("opinion", bound_opinion),
)

FURTHER = 4 + len(CHECKS)
"""Checks that a broken container leaves undone: signature, entries, contents, those above, and statements."""

UNJUDGEABLE = (ValueError, ArithmeticError, LookupError, OSError)
"""What facts that cannot be true make the recomputation raise: dates out of range, unknown zones, units."""


def verify(
    bundle: Path | bytes, key: Ed25519PublicKey | None = None, library: Library | None = None
) -> Report:
    """Checks a bundle. Needs no network, no service and no database; never raises for what is in the file.

    Args:
        bundle: the file, or its bytes.
        key: whom the reader expects to have signed. Without it a sound bundle is "consistent, not
            authenticated".
        library: published factors to compare with; by default those of this version.

    Raises:
        OSError: the file cannot be read from the disk.
    """
    data = _bytes(bundle)
    if isinstance(data, Check):
        return _stopped(data, "the container is too large")
    try:
        opened = open_bundle(data)
    except BrokenContainer as broken:
        return _stopped(_broken(broken, data), "the container cannot be trusted")
    except (NewerFormat, MalformedField) as error:
        return _stopped(Check("manifest", False, str(error)), "the manifest cannot be read")
    container = Check("container", True, f"{len(data)} bytes follow from {len(opened.files)} entries")
    signature, found = _signature(opened, key)
    entries = entry_hashes(opened.files, opened.manifest)
    rest = _contents_checks(opened, Library.load() if library is None else library)
    return Report((container, signature, entries, *rest), found)


def _stopped(check: Check, why: str) -> Report:
    return Report((check,), Authenticity.REFUSED, f"{FURTHER} further checks were not run, because {why}")


def _broken(broken: BrokenContainer, data: bytes) -> Check:
    # The check is named container already: a fault of its structure need not say so again.
    found = broken.reason if broken.part == STRUCTURE else str(broken)
    return Check("container", False, f"{found}. {ZIPPED_AGAIN}" if zipped_again(data) else found)


def _bytes(bundle: Path | bytes) -> bytes | Check:
    if isinstance(bundle, bytes):
        return bundle
    if bundle.stat().st_size > MAX_TOTAL_BYTES:
        return Check("container", False, f"larger than {MAX_TOTAL_BYTES} bytes")
    return bundle.read_bytes()


def _signature(opened: Bundle, key: Ed25519PublicKey | None) -> tuple[Check, Authenticity]:
    try:
        found = authenticity(opened.files[MANIFEST], opened.files[SIGNATURE], key)
    except MalformedField as error:
        return Check("signature", False, str(error)), Authenticity.REFUSED
    detail = found.value
    if key is not None:
        detail += f" (key {keys.key_id(key)[:16]})"
    return Check("signature", found is not Authenticity.REFUSED, detail), found


def _contents_checks(opened: Bundle, library: Library) -> Iterator[Check]:
    try:
        contents = read(opened.files)
    except MalformedField as error:
        yield Check("contents", False, str(error))
        return
    yield Check("contents", True, "every entry can be read")
    file = EvidenceFile(opened.files, opened.manifest, contents, library)
    for name, check in CHECKS:
        yield from _judged(name, partial(_single, check, file))
    yield from _judged("statements", partial(statement_checks, file))


def _single(check: Callable[[EvidenceFile], Check], file: EvidenceFile) -> tuple[Check]:
    return (check(file),)


def _judged(name: str, checks: Callable[[], Iterable[Check]]) -> list[Check]:
    """The checks, or one that fails with the reason why nothing could be judged."""
    try:
        return list(checks())
    except UNJUDGEABLE as error:
        return [Check(name, False, f"cannot be judged: {error}")]
