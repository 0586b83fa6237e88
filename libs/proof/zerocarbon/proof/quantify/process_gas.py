"""Scope 1 process gases of deposition, cleaning and etching (rules 4, finding E4).

Of a consumption C leaves C(1-U)(1-a.D.u); a by-product of rate B leaves C.B(1-a.D_b.u). U is the share that
the process uses up, a the share of gas led to abatement, D its destruction efficiency, u its uptime. What
is not shown counts as zero, so that missing evidence never lowers a figure. For the same reason U acts only
beside an approved rate B of a by-product, which may be zero: what is used up may have become another gas.
The shape is that of the IPCC 2019 Refinement, volume 3 chapter 6. Nitrous oxide of oxide layers is a process
gas like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.choice import Chosen
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import QUOTIENT_CONTEXT, product
from zerocarbon.proof.quantify.attributes import ONE, ZERO, evidence, factor_ratio, factor_share, share
from zerocarbon.proof.quantify.by_products import by_products, destruction
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.flows import Balance, balances
from zerocarbon.proof.quantify.gas_consumption import consumption
from zerocarbon.proof.quantify.placing import PROCESS, released_lines
from zerocarbon.proof.units import scale

EVIDENCE = "abatement_evidence"
ABATED, UPTIME, DESTRUCTION = "abated_share", "uptime", "destruction"


def process_gas_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source with the gas itself and its by-products.

    Attributes read: `counts` and `heel` (see `gas_consumption`); `abatement_evidence` (a hash or reference;
    without it the rest is ignored), `abated_share`, `uptime`, `destruction`, and of by-products
    `destruction_<gas>` or, where there is only one, `destruction_by_product`, each from 0 to 1.

    Raises:
        BadAttribute: an attribute is no use; the source and it are named.
        NegativeBalance: a balance gives less than nothing.
        UnknownAgent, NoGwp: the gas has no potential that a claim may use.
    """
    for balance in balances(calculation, "process-gas"):
        yield from _lines(calculation, balance)


def _lines(calculation: Calculation, balance: Balance) -> Iterator[InventoryLine]:
    source = balance.source
    consumed = consumption(calculation, balance)
    kilograms = scale(consumed.quantity, source.unit, "kg")
    notes = list(consumed.notes)
    formed = by_products(calculation, source.substance)
    utilisation, used, note = _utilisation(calculation, source, by_product_shown=bool(formed))
    notes += [note] if note else []
    if not formed:
        notes.append("no by-product rate is shown")
    shown = evidence(source, EVIDENCE)
    notes.append(f"abatement shown by {shown}" if shown else "no evidence of abatement: none counts")
    left = QUOTIENT_CONTEXT.subtract(ONE, used)
    destroyed = share(source, DESTRUCTION)
    released = [(source.substance, product(kilograms, left, _unabated(source, destroyed)))]
    for gas, by_product in formed.items():
        destroyed = destruction(source, gas, only=len(formed) == 1)
        made = factor_ratio(by_product.factor, kilograms)
        released.append((gas, product(made, _unabated(source, destroyed))))
    yield from released_lines(
        calculation,
        source,
        PROCESS,
        consumed.quantity,
        released,
        factors=[
            *consumed.factors,
            *(chosen.use() for chosen in (utilisation, *formed.values()) if chosen is not None),
        ],
        formula=formulas.PROCESS_GAS_BALANCE if consumed.by_balance else formulas.PROCESS_GAS,
        notes=notes,
    )


def _utilisation(
    calculation: Calculation, source: Source, *, by_product_shown: bool
) -> tuple[Chosen | None, Decimal, str]:
    """The factor that acts, the share that is used up, and a note where none is.

    Raises:
        BadAttribute: the factor is no share, whether it acts or not.
    """
    found = calculation.find(purposes.PROCESS_UTILISATION, source.substance)
    if found is None:
        return None, ZERO, "utilisation is not shown: all that was consumed counts as emitted"
    used = factor_share(found.factor)
    if not by_product_shown:
        # Without the rate, the gas that was used up would vanish together with what it turned into.
        note = f"{found.factor.id} does not act without a by-product rate: all consumed counts as emitted"
        return None, ZERO, note
    return found, used, ""


def _unabated(source: Source, destroyed: Decimal) -> Decimal:
    """1 - a.D.u, and 1 without evidence."""
    if not evidence(source, EVIDENCE):
        return ONE
    return QUOTIENT_CONTEXT.subtract(ONE, product(share(source, ABATED), destroyed, share(source, UPTIME)))
