"""Every fault that the attributes of a source have by themselves: a register refuses them all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from zerocarbon.proof.facts import Source, SourceKind
from zerocarbon.proof.quantify import blend, by_products, carbonate, gas_consumption, process_gas, refrigerant
from zerocarbon.proof.quantify.attributes import FaultyAttribute, share
from zerocarbon.proof.quantify.composition import mix_of
from zerocarbon.proof.quantify.flows import FLOWS, flow_of
from zerocarbon.proof.quantify.waste_water import oxygen_demand

Reader = Callable[[Source], object]


def _share(attribute: str) -> Reader:
    return partial(share, attribute=attribute)


def _by_product_shares(source: Source) -> None:
    for attribute in by_products.destructions(source).values():
        share(source, attribute)


_READERS: Mapping[SourceKind, tuple[Reader, ...]] = {
    "stationary-fuel": (_share(blend.SHARE),),
    "mobile-fuel": (_share(blend.SHARE),),
    "process-gas": (
        flow_of,
        gas_consumption.counted,
        gas_consumption.heel_choice,
        *map(_share, (process_gas.ABATED, process_gas.UPTIME, process_gas.DESTRUCTION)),
        _share(by_products.DESTRUCTION),
        _by_product_shares,
    ),
    "refrigerant": (flow_of, refrigerant.counted),
    "switchgear": (flow_of,),
    "extinguisher": (flow_of,),
    "shielding-gas": (mix_of,),
    "waste-water": (flow_of, oxygen_demand),
    "carbonate": (_share(carbonate.PURITY),),
}


MASS_KINDS: frozenset[SourceKind] = frozenset(
    {*FLOWS, "shielding-gas", "carbonate", "methane-recovery", "co2-recovery"}
)
"""Kinds of which the quantity is a mass. A volume of gas is none: no density of it is confirmed."""


def source_faults(source: Source) -> tuple[FaultyAttribute, ...]:
    """The faults of a source, one for each attribute, in the order in which they are found."""
    found: dict[str, FaultyAttribute] = {}
    for read in _READERS.get(source.kind, ()):
        try:
            read(source)
        except FaultyAttribute as fault:
            found.setdefault(fault.attribute, fault)
    return tuple(found.values())
