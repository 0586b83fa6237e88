"""The biogenic share of a fuel: its CO2 stands apart, outside the scopes (R50, R54).

A share counts only with evidence, as abatement does: what is not shown never lowers a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.facts import Source
from zerocarbon.proof.numbers import SUM_CONTEXT, NotExact, parse, product
from zerocarbon.proof.quantify.calculation import BadAttribute

SHARE = "biogenic_share"
EVIDENCE = "biogenic_evidence"
FUEL = "biogenic_fuel"
ZERO = Decimal(0)


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
        BadAttribute: the share is no number from 0 to 1.
    """
    substance = source.attributes.get(FUEL) or source.substance
    share = _share(source)
    if not share:
        return Blend(quantity, ZERO, substance)
    evidence = source.attributes.get(EVIDENCE)
    if not evidence:
        note = f"a biogenic share of {share} is stated without evidence: all of it counts as fossil"
        return Blend(quantity, ZERO, substance, (note,))
    biogenic = product(quantity, share)
    note = f"biogenic share {share} of the quantity, shown by {evidence}"
    return Blend(SUM_CONTEXT.subtract(quantity, biogenic), biogenic, substance, (note,), (note,))


def _share(source: Source) -> Decimal:
    text = source.attributes.get(SHARE)
    if text is None:
        return ZERO
    try:
        share = parse(text)
    except NotExact as error:
        raise BadAttribute(f"{source.code}.{SHARE}: {text!r} is no plain decimal number") from error
    if not 0 <= share <= 1:
        raise BadAttribute(f"{source.code}.{SHARE}: {share} is no share from 0 to 1")
    return share
