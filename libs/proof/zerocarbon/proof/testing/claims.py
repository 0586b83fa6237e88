"""A first-period claim that passes every gate of every standard, for tests to spoil in one place.

The factory, its figures and its project are fictional.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zerocarbon.proof.gates.claim import (
    ClaimFacts,
    Commitment,
    Credits,
    Emissions,
    Inventory,
    Measure,
    Opinion,
    Plan,
    SourceSize,
    Subject,
    Target,
)
from zerocarbon.proof.period import Period

YEAR_2024 = Period(date(2024, 1, 1), date(2025, 1, 1))
YEAR_2025 = Period(date(2025, 1, 1), date(2026, 1, 1))
INVENTORY_SHA256 = "ab" * 32
EMISSIONS = Emissions(location_kg=Decimal(130_000), market_kg=Decimal(100_000))


def tonnes(location: int, market: int | None = None) -> Emissions:
    """Emissions in whole tonnes; market-based like location-based unless given."""
    return Emissions(Decimal(location * 1000), Decimal((location if market is None else market) * 1000))


INVENTORY = Inventory(
    sha256=INVENTORY_SHA256,
    version=1,
    closed_on=date(2025, 5, 20),
    profile="ghg-protocol",
    gwp_set="AR6",
    emissions=EMISSIONS,
    sources=(
        SourceSize("gas", "1", tonnes(20)),
        SourceSize("grid", "2", tonnes(40, 10)),
        SourceSize("wafers", "3", tonnes(35)),
        SourceSize("glass", "3", tonnes(35)),
    ),
)

PLAN = Plan(
    neutrality_period=YEAR_2024,
    baseline_date=date(2024, 1, 1),
    first_qualification_date=date(2025, 1, 1),
    commitment_end=date(2026, 1, 1),
    commitment_statement="We keep the factory carbon neutral.",
    targets=(
        Target("1", reduction_percent=Decimal(5), by=date(2026, 1, 1)),
        Target("2", reduction_percent=Decimal(20), by=date(2026, 1, 1)),
        Target("3", exclusion_reason="supplier data are being collected until 2026"),
    ),
    measures=(Measure("heat-recovery", "1", Decimal(900), Decimal(1000), date(2024, 9, 1)),),
    offset_strategy="CCER of offshore wind for what is left",
    residual_pathway="process gases remain after 2035",
    approved_on=date(2025, 6, 1),
)

OPINION = Opinion(
    kind="unmodified",
    inventory_sha256=INVENTORY_SHA256,
    body="Example Verification Ltd",
    signed_on=date(2025, 6, 10),
    accreditation_valid_to=date(2027, 1, 1),
    criteria="ISO 14064-3:2019",
    level="reasonable",
    materiality_percent=Decimal(5),
    misstatement_kg=Decimal(120),
    verified=EMISSIONS,
    independent=True,
)

CREDITS = Credits(
    scheme="CCER",
    registry="NCSC",
    serial="CCER-EXAMPLE",
    block="block-1",
    low=0,
    high=140,
    unit="tCO2e",
    project="example-offshore-wind",
    country="CN",
    location="CN-FJ",
    outside_boundary=True,
    vintage_start=date(2021, 1, 1),
    vintage_end=date(2024, 1, 1),
    issued_on=date(2025, 3, 7),
    retired_on=date(2025, 6, 20),
    for_factory=True,
    purpose="neutrality-claim",
    period=YEAR_2024,
    registry_reference="NCSC-R-1",
    kind="avoidance",
)


def passing_claim() -> ClaimFacts:
    """The claim for 2024, declared on 30 June 2025."""
    return ClaimFacts(
        subject=Subject("jiangsu", "operating", "cell and module plant"),
        period=YEAR_2024,
        declared_on=date(2025, 6, 30),
        first_period=True,
        inventory=INVENTORY,
        commitment=Commitment(YEAR_2025, date(2025, 6, 1), "We commit to carbon neutrality in 2025."),
        plan=PLAN,
        opinion=OPINION,
        credits=(CREDITS,),
    )
