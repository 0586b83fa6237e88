"""Chapter two: certificates are issued, and retired for the factory before its inventory closes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from zerocarbon.contracts.certificate import Project
from zerocarbon.product.demo.client import Api
from zerocarbon.product.demo.progress import Done
from zerocarbon.product.demo.registry_desk import RegistryDesk

SERVICE = "certificates"

GEC_MONTHLY, GEC_USED_MONTHLY = 1_000, 900
IREC_MONTHLY, IREC_USED_MONTHLY = 500, 500
CREDITS = 40_000
ISSUED = 6 * (GEC_MONTHLY + IREC_MONTHLY)
"""MWh of both registries of certificates."""
RETIRED = 6 * (GEC_USED_MONTHLY + IREC_USED_MONTHLY)
"""MWh retired before the close."""

PV_BASE = Project(
    code="demo-dunhuang-pv",
    name="Dunhuang photovoltaic base (fictional)",
    technology="centralised-pv",
    country="CN",
    location="CN-GS",
    commissioned=date(2021, 12, 1),
    subsidised=False,
)
WIND_FARM = Project(
    code="demo-zhangbei-wind",
    name="Zhangbei wind farm (fictional)",
    technology="onshore-wind",
    country="CN",
    location="CN-HE",
    commissioned=date(2020, 10, 1),
    subsidised=False,
)
OFFSHORE_WIND = Project(
    code="demo-pingtan-offshore",
    name="Pingtan offshore wind (fictional)",
    technology="offshore-wind",
    country="CN",
    location="CN-FJ",
    commissioned=date(2020, 12, 20),
    subsidised=False,
    kind="reduction",
)


def _month(year: int, month: int) -> tuple[str, str]:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1).isoformat(), following.isoformat()


def issue_certificates(gec: RegistryDesk, irec: RegistryDesk, holder: str, issued: Done) -> None:
    """GEC for July to December 2024, I-REC for January to June: no MWh stands under both."""
    for month in range(7, 13):
        start, end = _month(2024, month)
        block = {
            "scheme": "GEC",
            "serial": f"DEMO-GEC-2024{month:02d}",
            "low": 0,
            "high": GEC_MONTHLY,
            "unit": "MWh",
            "vintage_start": start,
            "vintage_end": end,
            "on": "2025-01-20",
        }
        gec.issue(holder, block, PV_BASE)
        issued(GEC_MONTHLY)
    for month in range(1, 7):
        start, end = _month(2024, month)
        block = {
            "scheme": "IREC_CN",
            "serial": f"DEMO-IREC-2024{month:02d}",
            "low": 0,
            "high": IREC_MONTHLY,
            "unit": "MWh",
            "vintage_start": start,
            "vintage_end": end,
            "on": "2025-03-14",
        }
        irec.issue(holder, block, WIND_FARM)
        issued(IREC_MONTHLY)


def issue_credits(ccer: RegistryDesk, holder: str, issued: Done) -> None:
    """CCER of offshore wind outside the boundary: reductions of 2021 to 2023, registered in March 2025."""
    block = {
        "scheme": "CCER",
        "serial": "DEMO-CCER-PINGTAN",
        "low": 0,
        "high": CREDITS,
        "unit": "tCO2e",
        "vintage_start": "2021-01-01",
        "vintage_end": "2024-01-01",
        "on": "2025-03-06",
    }
    ccer.issue(holder, block, OFFSHORE_WIND)
    issued(CREDITS)


def retire_certificates(
    preparer: Api, desks: Mapping[str, RegistryDesk], factory: str, on: str, retired: Done
) -> list[dict[str, Any]]:
    """Retires GEC and I-REC for the factory's 2024; final once their registries confirm."""
    requests = []
    for scheme, monthly, desk in (
        ("GEC", GEC_USED_MONTHLY, desks["cn-gec"]),
        ("IREC_CN", IREC_USED_MONTHLY, desks["evident"]),
    ):
        # From each month alike: what is left of a month stays with the company, and expires one day.
        held = preparer.get(f"{preparer.base(SERVICE)}/holdings", scheme=scheme)["items"]
        ranges = [
            {"block_id": one["block_id"], "low": one["low"], "high": one["low"] + monthly} for one in held
        ]
        request = preparer.post(
            f"{preparer.base(SERVICE)}/retirements",
            {
                "factory_id": factory,
                "period": {"start": "2024-01-01", "end": "2025-01-01"},
                "quantity": monthly * len(ranges),
                "purpose": "scope2-claim",
                "unit": "MWh",
                "ranges": ranges,
            },
        )
        desk.confirm(request, on, retired)
        requests.append(final(preparer, request["correlation_id"]))
    return requests


def expired_by(day: date) -> int:
    """How many of the GEC left over have expired: two years, the month of generation counted."""
    left = GEC_MONTHLY - GEC_USED_MONTHLY
    return sum(left for month in range(7, 13) if day >= date(2026, month, 1))


def wait_for_expiry(reader: Api, expected: int) -> dict[str, int]:
    """Units that expired unused, by scheme, once they are `expected` in all."""

    def gone(known: dict[str, Any]) -> bool:
        return sum(_expired(known).values()) == expected

    # Timers fire within seconds of the clock, block by block.
    summary = reader.when(
        f"{reader.base(SERVICE)}/holdings/summary", gone, "the expiry of green certificates"
    )
    return _expired(summary)


def _expired(summary: dict[str, Any]) -> dict[str, int]:
    units: Counter[str] = Counter()
    for one in summary["items"]:
        if one["state"] == "expired":
            units[one["scheme"]] += int(one["quantity"])
    return dict(units)


def final(reader: Api, correlation_id: str) -> dict[str, Any]:
    """The retirement once every range of it is final."""
    path = f"{reader.base(SERVICE)}/retirements/{correlation_id}"
    return reader.when(path, lambda request: request["status"] == "retired", "the retirement")
