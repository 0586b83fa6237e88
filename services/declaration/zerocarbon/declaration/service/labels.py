"""What people call the codes that statements print, in Chinese and English."""

from __future__ import annotations

from zerocarbon.declaration.documents import Bilingual, same

GATES: dict[str, tuple[str, str]] = {
    "standard": ("标准有效", "Standard in force"),
    "subject": ("声明对象与边界", "Subject and boundary"),
    "commitment": ("碳中和承诺", "Commitment"),
    "plan-parts": ("管理计划内容完整", "Parts of the management plan"),
    "plan-dates": ("计划日期有序", "Dates of the plan"),
    "plan-scopes": ("计划覆盖各范围", "Plan answers each scope"),
    "plan-current": ("计划在有效期内", "Plan renewed in time"),
    "plan-pathway": ("减排路径与剩余排放", "Pathway and residual emissions"),
    "application-period": ("应用周期", "Application period"),
    "scopes-1-and-2": ("范围一、二全覆盖", "All of scopes 1 and 2"),
    "one-percent": ("未遗漏超过1%的排放源", "No source above 1 % left out"),
    "ninety-five-percent": ("覆盖率不低于95%", "At least 95 % covered"),
    "remainder": ("主要排放源以外的覆盖率", "Coverage beside a dominant source"),
    "significance": ("显著排放全覆盖", "All significant emissions"),
    "reduction": ("减排", "Reduction"),
    "hierarchy": ("先减排后抵消", "Reduction before offsetting"),
    "opinion": ("核查意见", "Opinion of the verifier"),
    "verifier": ("核查机构资质与独立性", "Verifier accredited and independent"),
    "criteria": ("核查准则", "Verification criteria"),
    "verified-totals": ("核查总量一致", "Verified totals"),
    "credits-genuine": ("碳信用真实且在边界外", "Credits genuine and from outside"),
    "credits-issued-after-reduction": ("减排发生后签发", "Credits issued after the reduction"),
    "credits-of-this-claim": ("碳信用仅用于本声明", "Credits serve this claim alone"),
    "no-serial-twice": ("序列号不重复", "No serial number twice"),
    "retired-after-verification": ("核查后注销", "Retired after verification"),
    "retirement-window": ("注销时限", "Retired in time"),
    "neutrality": ("中和判定", "Neutrality test"),
}

STANDARDS: dict[str, tuple[str, str]] = {
    "PAS 2060:2014": ("碳中和证明规范", "Specification for the demonstration of carbon neutrality"),
    "ISO 14068-1:2023": (
        "气候变化管理　向净零过渡　第1部分：碳中和",
        "Climate change management, transition to net zero, part 1: carbon neutrality",
    ),
}


def label(known: dict[str, tuple[str, str]], code: str) -> Bilingual:
    """The names of a code; the code itself where nobody named it."""
    if code not in known:
        return same(code)
    zh, en = known[code]
    return Bilingual(zh=zh, en=en)
