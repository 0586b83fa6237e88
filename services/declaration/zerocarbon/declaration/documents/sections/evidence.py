"""Where the figures come from, and how a stranger checks them."""

from __future__ import annotations

import re

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Paragraph,
    Row,
    Section,
    Table,
    cell,
    code,
)
from zerocarbon.common.documents.figures import grouped
from zerocarbon.declaration.documents.sections.inventory import exact_figures
from zerocarbon.declaration.documents.view import FactorSource, StatementView

DIGEST = re.compile(r"[0-9a-f]{64}")


def factor_sources(view: StatementView) -> Section:
    """The factors behind the lines, with value, place, year and source."""
    table = Table(
        columns=(
            Column(Bilingual(zh="因子", en="Factor"), weight=5),
            Column(Bilingual(zh="数值", en="Value"), figure=True, weight=3),
            Column(Bilingual(zh="单位", en="Unit"), weight=3),
            Column(Bilingual(zh="地区与年份", en="Region and year"), weight=3),
            Column(Bilingual(zh="来源", en="Source"), weight=7),
        ),
        rows=tuple(_factor(one) for one in view.factor_sources),
    )
    return Section(Bilingual(zh="排放因子来源", en="Sources of factors"), (table,))


def _factor(one: FactorSource) -> Row:
    year = "" if one.year is None else str(one.year)
    return Row(
        (
            cell(one.factor),
            cell(grouped(one.value)),
            cell(one.unit),
            cell(f"{one.region} {year}".strip()),
            cell(_short(f"{one.source}, {one.clause}" if one.clause else one.source)),
        )
    )


def _short(text: str) -> str:
    """Digests by their first digits, which find them in the bundle: a whole one fits no column."""
    return DIGEST.sub(lambda found: f"{found[0][:12]}…", text)


def evidence(view: StatementView) -> Section:
    """Digests, exact figures, and the command that recomputes them."""
    how = Bilingual(
        zh=(
            "下载证据包后，任何人均可离线重算：由表计读数到清单各行、因子、注销记录与中和检验。"
            "程序给出的清单行摘要须与下列一致。"
        ),
        en=(
            "Anybody can recompute this statement offline from the evidence bundle: from meter readings to "
            "the lines of the inventory, the factors, the retirements and the neutrality test. The digest "
            "that the program prints must equal the one below."
        ),
    )
    rows = [
        Fact(
            Bilingual(zh="验证命令", en="Command"),
            code(f"zerocarbon verify {view.bundle_file} --key {view.key_file}"),
        ),
        Fact(
            Bilingual(zh="清单行摘要", en="Digest of the lines"),
            code(f"inventory-lines sha256:{view.inventory.lines_sha256}"),
        ),
        Fact(Bilingual(zh="清单哈希值", en="Inventory hash"), code(f"sha256:{view.inventory.sha256}")),
    ]
    if view.issuer_key is not None:
        rows += _issuer(view.subject.organisation, view.issuer_key)
    blocks: list[Block] = [Paragraph(how), Facts(tuple(rows)), exact_figures(view)]
    if view.attachments:
        blocks.append(_attachments(view))
    return Section(Bilingual(zh="证据与验证方法", en="Evidence, and how to check it"), tuple(blocks))


def _issuer(organisation: Bilingual, key: str) -> list[Fact]:
    where = Bilingual(
        zh="签发系统公布公钥于 /declaration/v1/keys.pem；请经另一途径向签发组织核对指纹。",
        en=(
            "The issuing installation publishes the public key at /declaration/v1/keys.pem; compare the"
            " fingerprint with the organisation by another way."
        ),
    )
    return [
        Fact(Bilingual(zh="签发组织", en="Issued by"), Cell(organisation)),
        Fact(Bilingual(zh="签名密钥指纹", en="Fingerprint of the signing key"), code(f"sha256:{key}")),
        Fact(Bilingual(zh="公钥", en="Public key"), Cell(where)),
    ]


def _attachments(view: StatementView) -> Table:
    return Table(
        columns=(
            Column(Bilingual(zh="附件", en="Attachment"), weight=3),
            Column(Bilingual(zh="文件", en="File"), weight=2),
            Column(same("SHA-256"), weight=6),
        ),
        rows=tuple(Row((Cell(one.label), cell(one.file), code(one.sha256))) for one in view.attachments),
        caption=Bilingual(zh="附件", en="Attachments"),
    )
