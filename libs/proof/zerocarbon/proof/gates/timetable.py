"""Commitment, management plan and application periods: parts and order of dates (R176, R193, R211, R212)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from zerocarbon.proof.gates.claim import ALL_SCOPES, ClaimFacts, Plan, Target
from zerocarbon.proof.gates.months import add_months, whole_months
from zerocarbon.proof.gates.result import GateResult, judged
from zerocarbon.proof.period import Period

NO_PLAN = "there is no approved plan"


def commitment(facts: ClaimFacts, *, clause: str) -> GateResult:
    """A commitment was made by the day of the declaration, for this period or the one that follows it."""
    made = facts.commitment
    if made is None:
        faults, holds = ["no commitment was made"], ""
    else:
        faults = []
        if made.made_on > facts.declared_on:
            faults.append(f"the commitment is dated {made.made_on}, after the declaration")
        if made.period.start not in (facts.period.start, facts.period.end):
            faults.append(
                f"the commitment begins on {made.period.start}, neither with the period nor at its end"
            )
        holds = f"committed on {made.made_on} for {span(made.period)}"
    cure = "make a commitment for this period or for the one that follows it"
    return judged("commitment", clause, faults, holds, cure)


def plan_parts(facts: ClaimFacts, *, clause: str) -> GateResult:
    """The plan has every part of R193; each missing part is named."""
    plan = facts.plan
    if plan is None:
        faults = [NO_PLAN]
    else:
        parts = {
            "commitment statement": plan.commitment_statement.strip(),
            "reduction targets": plan.targets,
            "measures": plan.measures,
            "offset strategy": plan.offset_strategy.strip(),
        }
        faults = [f"{name} missing" for name, part in parts.items() if not part]
        if plan.approved_on > facts.declared_on:
            faults.append(f"the plan was approved on {plan.approved_on}, after the declaration")
    holds = "commitment statement, timetable, targets, measures and offset strategy are there"
    return judged("plan-parts", clause, faults, holds, "complete the plan and have it approved")


def plan_dates(facts: ClaimFacts, *, clause: str) -> GateResult:
    """Baseline date < first qualification date < end of the commitment, matching the period (R193, R211)."""
    plan = facts.plan
    faults = [NO_PLAN] if plan is None else _date_faults(plan, facts)
    holds = (
        ""
        if plan is None
        else (
            f"baseline {plan.baseline_date}, first qualification {plan.first_qualification_date},"
            f" commitment until {plan.commitment_end}"
        )
    )
    return judged("plan-dates", clause, faults, holds, "put the dates of the plan in order")


def _date_faults(plan: Plan, facts: ClaimFacts) -> list[str]:
    faults = []
    if not plan.baseline_date < plan.first_qualification_date < plan.commitment_end:
        faults.append(
            f"baseline {plan.baseline_date}, first qualification {plan.first_qualification_date} and end of"
            f" commitment {plan.commitment_end} are not in this order"
        )
    first = facts.earlier[0].period if facts.earlier else facts.period
    if plan.baseline_date != first.start:
        faults.append(f"the first period starts on {first.start}, not on the baseline {plan.baseline_date}")
    if plan.first_qualification_date != first.end:
        faults.append(
            f"the first period ends on {first.end}, not on the first qualification"
            f" {plan.first_qualification_date}"
        )
    if facts.commitment is not None and plan.commitment_end != facts.commitment.period.end:
        faults.append(
            f"the plan's commitment ends on {plan.commitment_end},"
            f" the commitment itself on {facts.commitment.period.end}"
        )
    return faults


def plan_scopes(facts: ClaimFacts, *, clause: str) -> GateResult:
    """The plan has a target or a reasoned exclusion for each scope (R176)."""
    if facts.plan is None:
        faults = [NO_PLAN]
    else:
        answered = {target.scope for target in facts.plan.targets if _answers(target)}
        faults = [f"scope {scope} has no entry" for scope in ALL_SCOPES if scope not in answered]
    cure = "give each scope a target with a date, or the reason why it has none"
    return judged("plan-scopes", clause, faults, "each scope has a target or a reasoned exclusion", cure)


def _answers(target: Target) -> bool:
    has_target = target.reduction_percent is not None and target.by is not None
    return has_target or bool((target.exclusion_reason or "").strip())


def plan_pathway(facts: ClaimFacts, *, clause: str) -> GateResult:
    """The plan leads by dated targets to a residual level that is described."""
    if facts.plan is None:
        faults = [NO_PLAN]
    else:
        faults = (
            [] if facts.plan.residual_pathway.strip() else ["the pathway to residual emissions is missing"]
        )
        dated = [target for target in facts.plan.targets if target.reduction_percent and target.by]
        if not dated:
            faults.append("no target states a reduction and a date")
    cure = "describe the pathway to residual emissions with dated targets"
    return judged("plan-pathway", clause, faults, "dated targets and a pathway to residual emissions", cure)


def plan_current(facts: ClaimFacts, *, clause: str) -> GateResult:
    """The plan was approved or renewed within the last twelve months."""
    if facts.plan is None:
        faults, holds = [NO_PLAN], ""
    else:
        renew_by = add_months(facts.plan.approved_on, 12)
        late = facts.declared_on > renew_by
        faults = [f"the plan of {facts.plan.approved_on} was to be renewed by {renew_by}"] if late else []
        holds = f"approved on {facts.plan.approved_on}"
    return judged("plan-current", clause, faults, holds, "renew the plan and have it approved")


def application_period(facts: ClaimFacts, *, clause: str) -> GateResult:
    """Periods follow each other without gap and are equal in calendar months (R211, R212).

    Only the first may be longer, when it was extended for historic reductions.
    """
    faults = []
    if facts.first_period != (not facts.earlier):
        faults.append("the first period is the one without an earlier one")
    if facts.period.end > facts.declared_on:
        faults.append(f"the period ends on {facts.period.end}, after the declaration")
    periods = [(earlier.period, earlier.extended_by_historic_reductions) for earlier in facts.earlier]
    periods.append((facts.period, facts.extended_by_historic_reductions))
    for (before, _), (after, extended) in pairwise(periods):
        if before.end != after.start:
            faults.append(f"{span(after)} does not begin where {span(before)} ends")
        if extended:
            faults.append(f"{span(after)} is not the first and cannot be extended for historic reductions")
    faults += _length_faults(periods)
    cure = "declare for periods that are equally long and follow each other without gap"
    return judged("application-period", clause, faults, _chain_text(facts), cure)


def _length_faults(periods: list[tuple[Period, bool]]) -> list[str]:
    uneven = [period for period, _ in periods if whole_months(period) is None]
    if uneven:
        return [f"{span(period)} is no whole number of months" for period in uneven]
    lengths = [whole_months(period) or 0 for period, _ in periods]
    if periods[0][1] and len(lengths) > 1:
        first, *rest = lengths
        too_short = [f"the extended first period of {first} months is shorter"] if first < rest[0] else []
    else:
        rest, too_short = lengths, []
    told = " then ".join(str(length) for length in lengths)
    return too_short + ([f"periods of {told} months are not equal"] if len(set(rest)) > 1 else [])


def _chain_text(facts: ClaimFacts) -> str:
    place = "first period" if facts.first_period else f"period {len(facts.earlier) + 1}"
    return f"{span(facts.period)}, {place}, {whole_months(facts.period)} months"


def span(period: Period) -> str:
    """`2024-01-01 to 2024-12-31`, by the first and the last day, both included."""
    return f"{period.start} to {period.end - timedelta(days=1)}"


def last_day_to_retire(period: Period) -> date:
    """The first day on which it is too late to retire, twelve months after the end of the period."""
    return add_months(period.end, 12)
