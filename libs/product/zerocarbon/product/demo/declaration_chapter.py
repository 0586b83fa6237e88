"""Chapters four to six: commitment and plan, verification, credits, and what each standard says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import httpx

from zerocarbon.product.demo.client import Api, DemoStopped
from zerocarbon.product.demo.company import PEOPLE

SERVICE = "declaration"
STANDARDS = ("PAS 2060:2014", "ISO 14068-1:2023")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a standard said: the statement, or every gate with what was found and what would cure it."""

    standard: str
    issued: bool
    body: dict[str, Any]

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The gates that do not hold, in the order in which the standard asks."""
        gates = self.body["statement" if self.issued else "evaluation"]["gates"]
        return [gate for gate in gates if not gate["passed"]]


def factory_path(caller: Api, factory: str) -> str:
    """Where declaration keeps what belongs to a factory."""
    return f"{caller.base(SERVICE)}/factories/{factory}"


def particulars(preparer: Api, factory: str, *, sample: bool) -> None:
    """What statements print of the factory (R200); fictional, like the factory."""
    both = {
        "nature": ("Private limited company (fictional)", "有限责任公司（虚构）"),
        "legal_representative": (PEOPLE["signatory"][0], PEOPLE["signatory"][1]),
        "registered_address": ("1 Demo Road, Hefei, Anhui", "安徽省合肥市示例路1号"),
        "production_address": ("1 Demo Road, Hefei, Anhui", "安徽省合肥市示例路1号"),
        "industry": ("Photovoltaic cells", "光伏电池片制造"),
        "contact": ("energy@lanhai.example", "energy@lanhai.example"),
    }
    form: dict[str, Any] = {name: {"en": en, "zh": zh} for name, (en, zh) in both.items()}
    preparer.when(
        f"{factory_path(preparer, factory)}/claims", lambda _known: True, "the factory in declaration"
    )
    preparer.put(f"{factory_path(preparer, factory)}/particulars", {**form, "sample": sample})


def add_person(preparer: Api, role: str) -> str:
    """Keeps somebody who signs; gives the reference that events carry."""
    name_en, name_zh, title_en, title_zh = PEOPLE[role]
    person = {"name": f"{name_zh} {name_en}", "title": f"{title_zh} {title_en}", "published": True}
    identity: str = preparer.post(f"{preparer.base(SERVICE)}/persons", person)["person_id"]
    return identity


def commit_and_plan(preparer: Api, reviewer: Api, factory: str, signatory: str, year: int) -> None:
    """A commitment for the year ahead, a plan with all its parts, and a measure done."""
    reviewer.post(
        f"{factory_path(preparer, factory)}/commitments",
        {
            "period": {"start": f"{year + 1}-01-01", "end": f"{year + 2}-01-01"},
            "statement_en": f"We commit to carbon neutrality of the factory in {year + 1}.",
            "statement_zh": f"我们承诺本工厂在{year + 1}年实现碳中和。",
            "signatory_id": signatory,
        },
    )
    plan = reviewer.post(
        f"{factory_path(preparer, factory)}/plans",
        {
            "approver_id": signatory,
            "neutrality_period": {"start": f"{year}-01-01", "end": f"{year + 1}-01-01"},
            "baseline_date": f"{year}-01-01",
            "first_qualification_date": f"{year + 1}-01-01",
            "commitment_end": f"{year + 2}-01-01",
            "commitment_statement": "The factory is kept carbon neutral; own reductions come first.",
            "targets": [
                {"scope": "1", "reduction_percent": "8", "by": f"{year + 2}-01-01"},
                {"scope": "2", "reduction_percent": "30", "by": f"{year + 2}-01-01"},
                {"scope": "3", "reduction_percent": "4", "by": f"{year + 3}-01-01"},
            ],
            "measures": [
                {
                    "code": "compressor-heat",
                    "name_en": "Heat recovery from compressors",
                    "name_zh": "空压机余热回收",
                    "scope": "1",
                    "planned_kg": "61000",
                },
                {
                    "code": "nf3-scrubbers",
                    "name_en": "Second stage of the NF3 scrubbers",
                    "name_zh": "三氟化氮尾气二级处理",
                    "scope": "1",
                    "planned_kg": "120000",
                },
                {
                    "code": "chilled-water",
                    "name_en": "Chilled water at higher temperature",
                    "name_zh": "提高冷冻水供水温度",
                    "scope": "2",
                    "planned_kg": "310000",
                },
                {
                    "code": "thin-wafers",
                    "name_en": "Thinner wafers",
                    "name_zh": "硅片减薄",
                    "scope": "3",
                    "planned_kg": "420000",
                },
            ],
            "offset_strategy": "CCER of offshore wind outside the boundary, for what is left.",
            "residual_pathway": "Process gases and purchased wafers remain after 2035; removals for those.",
        },
    )
    preparer.post(
        f"{factory_path(preparer, factory)}/plans/{plan['plan_id']}/measures/compressor-heat/done",
        {
            "achieved_kg": "57300",
            "done_on": f"{year}-09-18",
            "evidence_sha256": hashlib.sha256(
                b"synthetic acceptance report of the heat recovery"
            ).hexdigest(),
        },
    )


def wait_for_inventory(preparer: Api, factory: str, inventory_sha256: str) -> None:
    """Waits until declaration knows the closed inventory."""
    preparer.when(
        f"{factory_path(preparer, factory)}/inventories",
        lambda known: any(item["inventory_sha256"] == inventory_sha256 for item in known["items"]),
        "the closed inventory in declaration",
    )


def sign_opinion(verifier: Api, factory: str, closed: dict[str, Any], on: str) -> dict[str, Any]:
    """The verifier's unmodified opinion on the exact hash of the closed inventory."""
    path = f"{factory_path(verifier, factory)}/opinions"
    verifier.when(path, lambda _known: True, "the verifier's grant in declaration")
    name_en, name_zh, title_en, title_zh = PEOPLE["verifier"]
    return verifier.post(
        path,
        {
            "inventory_id": closed["inventory_id"],
            "inventory_sha256": closed["inventory_sha256"],
            "body": "Hengxin Verification (fictional) 恒信核查（虚构机构）",
            "accreditation": "CNAS-V-DEMO (fictional)",
            "accreditation_sector": "electronics and photovoltaics",
            "accreditation_valid_to": f"{int(on[:4]) + 2}-12-31",
            "criteria": "ISO 14064-3:2019; GHG Protocol Corporate and Scope 3 Standards",
            "scope": "scopes 1, 2 and 3 of the factory for the period",
            "level": "reasonable",
            "materiality_percent": "5",
            "misstatement_kg": "0",
            "verified_total_location_kg": closed["totals"]["total_location"],
            "verified_total_market_kg": closed["totals"]["total_market"],
            "opinion": "unmodified",
            "signed_on": on,
            "signatory": {
                "name": f"{name_zh} {name_en}",
                "title": f"{title_zh} {title_en}",
                "published": True,
            },
            "independence": "No consulting for the organisation in the last three years; not its preparer.",
        },
    )


def open_claim(preparer: Api, factory: str, inventory: str) -> str:
    """The claim of the factory and period, on the verified inventory."""
    form = {"boundary": "factory", "inventory_id": inventory}
    claim: str = preparer.post(f"{factory_path(preparer, factory)}/claims", form)["claim_id"]
    return claim


def request_credits(preparer: Api, factory: str, claim: str, tonnes: int, promised_by: str) -> str:
    """Asks for credits to be retired for the claim; gives the request's correlation id."""
    asked = preparer.post(
        f"{factory_path(preparer, factory)}/claims/{claim}/retirements",
        {"quantity": tonnes, "promised_by": promised_by, "outside_boundary": True},
    )
    correlation: str = asked["correlation_id"]
    return correlation


def wait_for_credits(preparer: Api, factory: str, claim: str, tonnes: int) -> None:
    """Waits until the final retirement is known to the claim."""
    preparer.when(
        f"{factory_path(preparer, factory)}/claims/{claim}",
        lambda body: sum(one["retired_quantity"] for one in body["requests"]) == tonnes,
        "the retired credits at the claim",
    )


def ask_statement(preparer: Api, factory: str, claim: str, standard: str) -> Outcome:
    """Asks for a statement under one standard; being refused by gates is an answer too.

    Raises:
        DemoStopped: something else went wrong.
    """
    answer: httpx.Response = preparer.send(
        "POST", f"{factory_path(preparer, factory)}/claims/{claim}/statements", json={"standard": standard}
    )
    body = answer.json()
    if answer.status_code == 201:
        return Outcome(standard, True, body)
    if answer.status_code == 422 and "evaluation" in body:
        return Outcome(standard, False, body)
    raise DemoStopped(f"the statement under {standard} was answered {answer.status_code}: {answer.text}")
