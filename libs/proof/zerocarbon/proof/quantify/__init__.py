"""From exact sums to inventory lines: a pure function, one file for each kind of source."""

from zerocarbon.proof.quantify.inputs import InventoryInputs
from zerocarbon.proof.quantify.inventory_lines import quantify

__all__ = ["InventoryInputs", "quantify"]
