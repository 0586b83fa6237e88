"""ISO 14068-1:2023, carbon neutrality by a hierarchy: reduce first, offset what is left.

The neutrality test takes the location-based total, because ISO 14064-1 asks for that in category 2 and the
printed clause that might allow certificates was not seen. Subclauses that were not read are not numbered.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from zerocarbon.proof.gates import coverage, offsets, reduction, subject, timetable, verification
from zerocarbon.proof.gates.result import MEMORY
from zerocarbon.proof.gates.standard import Standard

NAME = "ISO 14068-1:2023"
PUBLISHED = date(2023, 11, 30)
OFFSET_RULES = (
    offsets.genuine,
    offsets.issued_after_reduction,
    offsets.bound_to_claim,
    offsets.after_verification,
    offsets.within_year_after_period,
)

STANDARD = Standard(
    name=NAME,
    published=PUBLISHED,
    basis="location",
    credit_rules=OFFSET_RULES,
    notice_rules=(),
    window_closes=True,
    gates=(
        partial(subject.in_force, clause="R192; E13", standard=NAME, published=PUBLISHED, withdrawn=None),
        partial(subject.subject, clause="ISO 14068-1:2023, subject and boundary; R40"),
        partial(timetable.commitment, clause="ISO 14068-1:2023, commitment; R192"),
        partial(timetable.plan_parts, clause="ISO 14068-1:2023, management plan; R193"),
        partial(timetable.plan_pathway, clause="ISO 14068-1:2023, management plan: pathway and residual"),
        partial(timetable.plan_dates, clause="R193; R211"),
        partial(timetable.plan_scopes, clause="R176"),
        partial(timetable.application_period, clause="R211; R212"),
        partial(coverage.scopes_1_and_2, clause="ISO 14068-1:2023, quantification by ISO 14064-1"),
        partial(
            coverage.significance,
            clause=f"ISO 14068-1:2023, all significant parts; limit of 5 % ({MEMORY})",
            basis="location",
        ),
        partial(reduction.hierarchy, clause="ISO 14068-1:2023, hierarchy; R42"),
        partial(verification.opinion, clause="ISO 14068-1:2023, verification; R194"),
        partial(verification.verifier, clause="R194"),
        partial(
            verification.criteria, clause="ISO 14068-1:2023, verification by ISO 14064-3", standard="14064-3"
        ),
        partial(verification.verified_totals, clause="R194", basis="location"),
        partial(
            offsets.credit_gate,
            gate="credits-genuine",
            clause="ISO 14068-1:2023 clause 11.2; R195; DC12; DC23",
            basis="location",
            rules=(offsets.genuine,),
        ),
        partial(
            offsets.credit_gate,
            gate="credits-issued-after-reduction",
            clause="ISO 14068-1:2023 clause 11.2; DC24",
            basis="location",
            rules=(offsets.issued_after_reduction,),
        ),
        partial(
            offsets.credit_gate,
            gate="credits-of-this-claim",
            clause="R197; DC18; DC20",
            basis="location",
            rules=(offsets.bound_to_claim,),
        ),
        partial(offsets.no_serial_twice, clause="ISO 14068-1:2023 clause 11.2; R197"),
        partial(
            offsets.credit_gate,
            gate="retired-after-verification",
            clause="R179",
            basis="location",
            rules=(offsets.after_verification,),
        ),
        partial(offsets.window_after_period, clause="ISO 14068-1:2023 clause 11; DC22", basis="location"),
        partial(offsets.neutrality, clause="R196", basis="location", rules=OFFSET_RULES),
    ),
)
