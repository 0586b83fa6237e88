"""A made-up statement to look at: `python -m zerocarbon.declaration.documents.specimen FOLDER`.

Factory, figures, registries and digests are invented; tests draw it too.
"""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from zerocarbon.common.documents.bilingual import Bilingual
from zerocarbon.declaration.documents.html import statement_html
from zerocarbon.declaration.documents.pdf import statement_pdf
from zerocarbon.declaration.documents.view import (
    Category,
    Certificate,
    Credit,
    FactorSource,
    Gas,
    Gate,
    Inventory,
    Measure,
    StatementView,
    Subject,
    Target,
    Verification,
)
from zerocarbon.proof.canonical import sha256_hex

INVENTORY_SHA256 = sha256_hex(b"specimen inventory")

INVENTORY = Inventory(
    profile=Bilingual(
        zh="《温室气体核算体系：企业核算与报告标准》及范围三标准",
        en="GHG Protocol Corporate Standard and Scope 3 Standard",
    ),
    version=1,
    gwp_set="IPCC AR6, GWP100",
    knowledge_date=date(2025, 3, 31),
    sha256=INVENTORY_SHA256,
    lines_sha256=sha256_hex(b"specimen lines"),
    scope1_kg=Decimal("1843217.446812"),
    scope2_location_kg=Decimal("20914582.1375"),
    scope2_market_kg=Decimal("6120344.872211904"),
    scope3_kg=Decimal("88302119.000000000001"),
    outside_kg=Decimal("0.31"),
    categories=(
        Category(
            "1",
            Bilingual(zh="固定燃烧：天然气", en="Stationary combustion: natural gas"),
            Decimal("1204881.2"),
            Decimal("1204881.2"),
        ),
        Category(
            "1",
            Bilingual(zh="移动燃烧：柴油", en="Mobile combustion: diesel"),
            Decimal("98112.046812"),
            Decimal("98112.046812"),
        ),
        Category(
            "1",
            Bilingual(zh="逸散：制冷剂 R404A、工艺气体 NF3", en="Fugitive: R404A, NF3 process gas"),
            Decimal("540224.2"),
            Decimal("540224.2"),
        ),
        Category(
            "2",
            Bilingual(zh="外购电力", en="Purchased electricity"),
            Decimal("20114582.1375"),
            Decimal("5320344.872211904"),
        ),
        Category("2", Bilingual(zh="外购蒸汽", en="Purchased steam"), Decimal("800000"), Decimal("800000")),
        Category(
            "3",
            Bilingual(zh="类别1 外购商品：硅片、玻璃、边框", en="Category 1, goods: wafers, glass, frames"),
            Decimal("81200118.5"),
            Decimal("81200118.5"),
        ),
        Category(
            "3",
            Bilingual(zh="类别4 上游运输", en="Category 4, upstream freight"),
            Decimal("7102000.500000000001"),
            Decimal("7102000.500000000001"),
        ),
    ),
    gases=(
        Gas("CO2", Decimal("95012000.25"), Decimal("95012000.25")),
        Gas("CH4", Decimal("31224.9"), Decimal("1119.2")),
        Gas("N2O", Decimal("18011.4"), Decimal("65.9758241")),
        Gas("HFCs", Decimal("472800")),
        Gas("PFCs", Decimal(0), Decimal(0)),
        Gas("SF6", Decimal(0), Decimal(0)),
        Gas("NF3", Decimal("67424.2"), Decimal("3.8749540229")),
    ),
)

_GATES = (
    Gate(
        Bilingual(zh="清单已关账", en="Inventory is closed"),
        "5.2",
        passed=True,
        found=Bilingual(zh="2024年第1版，2025-03-31关账", en="2024, version 1, closed on 2025-03-31"),
    ),
    Gate(
        Bilingual(zh="覆盖率不低于95 %", en="Coverage of at least 95 %"),
        "5.2.4",
        passed=True,
        found=Bilingual(zh="覆盖率 99.2 %，排除项已列明理由", en="99.2 % covered; exclusions carry reasons"),
    ),
    Gate(
        Bilingual(zh="管理计划完整且日期有序", en="Management plan is complete, its dates in order"),
        "7",
        passed=True,
        found=Bilingual(zh="计划于2025-04-10批准", en="plan approved on 2025-04-10"),
    ),
    Gate(
        Bilingual(zh="注销发生在声明后12个月内", en="Retirement within twelve months of the declaration"),
        "9.1",
        passed=True,
        found=Bilingual(zh="碳信用于2025-06-20注销", en="credits retired on 2025-06-20"),
    ),
)

SPECIMEN = StatementView(
    number="ZC-2024-0001",
    version=1,
    status="issued",
    status_reason=None,
    standard="PAS 2060:2014",
    standard_title=Bilingual(
        zh="碳中和证明规范", en="Specification for the demonstration of carbon neutrality"
    ),
    declared_on=date(2025, 6, 30),
    claim=Bilingual(
        zh="晨曦光伏有限公司声明：晨曦第一工厂在2024年度内、上述边界与范围内实现碳中和，依据 PAS 2060:2014。",
        en=(
            "Morninglight Photovoltaics Co., Ltd. declares that Morninglight Plant One was carbon neutral in "
            "2024, within the boundary and scopes named here, in accordance with PAS 2060:2014."
        ),
    ),
    notices=(
        Bilingual(
            zh="PAS 2060 将于2025年11月30日废止，由 ISO 14068-1:2023 接替。",
            en="PAS 2060 will be withdrawn on 30 November 2025; ISO 14068-1:2023 succeeds it.",
        ),
    ),
    subject=Subject(
        factory=Bilingual(zh="晨曦第一工厂", en="Morninglight Plant One"),
        organisation=Bilingual(zh="晨曦光伏有限公司", en="Morninglight Photovoltaics Co., Ltd."),
        nature=Bilingual(zh="有限责任公司", en="Limited liability company"),
        legal_representative=Bilingual(zh="张晨", en="Zhang Chen"),
        registered_address=Bilingual(zh="江苏省苏州市示例路1号", en="1 Example Road, Suzhou, Jiangsu"),
        production_address=Bilingual(zh="江苏省苏州市示例路8号", en="8 Example Road, Suzhou, Jiangsu"),
        industry=Bilingual(zh="光伏电池与组件制造", en="Photovoltaic cells and modules"),
        contact=Bilingual(
            zh="能源与碳管理部，carbon@example.com", en="Energy and carbon team, carbon@example.com"
        ),
    ),
    period_start=date(2024, 1, 1),
    period_end=date(2025, 1, 1),
    boundary=Bilingual(
        zh="厂区围墙内全部建筑与设施，含屋顶光伏。",
        en="All buildings and installations within the fence, with the rooftop photovoltaics.",
    ),
    consolidation=Bilingual(zh="运营控制权法", en="Operational control"),
    facilities=(
        Bilingual(zh="燃气锅炉", en="gas boiler"),
        Bilingual(zh="厂内叉车", en="forklifts"),
        Bilingual(zh="冷水机组", en="chillers"),
        Bilingual(zh="PECVD 设备", en="PECVD tools"),
    ),
    methods=Bilingual(
        zh="活动数据乘以排放因子；制冷剂按质量平衡法。",
        en="Activity data by emission factor; refrigerants by mass balance.",
    ),
    scopes=("1", "2", "3"),
    scope2_basis="market",
    inventory=INVENTORY,
    certificates=(
        Certificate(
            "I-REC(E)",
            "Evident (specimen)",
            "0000-0214-7781-3301.000000 – 0000-0214-7781-3301.017999",
            Decimal(18000),
            Bilingual(zh="示例风电场，新疆", en="Example Wind Farm, Xinjiang"),
            date(2024, 1, 1),
            date(2024, 6, 30),
            date(2025, 2, 20),
            "RD-2025-118842",
        ),
        Certificate(
            "GEC",
            "国家可再生能源信息管理中心",
            "WT-2024-06-000120001 – WT-2024-06-000127450",
            Decimal(7450),
            Bilingual(zh="示例光伏电站，青海", en="Example Solar Park, Qinghai"),
            date(2024, 3, 1),
            date(2024, 6, 30),
            date(2025, 3, 3),
            "GEC-H-20250303-0017",
        ),
    ),
    credits_retired=(
        Credit(
            "CCER",
            "全国温室气体自愿减排注册登记系统",
            "CCER-OW-0007-2022-00000001 – 00096266",
            96266,
            Bilingual(zh="示例海上风电项目", en="Example Offshore Wind Project"),
            "avoidance",
            date(2021, 1, 1),
            date(2023, 12, 31),
            date(2025, 6, 20),
            "ZX-2025-000311",
        ),
    ),
    gates=_GATES,
    verification=Verification(
        body=Bilingual(zh="示例核查有限公司", en="Example Verification Ltd."),
        accreditation="CNAS V0001 (ISO 14065)",
        accreditation_valid_to=date(2027, 5, 31),
        criteria="ISO 14064-3:2019",
        level="reasonable",
        materiality_percent=Decimal(5),
        misstatement_kg=Decimal("12044.2"),
        opinion="unmodified",
        signed_on=date(2025, 5, 28),
        inventory_sha256=INVENTORY_SHA256,
    ),
    measures=(
        Measure(
            Bilingual(zh="空压机余热回收", en="Heat recovery from air compressors"),
            "1",
            Decimal(320000),
            Decimal("341208.4"),
            date(2024, 9, 30),
        ),
        Measure(
            Bilingual(zh="屋顶光伏二期 3 MW", en="Rooftop photovoltaics, phase two, 3 MW"),
            "2",
            Decimal(1650000),
        ),
    ),
    targets=(
        Target("1", Decimal("4.2"), date(2026, 12, 31), Decimal("3.1")),
        Target("2", Decimal(30), date(2026, 12, 31), Decimal("41.7")),
        Target(
            "3",
            exclusion_reason=Bilingual(
                zh="供应商数据于2026年可得后设定", en="set once suppliers report their own data in 2026"
            ),
        ),
    ),
    factor_sources=(
        FactorSource(
            "grid-jiangsu",
            Decimal("0.6451"),
            "kgCO2/kWh",
            "江苏",
            2022,
            "生态环境部 2024年第33号公告",
            "表2",
        ),
        FactorSource(
            "natural-gas",
            Decimal("2.1622"),
            "kgCO2/m3",
            "CN",
            2015,
            "CN-OTHER guide",
            "table 2.1",
        ),
        FactorSource("R404A", Decimal("4728"), "kgCO2e/kg", "global", None, "IPCC AR6, table 7.SM.7", ""),
    ),
)


def main() -> None:
    """Writes both documents into the folder that the command line names."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m zerocarbon.declaration.documents.specimen FOLDER")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "statement.html").write_text(statement_html(SPECIMEN), encoding="utf-8")
    (folder / "statement.pdf").write_bytes(statement_pdf(SPECIMEN))
    sys.stdout.write(f"{folder}: statement.html, statement.pdf\n")


if __name__ == "__main__":
    main()
