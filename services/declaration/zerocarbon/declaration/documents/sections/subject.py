"""Who and what the statement is about: subject (R200), period, boundary, standards, methods (R201)."""

from __future__ import annotations

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import Cell, Fact, Facts, Section
from zerocarbon.common.documents.figures import span
from zerocarbon.declaration.documents.sections.wording import BASES, scope_names
from zerocarbon.declaration.documents.view import StatementView, Subject


def subject(view: StatementView) -> Section:
    """The factory, its organisation, and the fields of R200 that are published."""
    about = view.subject
    fields = (
        (Bilingual(zh="工厂名称", en="Factory"), _with_code(about)),
        (Bilingual(zh="所属组织", en="Organisation"), about.organisation),
        (Bilingual(zh="单位性质", en="Nature of the entity"), about.nature),
        (Bilingual(zh="法定代表人", en="Legal representative"), about.legal_representative),
        (Bilingual(zh="注册地址", en="Registered address"), about.registered_address),
        (Bilingual(zh="生产地址", en="Production address"), about.production_address),
        (Bilingual(zh="所属行业", en="Industry"), about.industry),
        (Bilingual(zh="联系人与联系方式", en="Contact"), about.contact),
    )
    rows = tuple(Fact(label, Cell(value)) for label, value in fields if value is not None)
    return Section(Bilingual(zh="声明主体", en="Subject"), (Facts(rows),))


def _with_code(about: Subject) -> Bilingual:
    if not about.code:
        return about.factory
    return Bilingual(zh=f"{about.factory.zh}（{about.code}）", en=f"{about.factory.en} ({about.code})")


def boundary(view: StatementView) -> Section:
    """Period, boundary, scopes, scope 2 basis, facilities, standards and methods."""
    facilities = Bilingual(
        zh="；".join(facility.zh for facility in view.facilities),
        en="; ".join(facility.en for facility in view.facilities),
    )
    basis = BASES[view.scope2_basis]
    inventory = view.inventory
    rows = (
        Fact(Bilingual(zh="声明期间", en="Period"), Cell(same(span(view.period_start, view.period_end)))),
        Fact(Bilingual(zh="声明标准", en="Standard of the claim"), Cell(_standard(view))),
        Fact(Bilingual(zh="边界", en="Boundary"), Cell(view.boundary)),
        Fact(Bilingual(zh="合并方法", en="Consolidation"), Cell(view.consolidation)),
        Fact(Bilingual(zh="纳入范围", en="Scopes"), Cell(scope_names(view.scopes))),
        Fact(
            Bilingual(zh="范围二口径", en="Scope 2 basis"),
            Cell(Bilingual(zh=f"{basis.zh}（两种口径均列示）", en=f"{basis.en}; both methods are shown")),
        ),
        Fact(Bilingual(zh="排放设施", en="Emitting facilities"), Cell(facilities)),
        Fact(Bilingual(zh="核算标准", en="Accounting standard"), Cell(inventory.profile)),
        Fact(Bilingual(zh="核算方法", en="Methods"), Cell(view.methods)),
        Fact(Bilingual(zh="全球变暖潜势", en="Warming potentials"), Cell(same(inventory.gwp_set))),
    )
    return Section(Bilingual(zh="期间与边界", en="Period and boundary"), (Facts(rows),))


def _standard(view: StatementView) -> Bilingual:
    return Bilingual(
        zh=f"{view.standard} {view.standard_title.zh}", en=f"{view.standard} {view.standard_title.en}"
    )
