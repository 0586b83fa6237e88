"""Who is in the demo. Everything here is fictional; figures of suppliers are synthetic and say so."""

from __future__ import annotations

from dataclasses import dataclass

from zerocarbon.common.ids import natural_id

SEED = 20240601
TIME_ZONE = "Asia/Shanghai"
"""Of every factory."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the demo. Its id follows from its code, so that every telling has the same."""

    code: str
    name_en: str
    name_zh: str

    @property
    def organisation_id(self) -> str:
        """A UUID."""
        return natural_id("demo", "organisation", self.code)


COMPANY = Organisation("lanhai", "Lanhai Photovoltaics (fictional)", "澜海光伏（虚构企业）")
VERIFIER = Organisation("hengxin", "Hengxin Verification (fictional)", "恒信核查（虚构机构）")


@dataclass(frozen=True, slots=True)
class SourceStory:
    """A source of a demo factory. Metered ones carry the meter's code, others a quantity for the year."""

    code: str
    name_en: str
    name_zh: str
    kind: str
    substance: str
    unit: str
    meter: str | None = None
    yearly: str | None = None
    records: int = 12
    scope3_category: int | None = None
    attributes: tuple[tuple[str, str], ...] = ()

    def attribute(self, name: str) -> str | None:
        """What is stated of the source under a name, if anything."""
        return dict(self.attributes).get(name)


@dataclass(frozen=True, slots=True)
class FactoryStory:
    """A demo factory. `load_watts` is its mean grid load, `roof_watts` the peak of its roof."""

    code: str
    name_en: str
    name_zh: str
    grid_region: str
    products: tuple[str, ...]
    load_watts: int
    roof_watts: int
    sources: tuple[SourceStory, ...]


def _electricity(roof_owner: str) -> tuple[SourceStory, ...]:
    # The roof's owner and what became of the attributes are stated, because own use is zero only
    # while its attributes were not sold (R105, DC07).
    attributes = (("roof_owner", roof_owner), ("attributes_sold", "no"))
    return (
        SourceStory(
            "grid",
            "Grid electricity",
            "外购电力",
            "electricity-import",
            "electricity",
            "kWh",
            "grid-import",
        ),
        SourceStory(
            "rooftop",
            "Rooftop generation",
            "屋顶光伏发电",
            "electricity-generation",
            "electricity",
            "kWh",
            "rooftop-generation",
            attributes=attributes,
        ),
        SourceStory(
            "export",
            "Rooftop export",
            "余电上网",
            "electricity-export",
            "electricity",
            "kWh",
            "rooftop-export",
        ),
    )


def _scope3(code: str, name_en: str, name_zh: str, category: int, unit: str, yearly: str) -> SourceStory:
    return SourceStory(code, name_en, name_zh, "scope3", code, unit, yearly=yearly, scope3_category=category)


CELL_PLANT = FactoryStory(
    code="hefei-cell",
    name_en="Hefei cell plant (fictional)",
    name_zh="合肥电池片工厂（虚构）",
    grid_region="CN-AH",
    products=("photovoltaic-cell",),
    load_watts=1_600_000,
    roof_watts=900_000,
    sources=(
        *_electricity("Lanhai Photovoltaics, the factory itself"),
        SourceStory(
            "boiler-gas",
            "Natural gas, boiler",
            "锅炉天然气",
            "stationary-fuel",
            "natural-gas",
            "Nm3",
            yearly="186400",
        ),
        SourceStory(
            "forklift-diesel",
            "Diesel, forklifts and trucks",
            "厂内车辆柴油",
            "mobile-fuel",
            "diesel",
            "t",
            yearly="21.36",
        ),
        SourceStory(
            "chiller-r404a",
            "R404A, chillers",
            "冷水机组制冷剂R404A",
            "refrigerant",
            "r404a",
            "kg",
            yearly="38.5",
            records=1,
        ),
        SourceStory(
            "cvd-nf3",
            "NF3, chamber cleaning",
            "三氟化氮腔体清洗",
            "process-gas",
            "nf3",
            "kg",
            yearly="1260",
            attributes=(
                ("abatement_evidence", "synthetic uptime and maintenance log of the scrubbers"),
                ("abated_share", "1"),
                ("destruction", "0.95"),
                ("destruction_by_product", "0.89"),
                ("uptime", "0.972"),
            ),
        ),
        SourceStory(
            "steam", "Purchased steam", "外购蒸汽", "heat-import", "park-steam", "GJ", yearly="14250.6"
        ),
        _scope3("wafers", "Silicon wafers", "硅片", 1, "piece", "26400000"),
        _scope3("silver-paste", "Silver paste", "银浆", 1, "kg", "2310.5"),
        _scope3("process-equipment", "Process equipment bought", "工艺设备采购", 2, "t", "46.2"),
        _scope3("inbound-freight", "Inbound freight", "原料运输", 4, "t.km", "1856000"),
        _scope3("cell-processing", "Processing of sold cells", "售出电池片加工", 10, "piece", "26100000"),
        _scope3("cell-end-of-life", "End of life of sold cells", "售出产品报废处理", 12, "t", "152.4"),
    ),
)

MODULE_PLANT = FactoryStory(
    code="yancheng-module",
    name_en="Yancheng module plant (fictional)",
    name_zh="盐城组件工厂（虚构）",
    grid_region="CN-JS",
    products=("photovoltaic-module",),
    load_watts=420_000,
    roof_watts=350_000,
    sources=(
        *_electricity("Lanhai Photovoltaics, the factory itself"),
        SourceStory(
            "canteen-gas",
            "Natural gas, canteen",
            "食堂天然气",
            "stationary-fuel",
            "natural-gas",
            "Nm3",
            yearly="23800",
        ),
        SourceStory(
            "forklift-diesel",
            "Diesel, forklifts",
            "叉车柴油",
            "mobile-fuel",
            "diesel",
            "t",
            yearly="9.72",
        ),
        SourceStory(
            "chiller-r404a",
            "R404A, chillers",
            "冷水机组制冷剂R404A",
            "refrigerant",
            "r404a",
            "kg",
            yearly="12",
            records=1,
        ),
        _scope3("glass", "Solar glass", "光伏玻璃", 1, "t", "3180"),
        _scope3("frames", "Aluminium frames", "铝边框", 1, "t", "612.5"),
        _scope3("encapsulant", "Encapsulant film", "封装胶膜", 1, "t", "402.8"),
        _scope3("laminators", "Laminators bought", "层压设备采购", 2, "t", "18.5"),
        _scope3("inbound-freight", "Inbound freight", "原料运输", 4, "t.km", "2304000"),
        _scope3("module-end-of-life", "End of life of sold modules", "售出组件报废处理", 12, "t", "4520"),
    ),
)

FACTORIES = (CELL_PLANT, MODULE_PLANT)

PEOPLE = {
    "signatory": ("Shen Yulan (fictional)", "沈玉澜（虚构）", "General manager", "总经理"),
    "verifier": ("Qiao Heng (fictional)", "乔恒（虚构）", "Lead verifier", "核查组长"),
}
