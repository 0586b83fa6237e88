"""One plant, two kinds of instrument: what excludes what."""

from __future__ import annotations

from collections.abc import Iterable

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.issue import IssueBlock
from zerocarbon.certificates.domain.vintage import Vintage
from zerocarbon.common.refusal import Violation

_IREC = ("IREC_CN", "IREC")


def excluded(command: IssueBlock, scheme: str, known: Iterable[Block]) -> list[Violation]:
    """What stands against issuing units for a plant or project, given its blocks that still have units.

    A project of a carbon mechanism gets no I-REC, whenever (DC03, R186); the same generation is never both
    a certificate and a credit (DC02).
    """
    issue = command.issue
    found: dict[str, Violation] = {}
    for block in known:
        if block.unit == issue.unit:
            continue
        if scheme in _IREC or block.scheme in _IREC:
            message = f"{issue.project.code} takes part in a carbon mechanism and in I-REC"
            found["DC03"] = Violation("DC03", message, "/project/code")
        elif _share_a_day(block.vintage, issue.vintage):
            message = f"{issue.project.code} has {block.scheme} of {block.vintage}: the same generation"
            found["DC02"] = Violation("DC02", message, "/project/code")
    return list(found.values())


def _share_a_day(one: Vintage, other: Vintage) -> bool:
    return one.start < other.end and other.start < one.end
