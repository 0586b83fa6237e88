"""Scope 1 process gases of deposition, cleaning and etching (rules 4, finding E4).

Of a consumption C leaves C(1-U)(1-a.D.u); a by-product of rate B leaves C.B(1-a.D_b.u). U is the share that
the process uses up, a the share of gas led to abatement, D its destruction efficiency, u its uptime. What
is not shown counts as zero, so that missing evidence never lowers a figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import SUM_CONTEXT, NotExact, parse, product
from zerocarbon.proof.quantify.calculation import BadAttribute, Calculation, Place
from zerocarbon.proof.units import scale

PROCESS = Place(scope="1", category="process", iso_category="1.3")
EVIDENCE = "abatement_evidence"
ZERO = Decimal(0)
ONE = Decimal(1)


def process_gas_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source with the gas itself and its by-product.

    Attributes read: `abatement_evidence` (a hash or reference; without it the rest is ignored),
    `abated_share`, `destruction`, `destruction_by_product`, `uptime`, each from 0 to 1.

    Raises:
        BadAttribute: a share is no number from 0 to 1.
        UnknownAgent, NoGwp: the gas has no potential that a claim may use.
    """
    for source in calculation.sources("process-gas"):
        yield _line(calculation, source)


def _line(calculation: Calculation, source: Source) -> InventoryLine:
    quantity = calculation.quantity(source)
    consumed = scale(quantity, source.unit, "kg")
    notes: list[str] = []
    utilisation = calculation.find(purposes.PROCESS_UTILISATION, source.substance)
    used = ZERO if utilisation is None else _share(utilisation.factor.value, utilisation.factor.id)
    if utilisation is None:
        notes.append("utilisation is not shown: all that was consumed counts as emitted")
    by_product = calculation.find(purposes.PROCESS_BY_PRODUCT, source.substance)
    if by_product is None:
        notes.append("no by-product rate is shown")
    notes.append(
        f"abatement shown by {source.attributes[EVIDENCE]}"
        if source.attributes.get(EVIDENCE)
        else "no evidence of abatement: none counts"
    )
    left = SUM_CONTEXT.subtract(ONE, used)
    gases = [
        calculation.gas(source.substance, product(consumed, left, _unabated(source, "destruction"))),
    ]
    if by_product is not None:
        formed = product(consumed, by_product.factor.value)
        emitted = product(formed, _unabated(source, "destruction_by_product"))
        gases.append(calculation.gas(by_product.factor.gas, emitted))
    return calculation.line(
        source,
        PROCESS,
        quantity,
        factors=[chosen.use() for chosen in (utilisation, by_product) if chosen is not None],
        gases=gases,
        formula=formulas.PROCESS_GAS,
        notes=notes,
    )


def _unabated(source: Source, destruction: str) -> Decimal:
    """1 - a.D.u, and 1 without evidence."""
    if not source.attributes.get(EVIDENCE):
        return ONE
    shares = (_attribute(source, name) for name in ("abated_share", destruction, "uptime"))
    return ONE - product(*shares)


def _attribute(source: Source, name: str) -> Decimal:
    text = source.attributes.get(name)
    if text is None:
        return ZERO
    try:
        return _share(parse(text), f"{source.code}.{name}")
    except NotExact as error:
        raise BadAttribute(f"{source.code}.{name}: {text!r} is no plain decimal number") from error


def _share(value: Decimal, name: str) -> Decimal:
    if not ZERO <= value <= ONE:
        raise BadAttribute(f"{name}: {value} is no share from 0 to 1")
    return value
