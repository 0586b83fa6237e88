"""The factors that come with the product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from zerocarbon.proof.canonical import canonical_bytes, sha256_hex
from zerocarbon.proof.datafile import rows
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.numbers import parse

FILES = (
    "electricity.csv",
    "fuels.csv",
    "heat.csv",
    "carbonates.csv",
    "process_gases.csv",
    "extinguishers.csv",
    "waste_water.csv",
    "transport.csv",
)


@dataclass(frozen=True, slots=True)
class Library:
    """Factors by purpose. Immutable; `load` reads the package's data files once."""

    by_purpose: Mapping[str, tuple[Factor, ...]]

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> Library:
        """The library of this version of the product."""
        return Library.of(factor for name in FILES for factor in _read(name))

    @classmethod
    def of(cls, factors: Iterable[Factor]) -> Library:
        """A library of given factors.

        Raises:
            ValueError: two factors have one id and version.
        """
        grouped: dict[str, list[Factor]] = {}
        seen: set[tuple[str, int]] = set()
        for factor in factors:
            if (factor.id, factor.version) in seen:
                raise ValueError(f"factor {factor.id} version {factor.version} stands twice")
            seen.add((factor.id, factor.version))
            grouped.setdefault(factor.purpose, []).append(factor)
        return cls(MappingProxyType({purpose: tuple(found) for purpose, found in grouped.items()}))

    def factors(self) -> tuple[Factor, ...]:
        """All factors, sorted by id and version."""
        everything = (factor for found in self.by_purpose.values() for factor in found)
        return tuple(sorted(everything, key=lambda factor: (factor.id, factor.version)))

    def digest(self) -> str:
        """SHA-256 over all factors in canonical form."""
        return sha256_hex(canonical_bytes([factor.to_json() for factor in self.factors()]))


def _read(name: str) -> Iterable[Factor]:
    publications = {row["publication"]: row for row in rows("publications.csv")}
    for row in rows(name):
        publication = publications[row["publication"]]
        yield Factor(
            id=row["factor"],
            version=1,
            purpose=row["purpose"],
            substance=row["substance"],
            rung=row["rung"],
            region=row["region"],
            year=int(row["year"]) if row["year"] else None,
            value=parse(row["value"]),
            unit=row["unit"],
            gas=row["gas"],
            published=date.fromisoformat(publication["published"]),
            source=publication["source"],
            clause=row["clause"],
            confidence=row["confidence"],
            publication=row["publication"],
            boundary=row["boundary"],
        )
