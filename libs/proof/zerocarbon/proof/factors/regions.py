"""Places of grid factors: province, regional grid, nation."""

from __future__ import annotations

from functools import lru_cache

from zerocarbon.proof.datafile import rows

Step = tuple[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _places() -> dict[str, tuple[str, tuple[str, ...]]]:
    return {row["region"]: (row["level"], tuple(row["grids"].split())) for row in rows("regions.csv")}


def ladder(grid_region: str, country: str) -> tuple[Step, ...]:
    """Rungs of place from the finest to the coarsest, each with the regions that stand on it.

    A province that the product does not know stands alone on its rung, so that an organisation's data may
    name a place for which no official figure exists and still reach the nation.
    """
    level, grids = _places().get(grid_region, ("province", ()))
    steps: list[Step] = []
    if level == "province":
        steps.append(("province", (grid_region,)))
    if level == "region":
        steps.append(("region", (grid_region,)))
    elif grids:
        steps.append(("region", grids))
    steps.append(("nation", (country,)))
    return tuple(steps)
