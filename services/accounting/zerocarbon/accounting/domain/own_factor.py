"""An organisation's own factor: put forward with evidence, acting only after somebody else approved it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from zerocarbon.common.refusal import NotFound, Refused, Violation, refuse
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.inventory import FactorApproved, FactorSubmitted
from zerocarbon.proof import refusal as proof
from zerocarbon.proof.factors.approved import approved_factor


def stream_of(organisation_id: str, factor: str) -> str:
    """The stream of one factor's versions."""
    return f"factor/{organisation_id}/{factor}"


@dataclass(frozen=True, slots=True)
class OwnFactor:
    """A factor's versions. `approved` are the numbers of those that act."""

    submitted: tuple[FactorSubmitted, ...] = ()
    approved: frozenset[int] = frozenset()


def initial() -> OwnFactor:
    """Nothing was put forward."""
    return OwnFactor()


def evolve(factor: OwnFactor, event: Event) -> OwnFactor:
    """The factor after an event."""
    match event:
        case FactorSubmitted():
            return replace(factor, submitted=(*factor.submitted, event))
        case FactorApproved():
            return replace(factor, approved=factor.approved | {event.version})
        case _:
            raise TypeError(f"a factor has no {type(event).__name__}")


def submit(factor: OwnFactor, wanted: FactorSubmitted, today: date) -> FactorSubmitted:
    """The event that puts the next version forward; `wanted` comes without its number (1 stands for any).

    Raises:
        Refused: the validity ends before it begins, it was published after today, its value is negative,
            its purpose is not open to organisations, or its unit fits neither its gas nor any activity.
    """
    violations = []
    if wanted.valid_to is not None and wanted.valid_to <= wanted.valid_from:
        violations.append(Violation("factor-validity", "the validity ends before it begins", "/valid_to"))
    if wanted.published > today:
        violations.append(
            Violation("factor-published", "a factor is not used before it is published", "/published")
        )
    if factor.submitted and factor.submitted[-1].gas != wanted.gas:
        violations.append(Violation("factor-gas", "a new version is about the same gas", "/gas"))
    try:
        approved_factor(wanted.model_dump(mode="json"))
    except proof.Refused as unusable:
        violations.append(Violation(unusable.rule, str(unusable)))
    if violations:
        raise Refused(violations)
    return wanted.model_copy(update={"version": len(factor.submitted) + 1})


def approve(factor: OwnFactor, version: int, approver_id: str) -> FactorApproved:
    """The event that lets a version act.

    Raises:
        NotFound: there is no such version.
        Refused: the approver submitted it, or it acts already.
    """
    if not 1 <= version <= len(factor.submitted):
        raise NotFound("factor version", str(version))
    submitted = factor.submitted[version - 1]
    if submitted.submitter_id == approver_id:
        raise refuse("factor-approval", "a factor is approved by somebody else than its submitter")
    if version in factor.approved:
        raise refuse("factor-approval", "this version is approved already")
    return FactorApproved(**submitted.model_dump(), approver_id=approver_id)
