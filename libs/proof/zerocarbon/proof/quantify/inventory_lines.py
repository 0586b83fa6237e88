"""The whole inventory, line by line."""

from __future__ import annotations

from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.gwp import gwp_table
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.profiles import profile
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.electricity import electricity_lines
from zerocarbon.proof.quantify.fuel import fuel_lines
from zerocarbon.proof.quantify.heat import heat_lines
from zerocarbon.proof.quantify.inputs import InventoryInputs
from zerocarbon.proof.quantify.process_gas import process_gas_lines
from zerocarbon.proof.quantify.refrigerant import refrigerant_lines
from zerocarbon.proof.quantify.scope3 import scope3_lines
from zerocarbon.proof.quantify.upstream import upstream_lines
from zerocarbon.proof.refusal import Refused

QUANTIFIERS = (
    fuel_lines,
    process_gas_lines,
    refrigerant_lines,
    electricity_lines,
    heat_lines,
    upstream_lines,
    scope3_lines,
)


class UnknownSource(Refused):
    """A quantity belongs to no source of the inventory."""

    rule = "R7"


def quantify(inputs: InventoryInputs, library: Library | None = None) -> tuple[InventoryLine, ...]:
    """Every line of an inventory, sorted by its name. Pure: equal inputs give equal lines.

    Args:
        inputs: facts and choices of the inventory.
        library: the factors to choose from; by default those that come with the product.

    Raises:
        Refused: the facts forbid a figure; each subclass names its rule. No partial result is given.
    """
    method = profile(inputs.profile)
    method.check_consolidation(inputs.consolidation)
    unknown = inputs.quantities.keys() - {source.code for source in inputs.sources}
    if unknown:
        raise UnknownSource(f"no source {', '.join(sorted(unknown))}")
    table = gwp_table()
    calculation = Calculation(
        inputs=inputs,
        profile=method,
        library=Library.load() if library is None else library,
        gwp=table,
        gwp_set=table.set_known_on(inputs.knowledge_date),
    )
    lines = [line for quantifier in QUANTIFIERS for line in quantifier(calculation)]
    return tuple(sorted(lines, key=lambda line: line.line))
