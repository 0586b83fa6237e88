"""Words that several parts of a statement use."""

from __future__ import annotations

from zerocarbon.common.documents.bilingual import Bilingual
from zerocarbon.common.documents.vocabulary import term

SCOPES = {scope: term("scope", scope) for scope in ("1", "2", "3", "outside")}
BASES = {basis: term("basis", basis) for basis in ("location", "market")}
STATUSES = {
    "issued": Bilingual(zh="已签发", en="Issued"),
    "refused": Bilingual(zh="未签发", en="Not issued"),
    "suspended": Bilingual(zh="已中止", en="Suspended"),
    "lapsed": Bilingual(zh="已失效", en="Lapsed"),
}
OPINIONS = {
    "unmodified": Bilingual(zh="无保留意见", en="Unmodified"),
    "modified": Bilingual(zh="保留意见", en="Modified"),
    "adverse": Bilingual(zh="否定意见", en="Adverse"),
    "disclaimed": Bilingual(zh="无法表示意见", en="Disclaimed"),
}
LEVELS = {
    "limited": Bilingual(zh="有限保证", en="Limited assurance"),
    "reasonable": Bilingual(zh="合理保证", en="Reasonable assurance"),
}
KINDS = {
    "avoidance": Bilingual(zh="避免排放", en="Avoidance"),
    "reduction": Bilingual(zh="减少排放", en="Reduction"),
    "removal": Bilingual(zh="清除", en="Removal"),
}
SCHEME = Bilingual(zh="机制", en="Scheme")
SERIALS = Bilingual(zh="序列号", en="Serial numbers")
VINTAGE = Bilingual(zh="产生期间", en="Vintage")
RETIRED_ON = Bilingual(zh="注销日期", en="Retired on")
REGISTRY_REFERENCE = Bilingual(zh="登记机构凭证号", en="Registry reference")
NUMBER = Bilingual(zh="编号", en="Number")
REASON = Bilingual(zh="原因", en="Reason")
CURE = Bilingual(zh="补救办法", en="What would cure it")
NONE = Bilingual(zh="无", en="None")
TONNES = "tCO2e"


def scope_names(scopes: tuple[str, ...]) -> Bilingual:
    """`Scopes 1, 2 and 3`."""
    zh = "、".join(SCOPES[scope].zh for scope in scopes)
    if len(scopes) == 1:
        return Bilingual(zh=zh, en=f"Scope {scopes[0]}")
    return Bilingual(zh=zh, en=f"Scopes {', '.join(scopes[:-1])} and {scopes[-1]}")
