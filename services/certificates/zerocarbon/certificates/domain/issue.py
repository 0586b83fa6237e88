"""What happens when a registry confirms that it issued units."""

from __future__ import annotations

from dataclasses import dataclass

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.scheme import Issue, Scheme
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.common.refusal import Refused, refuse
from zerocarbon.contracts.certificate import BlockIssued


@dataclass(frozen=True, slots=True)
class IssueBlock:
    """The registry confirms a block for a holder. Only this makes units (R125, R182)."""

    block_id: str
    organisation_id: str
    serial: str
    range: SerialRange
    issue: Issue


def issue_block(command: IssueBlock, state: Block | None, scheme: Scheme) -> list[BlockIssued]:
    """The block, held by one organisation as a whole.

    Raises:
        Refused: the block exists, or the scheme's rules do not allow these units.
    """
    if state is not None:
        raise refuse("R187", "these serial numbers were issued before", "/low")
    breaches = scheme.breaches(command.issue)
    if breaches:
        raise Refused(breaches)
    issue = command.issue
    return [
        BlockIssued(
            block_id=command.block_id,
            organisation_id=command.organisation_id,
            scheme=scheme.code,
            registry=scheme.registry,
            serial=command.serial,
            low=command.range.low,
            high=command.range.high,
            unit=issue.unit,
            project=issue.project,
            vintage_start=issue.vintage.start,
            vintage_end=issue.vintage.end,
            issued_on=issue.issued_on,
        )
    ]
