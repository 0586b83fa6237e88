"""Reading the attributes of a source: text that people typed, refused with its place where it is no use."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.facts import Source
from zerocarbon.proof.numbers import NotExact, parse, product
from zerocarbon.proof.quantify.calculation import BadAttribute

ZERO = Decimal(0)
ONE = Decimal(1)


class FaultyAttribute(BadAttribute):
    """An attribute cannot be read, or says what the rest of the source forbids.

    Attributes:
        attribute: its name; the text begins with `<source>.<attribute>`.
    """

    def __init__(self, source: str, attribute: str, problem: str) -> None:
        super().__init__(f"{source}.{attribute}: {problem}")
        self.attribute = attribute


def decimal(source: Source, attribute: str, text: str) -> Decimal:
    """A plain decimal number.

    Raises:
        FaultyAttribute: it is none; the attribute is named.
    """
    try:
        return parse(text)
    except NotExact as error:
        raise FaultyAttribute(source.code, attribute, f"{text!r} is no plain decimal number") from error


def share(source: Source, attribute: str, absent: Decimal = ZERO) -> Decimal:
    """A share from 0 to 1; `absent` where the source does not state it.

    Raises:
        FaultyAttribute: no number, or outside its range.
    """
    text = source.attributes.get(attribute)
    if text is None:
        return absent
    value = decimal(source, attribute, text)
    if not ZERO <= value <= ONE:
        raise FaultyAttribute(source.code, attribute, f"{value} is no share from 0 to 1")
    return value


def one_of(source: Source, attribute: str, known: Collection[str], absent: str) -> str:
    """One of some words; `absent` where the source does not state it.

    Raises:
        FaultyAttribute: another word.
    """
    word = source.attributes.get(attribute, absent)
    if word not in known:
        raise FaultyAttribute(source.code, attribute, f"{word!r} is not one of {', '.join(sorted(known))}")
    return word


def evidence(source: Source, attribute: str) -> str:
    """A hash or reference that shows what other attributes state; blank where there is none."""
    return source.attributes.get(attribute, "").strip()


def factor_ratio(factor: Factor, kilograms: Decimal) -> Decimal:
    """A mass times a factor that is a ratio of masses: `1`, or a mass of gas per mass.

    Raises:
        BadFactorUnit, WrongDimension: the factor is no ratio of masses.
    """
    if factor.unit == "1":
        return product(kilograms, factor.value)
    return factor.gas_kilograms(kilograms, "kg")


def factor_share(factor: Factor) -> Decimal:
    """A factor that is a share.

    Raises:
        BadAttribute: outside 0 to 1; the factor is named.
        BadFactorUnit, WrongDimension: the factor is no ratio of masses.
    """
    value = factor_ratio(factor, ONE)
    if not ZERO <= value <= ONE:
        raise BadAttribute(f"{factor.id}: {value} is no share from 0 to 1")
    return value
