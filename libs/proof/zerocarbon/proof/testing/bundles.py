"""A small fictional factory and month, closed, verified, offset and declared, as bundle contents.

`reclosed` recomputes every figure and hash after a change, as an honest close would, and as a forger would
who stops at nothing but the signing key. Tests change one fact and see whether the verifier finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zerocarbon.proof.bundle import Contents, facts_root, used_library_factors
from zerocarbon.proof.bundle.claim_facts import claim_facts
from zerocarbon.proof.bundle.recomputing import inputs, quantities, sums
from zerocarbon.proof.closing import inventory_sha256
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import Meter, Source
from zerocarbon.proof.gates.standard import evaluate
from zerocarbon.proof.gates.standards import STANDARDS
from zerocarbon.proof.inventory import lines_digest, totals
from zerocarbon.proof.json_fields import JsonObject
from zerocarbon.proof.leaves import ActivityRecord, ReadingBlock, evidence
from zerocarbon.proof.quantify import quantify
from zerocarbon.proof.testing.published import (
    CLAIM,
    FACTORY,
    MONTH,
    ORGANISATION,
    claim,
    commitment,
    factory,
    identity,
    opened_inventory,
    opinion,
    plan,
    request,
    retirement,
    wafer_factor,
)

SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))

START = datetime(2024, 5, 31, 16, tzinfo=UTC)
RECORDED = date(2024, 7, 2)
DECLARED_ON = "2025-06-30"


SOURCES = (
    Source("grid", "electricity-import", "electricity", "kWh"),
    Source("boiler", "stationary-fuel", "natural-gas", "Nm3"),
    Source("forklift", "mobile-fuel", "diesel", "t"),
    Source("wafers", "scope3", "wafer", "piece", scope3_category=1),
)
METERS = (Meter("grid-1", "grid", "kWh", 3600), Meter("gas-1", "boiler", "Nm3", 86400))


def readings() -> tuple[ReadingBlock, ...]:
    """A month of hourly electricity in two blocks with one correction, and of daily gas."""
    hours = tuple(Decimal(1000 + (at * 37) % 463) / 10 for at in range(720))
    days = tuple(Decimal(400 + (at * 17) % 53) for at in range(30))
    half = START + timedelta(hours=360)
    corrected = START + timedelta(hours=100)
    return (
        ReadingBlock("grid-1", "kWh", START, 3600, 1, hours[:360], RECORDED),
        ReadingBlock("grid-1", "kWh", half, 3600, 1, hours[360:], RECORDED),
        ReadingBlock("grid-1", "kWh", corrected, 3600, 2, (Decimal("99.5"),), RECORDED, hours[100:101]),
        ReadingBlock("gas-1", "Nm3", START, 86400, 1, days, RECORDED),
    )


def records() -> tuple[ActivityRecord, ...]:
    """Diesel, corrected once, and wafers."""
    day = START, START + timedelta(days=1)
    return (
        ActivityRecord("forklift", "delivery-1", *day, 1, Decimal("0.42"), "t", RECORDED),
        ActivityRecord("forklift", "delivery-1", *day, 2, Decimal("0.40"), "t", RECORDED, Decimal("0.42")),
        ActivityRecord("wafers", "invoice-1", *day, 1, Decimal(20000), "piece", RECORDED),
    )


def declared_contents() -> Contents:
    """The whole chain for June 2024: statements under both standards, every gate held."""
    draft = Contents(
        factory=factory(),
        sources=SOURCES,
        meters=METERS,
        readings=readings(),
        records=records(),
        library_factors=(),
        inventory=opened_inventory(),
        organisation_factors=(wafer_factor(),),
        energy_retirements=(retirement(21, "GEC", "MWh", 10),),
        credit_retirements=(retirement(22, "CCER", "tCO2e", 200),),
        requests=(request(),),
        opinion=opinion(),
        commitment=commitment(),
        plan=plan(),
        claim=claim(),
    )
    return reclosed(draft)


def reclosed(contents: Contents, library: Library | None = None) -> Contents:
    """The contents with every figure, hash, binding, gate and root recomputed from their facts."""
    inventory = _closed_inventory(contents, library)
    digest = inventory["inventory_sha256"]
    stated = inventory["totals"]
    verified = {
        **(contents.opinion or {}),
        "inventory_sha256": digest,
        "verified_total_location_kg": stated["total_location"],
        "verified_total_market_kg": stated["total_market"],
    }
    bound = replace(
        contents,
        inventory=inventory,
        library_factors=used_library_factors(inventory, library),
        opinion=verified,
        claim={**(contents.claim or {}), "inventory_sha256": digest},
        statements=(),
    )
    return replace(bound, statements=tuple(_statements(bound, str(digest))))


def _closed_inventory(contents: Contents, library: Library | None) -> dict[str, Any]:
    consumed = quantities(contents, sums(contents))
    lines = quantify(inputs(contents, consumed), library)
    found = evidence(contents.readings, contents.records)
    inventory: dict[str, Any] = {
        **contents.inventory,
        "lines": [line.to_json() for line in lines],
        "totals": totals(lines).to_json(),
        "gwp_set": lines[0].gwp_set,
        "readings_root": found.root,
        "readings_count": found.count,
        "retirements": [event["retirement_id"] for event in contents.energy_retirements],
        "lines_sha256": lines_digest(lines),
    }
    return {**inventory, "inventory_sha256": inventory_sha256(inventory)}


def _statements(contents: Contents, digest: str) -> Sequence[JsonObject]:
    facts = claim_facts(contents, date.fromisoformat(DECLARED_ON))
    root = facts_root(contents)
    issued: list[JsonObject] = []
    for number, standard in enumerate(STANDARDS.values()):
        evaluation = evaluate(standard, facts)
        issued.append(
            {
                "organisation_id": ORGANISATION,
                "factory_id": FACTORY,
                "statement_id": identity(31 + number),
                "claim_id": CLAIM,
                "version": 1,
                "standard": standard.name,
                "scope2_basis": evaluation.basis,
                "emissions_kg": evaluation.emissions_kg,
                "emissions_tonnes_rounded_up": evaluation.emissions_tonnes_rounded_up,
                "credits_tonnes": evaluation.credits_tonnes,
                "valid": MONTH.to_json(),
                "declared_on": DECLARED_ON,
                "notices": [notice.text for notice in evaluation.notices],
                "gates": [gate.to_json() for gate in evaluation.gates],
                "retirements": [str(event["retirement_id"]) for event in contents.credit_retirements],
                "inventory_sha256": digest,
                "bundle_root": root,
            }
        )
    return issued
