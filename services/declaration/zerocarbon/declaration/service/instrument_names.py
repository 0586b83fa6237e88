"""What the codes of certificate schemes and registries stand for, as statements spell them out."""

from __future__ import annotations

from zerocarbon.declaration.documents import Bilingual

SCHEMES: dict[str, tuple[str, str]] = {
    "GEC": ("绿色电力证书（可交易）", "China Green Electricity Certificate"),
    "GEC_NT": ("绿色电力证书（不可交易）", "China Green Electricity Certificate, not tradable"),
    "IREC_CN": ("国际可再生能源证书（中国大陆）", "I-REC(E), mainland China"),
    "CCER": ("国家核证自愿减排量", "China Certified Emission Reduction"),
}
REGISTRIES: dict[str, tuple[str, str]] = {
    "cn-gec": ("国家绿证核发交易系统", "China's national green certificate system"),
    "evident": ("Evident 登记系统", "Evident registry"),
    "cn-ccer": (
        "全国温室气体自愿减排注册登记系统",
        "China's national registry of voluntary emission reductions",
    ),
}


def meaning(scheme: str, registry: str) -> Bilingual | None:
    """Name of the scheme, and where its units are kept; none where nobody named the scheme."""
    if scheme not in SCHEMES:
        return None
    zh, en = SCHEMES[scheme]
    kept_zh, kept_en = REGISTRIES.get(registry, (registry, registry))
    return Bilingual(zh=f"{zh}；登记于 {kept_zh}（{registry}）", en=f"{en}; kept in {kept_en} ({registry})")
