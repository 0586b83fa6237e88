"""PAS 2060:2014, carbon neutrality with reduction and offset; withdrawn on 30 November 2025 (E13).

Clause map: 4 demonstration, 5 subject, 6 quantification, 7 commitment, 8 reduction, 9 offsetting, 10
declarations, 11 maintenance.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from zerocarbon.proof.gates import coverage, offsets, reduction, subject, timetable, verification
from zerocarbon.proof.gates.claim import ClaimFacts
from zerocarbon.proof.gates.result import MEMORY
from zerocarbon.proof.gates.standard import Notice, Standard

NAME = "PAS 2060:2014"
PUBLISHED = date(2014, 4, 1)  # the month is known from memory: it can only refuse
WITHDRAWN = date(2025, 11, 30)
OFFSET_RULES = (
    offsets.genuine,
    offsets.issued_after_reduction,
    offsets.bound_to_claim,
    offsets.after_verification,
    offsets.within_year_of_declaration,
)


def withdrawn(facts: ClaimFacts) -> Notice | None:
    """Every statement dated on or after the withdrawal says so."""
    if facts.declared_on < WITHDRAWN:
        return None
    return Notice(
        "withdrawn",
        "PAS 2060:2014 was withdrawn on 30 November 2025; its successor is ISO 14068-1:2023.",
        "PAS 2060:2014 已于2025年11月30日废止,后继标准为 ISO 14068-1:2023。",
    )


def all_offset(facts: ClaimFacts) -> Notice | None:
    """A first period without an own reduction says so (R42)."""
    if not reduction.is_all_offset(facts):
        return None
    return Notice(
        "all-offset",
        "No own reduction was made in this first period; all emissions are offset.",
        "首个应用周期内未实施自主减排,全部排放以抵消方式中和。",
    )


def intensity(facts: ClaimFacts) -> Notice | None:
    """Emissions rose while emissions per unit of output fell: the statement explains it."""
    if not facts.intensity_explanation or not reduction.rose_while_intensity_fell(facts, "market"):
        return None
    explanation = facts.intensity_explanation
    return Notice(
        "intensity",
        f"Emissions rose while emissions per unit of output fell: {explanation}",
        f"排放总量上升而单位产出排放下降,说明:{explanation}",
    )


STANDARD = Standard(
    name=NAME,
    published=PUBLISHED,
    withdrawn=WITHDRAWN,
    basis="market",
    credit_rules=OFFSET_RULES,
    notice_rules=(withdrawn, all_offset, intensity),
    gates=(
        partial(
            subject.in_force,
            clause="R192; E13",
            standard=NAME,
            published=PUBLISHED,
            withdrawn=WITHDRAWN,
        ),
        partial(subject.subject, clause="PAS 2060:2014 clause 5; R40"),
        partial(timetable.commitment, clause="PAS 2060:2014 clause 7; R192"),
        partial(timetable.plan_parts, clause="PAS 2060:2014 clause 7; R193"),
        partial(timetable.plan_dates, clause="R193; R211"),
        partial(timetable.plan_scopes, clause="R176"),
        partial(timetable.plan_current, clause=f"PAS 2060:2014 clause 7 ({MEMORY})"),
        partial(timetable.application_period, clause="PAS 2060:2014 clause 11; R211; R212"),
        partial(coverage.scopes_1_and_2, clause="PAS 2060:2014 clauses 5 and 6"),
        partial(coverage.one_percent, clause="PAS 2060:2014 clauses 5 and 6", basis="market"),
        partial(coverage.ninety_five_percent, clause="PAS 2060:2014 clauses 5 and 6", basis="market"),
        partial(coverage.remainder, clause=f"PAS 2060:2014 clauses 5 and 6 ({MEMORY})", basis="market"),
        partial(reduction.first_or_reduced, clause="PAS 2060:2014 clauses 8 and 11; R42", basis="market"),
        partial(verification.opinion, clause="PAS 2060:2014 clause 10; R194"),
        partial(verification.verifier, clause="R194"),
        partial(verification.verified_totals, clause="R194", basis="market"),
        partial(
            offsets.credit_gate,
            gate="credits-genuine",
            clause="PAS 2060:2014 clause 9.1.2; R195; DC12; DC23",
            basis="market",
            rules=(offsets.genuine,),
        ),
        partial(
            offsets.credit_gate,
            gate="credits-issued-after-reduction",
            clause="PAS 2060:2014 clause 9.1.2; DC24",
            basis="market",
            rules=(offsets.issued_after_reduction,),
        ),
        partial(
            offsets.credit_gate,
            gate="credits-of-this-claim",
            clause="R197; DC18; DC20",
            basis="market",
            rules=(offsets.bound_to_claim,),
        ),
        partial(offsets.no_serial_twice, clause="PAS 2060:2014 clause 9.1.2; R197"),
        partial(
            offsets.credit_gate,
            gate="retired-after-verification",
            clause="R179",
            basis="market",
            rules=(offsets.after_verification,),
        ),
        partial(
            offsets.credit_gate,
            gate="retirement-window",
            clause="PAS 2060:2014 clause 9.1.2; DC22",
            basis="market",
            rules=(offsets.within_year_of_declaration,),
        ),
        partial(offsets.neutrality, clause="R196", basis="market", rules=OFFSET_RULES),
    ),
)
