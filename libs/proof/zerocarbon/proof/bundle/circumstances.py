"""`circumstances.json`: what judges a claim beyond the published events."""

from __future__ import annotations

from zerocarbon.proof.bundle.contents import Circumstances
from zerocarbon.proof.canonical import Json
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.gates.claim import EarlierPeriod, Emissions
from zerocarbon.proof.json_fields import without_absent
from zerocarbon.proof.numbers import canonical
from zerocarbon.proof.period import Period


def to_json(circumstances: Circumstances) -> dict[str, Json]:
    """Plain JSON; absent fields are left out."""
    output = circumstances.output
    return without_absent(
        {
            "earlier": [_earlier_json(earlier) for earlier in circumstances.earlier],
            "extended_by_historic_reductions": circumstances.extended_by_historic_reductions,
            "output": None if output is None else canonical(output),
            "intensity_explanation": circumstances.intensity_explanation,
            "withdrawn_standards_refused": circumstances.withdrawn_standards_refused,
        }
    )


def from_json(fields: Fields) -> Circumstances:
    """Reads `to_json`.

    Raises:
        MalformedField: naming the field.
    """
    return Circumstances(
        earlier=tuple(_earlier(item) for item in fields.objects("earlier")),
        extended_by_historic_reductions=fields.truth("extended_by_historic_reductions"),
        output=fields.optional_exact("output"),
        intensity_explanation=fields.optional_text("intensity_explanation"),
        withdrawn_standards_refused=fields.truth("withdrawn_standards_refused"),
    )


def _earlier_json(earlier: EarlierPeriod) -> dict[str, Json]:
    return without_absent(
        {
            "period": earlier.period.to_json(),
            "location_kg": canonical(earlier.emissions.location_kg),
            "market_kg": canonical(earlier.emissions.market_kg),
            "profile": earlier.profile,
            "gwp_set": earlier.gwp_set,
            "boundary": earlier.boundary,
            "output": None if earlier.output is None else canonical(earlier.output),
            "extended_by_historic_reductions": earlier.extended_by_historic_reductions,
        }
    )


def _earlier(fields: Fields) -> EarlierPeriod:
    return EarlierPeriod(
        period=fields.object("period").made(Period.from_json),
        emissions=Emissions(fields.exact("location_kg"), fields.exact("market_kg")),
        profile=fields.text("profile"),
        gwp_set=fields.text("gwp_set"),
        boundary=fields.text("boundary"),
        output=fields.optional_exact("output"),
        extended_by_historic_reductions=fields.truth("extended_by_historic_reductions"),
    )
