"""An organisation's own factor, as its approval is published."""

from __future__ import annotations

from zerocarbon.proof.factors.factor import ORGANISATION, Factor, check_unit
from zerocarbon.proof.factors.purposes import GAS_OF_PURPOSE, ORGANISATION_RUNGS
from zerocarbon.proof.json_fields import JsonObject, day, exact, optional_day, text, whole
from zerocarbon.proof.refusal import Refused


class NotForOrganisations(Refused):
    """An organisation cannot set a factor for this purpose."""

    rule = "rules 2.1"


class WrongGas(Refused):
    """The factor counts another gas than its purpose names."""

    rule = "R10"


class NegativeFactor(Refused):
    """A factor below zero would make emissions vanish; removals and avoided emissions are no factor."""

    rule = "rules 3"


def approved_factor(event: JsonObject) -> Factor:
    """The factor of a `factor-approved` event (`contracts.inventory.FactorApproved` as JSON).

    A synthetic factor says so in its source, because a line must show it wherever it is printed.

    Raises:
        NotForOrganisations: the purpose is not open to organisations.
        WrongGas: the purpose names one gas, the factor another.
        NegativeFactor: the value is below zero.
        BadFactorUnit, UnknownUnit: the unit cannot be multiplied with an activity.
    """
    purpose = text(event, "purpose")
    rung = ORGANISATION_RUNGS.get(purpose)
    if rung is None:
        raise NotForOrganisations(
            f"no own factor for {purpose!r}; own factors are for {', '.join(ORGANISATION_RUNGS)}"
        )
    unit, gas = text(event, "unit"), text(event, "gas")
    check_unit(unit, gas)
    if gas != GAS_OF_PURPOSE.get(purpose, gas):
        raise WrongGas(f"{text(event, 'factor')}: {purpose} counts {GAS_OF_PURPOSE[purpose]}, not {gas}")
    value = exact(event, "value")
    if value < 0:
        raise NegativeFactor(f"{text(event, 'factor')}: {value} {unit}")
    source = text(event, "source")
    return Factor(
        id=text(event, "factor"),
        version=whole(event, "version"),
        purpose=purpose,
        substance=text(event, "substance"),
        rung=rung,
        region=ORGANISATION,
        year=None,
        value=value,
        unit=unit,
        gas=gas,
        published=day(event, "published"),
        source=f"{source} (synthetic)" if event.get("synthetic") is True else source,
        clause=f"evidence sha256:{text(event, 'evidence_sha256')}",
        confidence="approved",
        valid_from=day(event, "valid_from"),
        valid_to=optional_day(event, "valid_to"),
    )
