"""The biogenic share of a fuel: its CO2 stands apart, outside the scopes (R50, R54).

A share counts only with evidence, as abatement does: what is not shown never lowers a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.facts import Source
from zerocarbon.proof.numbers import SUM_CONTEXT, canonical, product
from zerocarbon.proof.quantify.attributes import ZERO, evidence, share

SHARE = "biogenic_share"
EVIDENCE = "biogenic_evidence"
FUEL = "biogenic_fuel"


@dataclass(frozen=True, slots=True)
class Blend:
    """A quantity of fuel in two parts, in the unit of its source.

    Attributes:
        substance: the biogenic fuel; that of the source itself where none is named.
        notes: what the fossil line says about the share.
        biogenic_notes: what the biogenic line says about it.
    """

    fossil: Decimal
    biogenic: Decimal
    substance: str
    notes: tuple[str, ...] = ()
    biogenic_notes: tuple[str, ...] = ()


def blend_of(source: Source, quantity: Decimal) -> Blend:
    """The parts of what a source burnt.

    Attributes read: `biogenic_share` (share of the quantity, from 0 to 1), `biogenic_evidence` (a hash or
    reference), `biogenic_fuel` (the substance that is blended in).

    Raises:
        FaultyAttribute: the share is no number from 0 to 1.
    """
    substance = source.attributes.get(FUEL) or source.substance
    part = share(source, SHARE)
    if not part:
        return Blend(quantity, ZERO, substance)
    shown = evidence(source, EVIDENCE)
    if not shown:
        note = f"a biogenic share of {canonical(part)} is stated without evidence: all of it counts as fossil"
        return Blend(quantity, ZERO, substance, (note,))
    biogenic = product(quantity, part)
    note = f"biogenic share {canonical(part)} of the quantity, shown by {shown}"
    return Blend(SUM_CONTEXT.subtract(quantity, biogenic), biogenic, substance, (note,), (note,))
