"""What a bundle holds, typed where it is computed with and as published events elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.facts import Meter, Source
from zerocarbon.proof.gates.claim import EarlierPeriod
from zerocarbon.proof.json_fields import JsonObject
from zerocarbon.proof.leaves import ActivityRecord, ReadingBlock


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the declaration service knows about a claim beyond the published events.

    Attributes:
        earlier: periods declared before, oldest first.
        output: production of the period, in the unit of the earlier periods.
        intensity_explanation: why emissions rose while emissions per unit of output fell.
        withdrawn_standards_refused: the organisation's policy (R192).
    """

    earlier: tuple[EarlierPeriod, ...] = ()
    extended_by_historic_reductions: bool = False
    output: Decimal | None = None
    intensity_explanation: str | None = None
    withdrawn_standards_refused: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in a bundle. JSON objects are the published events of `zerocarbon.contracts`.

    Attributes:
        factory: `factory-registered`.
        readings: accepted readings of the period, all revisions.
        records: activity records of the period, all revisions.
        organisation_factors: `factor-approved` of the organisation, those the inventory could choose from.
        library_factors: entries of the factor library that the inventory uses, as `Factor.to_json`.
        inventory: `inventory-closed`.
        energy_retirements: `units-retired` in MWh, before the close.
        credit_retirements: `units-retired` in tonnes, for the claim.
        requests: `retirement-requested`, which confirm that projects stand outside the boundary.
        plan: `plan-approved` with what its measures achieved since.
        statements: `statement-issued`, the newest version under each standard.
    """

    factory: JsonObject
    sources: tuple[Source, ...]
    meters: tuple[Meter, ...]
    readings: tuple[ReadingBlock, ...]
    records: tuple[ActivityRecord, ...]
    library_factors: tuple[JsonObject, ...]
    inventory: JsonObject
    organisation_factors: tuple[JsonObject, ...] = ()
    energy_retirements: tuple[JsonObject, ...] = ()
    credit_retirements: tuple[JsonObject, ...] = ()
    requests: tuple[JsonObject, ...] = ()
    opinion: JsonObject | None = None
    commitment: JsonObject | None = None
    plan: JsonObject | None = None
    claim: JsonObject | None = None
    statements: tuple[JsonObject, ...] = ()
    circumstances: Circumstances = Circumstances()
