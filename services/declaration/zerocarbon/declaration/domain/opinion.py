"""The verifier's opinion, bound to one exact inventory (R194)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.declaration import OpinionKind, OpinionSigned
from zerocarbon.declaration.domain.inventory import KnownInventory
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.subject import Subject

PASSING: frozenset[OpinionKind] = frozenset({"unmodified", "modified"})
"""What may let a claim go on. Whether a modified opinion is enough is each standard's own gate."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Who signs. `member` says that the principal belongs to the organisation whose inventory it is,
    `granted` that the organisation let it in as verifier for this factory and period."""

    principal_id: str
    member: bool
    granted: bool


@dataclass(frozen=True, slots=True)
class SignOpinion:
    """The opinion with everything that R194 asks for. Masses are kilograms of CO2e."""

    opinion_id: str
    inventory_id: str
    inventory_sha256: str
    body: str
    accreditation: str
    accreditation_sector: str
    accreditation_valid_to: date
    criteria: str
    scope: str
    level: Literal["limited", "reasonable"]
    materiality_percent: Decimal
    misstatement_kg: Decimal
    verified_total_location_kg: Decimal
    verified_total_market_kg: Decimal
    opinion: OpinionKind
    signed_on: date
    signatory_id: str
    independence: str


def decide(
    record: Record, subject: Subject, inventory: KnownInventory, verifier: Verifier, command: SignOpinion
) -> list[OpinionSigned]:
    """The signed opinion.

    Raises:
        Refused: the verifier is not independent or not let in, the accreditation does not hold on the date,
            the opinion names other bytes or contradicts its own figures, or the inventory was superseded.
    """
    inventory.demand_current("R194")
    broken = [
        *_independence(inventory, verifier),
        *_basis(subject, inventory, command),
        *_figures(inventory, command),
    ]
    if broken:
        raise Refused(broken)
    return [
        OpinionSigned(
            organisation_id=subject.organisation_id,
            factory_id=subject.factory_id,
            opinion_id=command.opinion_id,
            inventory_id=command.inventory_id,
            inventory_sha256=command.inventory_sha256,
            body=command.body,
            accreditation=command.accreditation,
            accreditation_sector=command.accreditation_sector,
            accreditation_valid_to=command.accreditation_valid_to,
            criteria=command.criteria,
            scope=command.scope,
            level=command.level,
            materiality_percent=command.materiality_percent,
            misstatement_kg=command.misstatement_kg,
            verified_total_location_kg=command.verified_total_location_kg,
            verified_total_market_kg=command.verified_total_market_kg,
            opinion=command.opinion,
            signed_on=command.signed_on,
            signatory_id=command.signatory_id,
            verifier_id=verifier.principal_id,
            independence=command.independence,
        )
    ]


def _independence(inventory: KnownInventory, verifier: Verifier) -> Iterator[Violation]:
    if verifier.member:
        yield Violation("R194", "a verifier does not belong to the organisation whose inventory it verifies")
    if not verifier.granted:
        yield Violation(
            "R194", "the organisation has not let this verifier in for the factory and the whole period"
        )
    if verifier.principal_id in (inventory.closed.preparer_id, inventory.closed.reviewer_id):
        yield Violation("R194", "who prepared or reviewed the inventory does not verify it")


def _basis(subject: Subject, inventory: KnownInventory, command: SignOpinion) -> Iterator[Violation]:
    if command.inventory_sha256 != inventory.closed.inventory_sha256:
        yield Violation(
            "R194",
            f"the inventory has the hash {inventory.closed.inventory_sha256}, not the one verified",
            "/inventory_sha256",
        )
    if command.accreditation_valid_to < command.signed_on:
        yield Violation(
            "R194",
            f"the accreditation ended on {command.accreditation_valid_to}, before the opinion",
            "/accreditation_valid_to",
        )
    if command.signed_on > subject.today:
        yield Violation("R194", f"{command.signed_on} lies ahead", "/signed_on")
    if command.signed_on < inventory.closed.closed_at.date():
        yield Violation("R194", "the opinion is older than the close of its inventory", "/signed_on")


def _figures(inventory: KnownInventory, command: SignOpinion) -> Iterator[Violation]:
    totals = inventory.closed.totals
    if command.materiality_percent <= 0 or command.misstatement_kg < 0:
        yield Violation(
            "R194", "materiality is above zero and misstatements are summed without sign", "/misstatement_kg"
        )
    if command.opinion not in PASSING:
        return
    verified = (
        ("verified_total_location_kg", command.verified_total_location_kg, totals.total_location),
        ("verified_total_market_kg", command.verified_total_market_kg, totals.total_market),
    )
    for name, stated, closed in verified:
        if stated != closed:
            yield Violation(
                "R201", f"verified {stated:f} kg, but the inventory says {closed:f} kg", f"/{name}"
            )
    bound = min(totals.total_location, totals.total_market) * command.materiality_percent / 100
    if command.opinion == "unmodified" and command.misstatement_kg > bound:
        yield Violation(
            "R194",
            f"uncorrected misstatements of {command.misstatement_kg:f} kg exceed the materiality of"
            f" {bound:f} kg: an unmodified opinion contradicts itself",
            "/opinion",
        )
