"""The report over HTTP: of closed versions only, for whoever may read them, of what was frozen."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest

from zerocarbon.accounting.service.reporting import gather
from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import CLOSED_AT, FACTORY, Office, key, rules
from zerocarbon.common.ids import natural_id, new_id
from zerocarbon.contracts.certificate import UnitsWithdrawn
from zerocarbon.contracts.reference import GrantIssued, OrganisationRegistered
from zerocarbon.proof.numbers import total

FORMS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def closed(office: Office) -> tuple[str, dict[str, Any]]:
    """A closed version of the month; its address and what it froze."""
    await office.factors()
    inventory = await office.opened()
    answer = await office.close(inventory)
    assert answer.status_code == 200, answer.text
    return f"{FACTORY}/inventories/{inventory}", dict(answer.json())


@pytest.mark.requirement("R177")
async def test_a_closed_version_is_reported_as_page_pdf_and_workbook(office: Office) -> None:
    named = OrganisationRegistered(
        organisation_id=plant.ORGANISATION, code="qingchuan", name_en="Qingchuan PV", name_zh="晴川光伏"
    )
    await office.stage.publish([named, named], CLOSED_AT)
    await office.stage.consume()
    address, frozen = await closed(office)
    files = {}
    for form, media_type in FORMS.items():
        answer = await office.reviewer.get(f"{address}/report.{form}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type), answer.text[:500]
        assert (
            f'filename="inventory-cell-plant-2024-01-01-v1.{form}"' in answer.headers["content-disposition"]
        )
        files[form] = answer.content
        assert (await office.preparer.get(f"{address}/report.{form}")).content == answer.content
    page = files["html"].decode()
    assert "晴川光伏" in page
    assert "Qingchuan PV" in page
    assert frozen["inventory_sha256"] in page
    paper = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages)
    assert "电池片工厂" in paper
    assert "Greenhouse gas inventory report" in paper
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))["清单行 Lines"]
    header, *body = sheet.iter_rows(values_only=True)
    place = header.index("千克二氧化碳当量，全部位数\nkg CO2e, every digit")
    lines = {line["line"]: line["co2e_kg"] for line in frozen["lines"]}
    assert {row[0]: row[place] for row in body} == lines
    assert total(Decimal(row[place]) for row in body) == total(map(Decimal, lines.values()))


async def test_the_language_is_chosen_by_the_reader(office: Office) -> None:
    address, _ = await closed(office)
    english = (await office.preparer.get(f"{address}/report.html", params={"language": "en"})).text
    assert '<html lang="en">' in english
    assert "温室气体清单报告" not in english
    chinese = (await office.preparer.get(f"{address}/report.html", params={"language": "zh"})).text
    assert "Greenhouse gas inventory report" not in chinese
    assert (await office.preparer.get(f"{address}/report.html?language=fr")).status_code == 422


@pytest.mark.parametrize("form", FORMS)
async def test_a_draft_is_not_reported(office: Office, form: str) -> None:
    inventory = await office.opened()
    answer = await office.preparer.get(f"{FACTORY}/inventories/{inventory}/report.{form}")
    assert rules(answer) == {"not-closed"}
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await office.preparer.get(f"{FACTORY}/inventories/{new_id()}/report.{form}")).status_code == 404


async def test_only_readers_of_the_version_get_it(office: Office) -> None:
    address, _ = await closed(office)
    for form in FORMS:
        assert (await office.stranger.get(f"{address}/report.{form}")).status_code == 403
        assert (await office.stage.service.with_key(None).get(f"{address}/report.{form}")).status_code == 401
    grant = GrantIssued(
        organisation_id=plant.ORGANISATION,
        grant_id=new_id(),
        grantee_id=natural_id("principal", "verifier"),
        role="verifier",
        factory_id=plant.FACTORY,
        period_start=plant.START,
        period_end=plant.END,
        until=datetime(2099, 1, 1, tzinfo=UTC),
    )
    other = grant.model_copy(
        update={
            "grant_id": new_id(),
            "grantee_id": natural_id("principal", "late"),
            "period_start": plant.END,
            "period_end": plant.END + timedelta(days=29),
        }
    )
    house = natural_id("organisation", "verifiers")
    keys = [key(name, "verifier", organisation=house) for name in ("verifier", "late")]
    await office.stage.publish([grant, other, *keys], CLOSED_AT)
    await office.stage.consume()
    verifier, late = (office.stage.service.with_key(f"zc_{name}") for name in ("verifier", "late"))
    assert (await verifier.get(f"{address}/report.html")).status_code == 200
    assert (await late.get(f"{address}/report.html")).status_code == 403


async def test_what_happened_to_a_version_since_is_said_before_its_figures(office: Office) -> None:
    address, frozen = await closed(office)
    before = (await office.preparer.get(f"{address}/report.html?language=en")).text
    assert "has superseded this one" not in before
    retired = plant.retirement(100)
    back = UnitsWithdrawn(
        block_id=retired.block_id, organisation_id=plant.ORGANISATION, low=10, high=20, reason="issued twice"
    )
    await office.stage.publish([back], CLOSED_AT)
    await office.stage.consume()
    asked = {"kind": "late-data", "reason": "certificates were withdrawn"}
    begun = (await office.preparer.post(f"{address}/restatements", json=asked)).json()
    still = (await office.preparer.get(f"{address}/report.html?language=en")).text
    assert "has superseded this one" not in still
    assert "A registry has withdrawn certificates" in still
    assert (await office.close(begun["inventory_id"])).status_code == 200
    after = (await office.preparer.get(f"{address}/report.html?language=en")).text
    assert "Version 2 has superseded this one" in after
    assert frozen["inventory_sha256"] in after
    newer = f"{FACTORY}/inventories/{begun['inventory_id']}/report.html?language=en"
    second = (await office.preparer.get(newer)).text
    assert "late-data: certificates were withdrawn" in second
    assert f"{frozen['inventory_sha256'][:12]}…" in second
    assert "A registry has withdrawn certificates" not in second


async def test_the_electricity_of_the_report_is_what_was_frozen(office: Office) -> None:
    """The plant's quarter-hours by hand: 100.125 kWh, and a thousandth of 7 times the interval, modulo 96."""
    address, _ = await closed(office)
    context = office.stage.service.context
    inventory = address.rpartition("/")[2]
    facts = await gather(context, plant.ORGANISATION, plant.FACTORY, inventory)
    assert facts.purchase is not None
    quarters = [Decimal("100.125") + Decimal(i * 7 % 96) / 1000 for i in range(plant.COUNT)]
    hours = [total(quarters[at : at + 4]) / 1000 for at in range(0, plant.COUNT, 4)]
    assert [mwh for _, _, mwh in facts.purchase.hours] == hours
    assert [(day.day, hour) for day, hour, _ in facts.purchase.hours[:25]] == [
        *((1, hour) for hour in range(24)),
        (2, 0),
    ]
    assert facts.purchase.months == ((plant.START, total(hours)),)
    assert facts.purchase.unallocated_mwh == 0
    # A correction that is recorded on the closing day, after the close, is no part of the version.
    await office.stage.publish([plant.correction(CLOSED_AT, 8, Decimal("1.5"))], CLOSED_AT)
    await office.stage.consume()
    assert (await gather(context, plant.ORGANISATION, plant.FACTORY, inventory)).purchase is None
    shown = (await office.preparer.get(f"{address}/report.html?language=en")).text
    assert "differ from what this version froze" in shown


async def test_an_organisation_without_a_name_stands_by_its_id(office: Office) -> None:
    address, _ = await closed(office)
    page = (await office.preparer.get(f"{address}/report.html")).text
    assert plant.ORGANISATION in page[: page.index("<h1>")]
