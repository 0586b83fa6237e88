"""Categories of ISO 14064-1:2018 and of scope 3, and how one maps to the other."""

from __future__ import annotations

from functools import lru_cache

from zerocarbon.proof.datafile import rows

SCOPE3_CATEGORIES = tuple(range(1, 16))
SCOPE1_CLASSES = ("stationary-combustion", "mobile-combustion", "process", "fugitive")
"""The four classes of scope 1 (R14)."""
ISO_CATEGORIES = ("1", "2", "3", "4", "5", "6")
"""Direct, imported energy, transport, products used, use of own products, other (R18, R20 to R25)."""


@lru_cache(maxsize=1)
def _iso_by_scope3() -> dict[int, str]:
    return {int(row["category"]): row["iso"] for row in rows("scope3_categories.csv")}


def scope3_iso_category(category: int) -> str:
    """The subcategory of ISO 14064-1:2018 in which a scope 3 category stands (R18).

    Raises:
        KeyError: not from 1 to 15.
    """
    return _iso_by_scope3()[category]


@lru_cache(maxsize=1)
def relevant_by_default() -> frozenset[int]:
    """Scope 3 categories that a photovoltaic maker answers with a figure or a reason not to (R39)."""
    return frozenset(int(row["category"]) for row in rows("scope3_categories.csv") if row["default"])


@lru_cache(maxsize=1)
def iso_subcategory_codes() -> tuple[str, ...]:
    """All subcategories of ISO 14064-1:2018 in order; category 6 is not divided and stands for itself."""
    found = rows("iso_categories.csv")
    divided = {row["parent"] for row in found}
    return tuple(row["code"] for row in found if row["code"] not in divided)
