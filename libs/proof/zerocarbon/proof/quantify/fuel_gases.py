"""CH4 and N2O of combustion, by an organisation's own approved factors.

No confirmed table comes with the product, so that without own factors there is no line, and the line of CO2
says so. Factors count per quantity of fuel or per energy in it.
"""

from __future__ import annotations

from decimal import Decimal

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.choice import Chosen
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import product
from zerocarbon.proof.quantify.calculation import Calculation, Place
from zerocarbon.proof.units import same_dimension, scale

GASES = {"CH4": purposes.FUEL_CH4, "N2O": purposes.FUEL_N2O}
PART = "ch4-n2o"


def other_gases_line(
    calculation: Calculation, source: Source, place: Place, quantity: Decimal
) -> InventoryLine | None:
    """The line of a source, biogenic or not (R54), over a quantity in its unit; nothing without a factor.

    Raises:
        NoFactor: a factor counts per energy, and the fuel has no confirmed calorific value.
        WrongDimension: a factor counts per something else.
    """
    found = {
        gas: chosen
        for gas, purpose in GASES.items()
        if gas in calculation.profile.fuel_gases
        and (chosen := calculation.find(purpose, source.substance)) is not None
    }
    if not found:
        return None
    used = list(found.values())
    per_energy = [chosen for chosen in used if _per_energy(chosen, source)]
    calorific = _calorific(calculation, source) if per_energy else None
    gases = []
    for gas, chosen in found.items():
        if calorific is not None and chosen in per_energy:
            energy = scale(quantity, source.unit, calorific.factor.denominator())
            gigajoules = product(energy, calorific.factor.value)
            kilograms = chosen.factor.gas_kilograms(gigajoules, "GJ")
        else:
            kilograms = chosen.factor.gas_kilograms(quantity, source.unit)
        gases.append(calculation.gas(gas, kilograms))
    missing = [gas for gas in GASES if gas not in found]
    return calculation.line(
        source,
        place,
        quantity,
        factors=[chosen.use() for chosen in (*((calorific,) if calorific else ()), *used)],
        gases=gases,
        formula=formulas.FUEL_OTHER_GASES,
        notes=[f"no factor for {gas} of this fuel: it is not in the figure" for gas in missing],
        part=PART,
    )


def _per_energy(chosen: Chosen, source: Source) -> bool:
    per = chosen.factor.denominator()
    return same_dimension(per, "GJ") and not same_dimension(per, source.unit)


def _calorific(calculation: Calculation, source: Source) -> Chosen:
    return calculation.choose(
        purposes.FUEL_CALORIFIC_VALUE, source.substance, calculation.profile.fuel_publication
    )
