"""The way to a declaration through REST, over a real database."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime

import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from zerocarbon.declaration.service.signing import PRIVATE, PUBLIC
from zerocarbon.declaration.testing import month
from zerocarbon.declaration.testing.story import FACTORY, Story, created
from zerocarbon.proof import keys
from zerocarbon.proof.manifest import Authenticity
from zerocarbon.proof.verify import verify

PAS, ISO = "PAS 2060:2014", "ISO 14068-1:2023"


def failing(gates: list[dict[str, object]]) -> set[object]:
    return {gate["gate"] for gate in gates if not gate["passed"]}


async def test_pas_2060_is_issued_and_iso_14068_says_why_not(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement(112)
    statement = created(await told_story.ask(claim_id))["statement"]
    assert (statement["emissions_tonnes_rounded_up"], statement["credits_tonnes"]) == (109, 112)
    assert statement["emissions_kg"] == told_story.contents.inventory["totals"]["total_market"]
    refused = await told_story.ask(claim_id, ISO)
    assert refused.status_code == 422
    body = refused.json()
    assert body["type"].endswith("statement-refused")
    assert body["evaluation"]["scope2_basis"] == "location"
    assert failing(body["evaluation"]["gates"]) == {"neutrality"}
    assert "4 more credits" in body["errors"][0]["cure"]
    claim = (await told_story.preparer.get(f"{FACTORY}/claims/{claim_id}")).json()
    assert [one["standard"] for one in claim["statements"]] == [PAS]
    assert [one["standard"] for one in claim["refusals"]] == [ISO]
    assert claim["requests"][0]["state"] == "retired"


async def test_two_standards_stand_on_one_claim_and_one_retirement(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement(month.CREDITS_FOR_LOCATION)
    first = created(await told_story.ask(claim_id))["statement"]
    second = created(await told_story.ask(claim_id, ISO))["statement"]
    assert first["retirements"] == second["retirements"]
    assert first["bundle_root"] == second["bundle_root"]
    again = await told_story.ask(claim_id)
    assert again.status_code == 422
    assert again.json()["errors"][0]["rule"] == "R216"


async def test_the_bundle_verifies_offline_and_is_the_same_each_time(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    root = created(await told_story.ask(claim_id))["statement"]["bundle_root"]
    first = await told_story.verifier.get(f"{FACTORY}/claims/{claim_id}/bundle.zip")
    assert first.headers["Zerocarbon-Statements"] == PAS
    public = keys.read_public_key((await told_story.stranger.get("/declaration/v1/keys.pem")).content)
    report = verify(first.content, public)
    assert report.ok, report.lines()
    assert report.authenticity is Authenticity.AUTHENTICATED
    assert any(root in line for line in report.lines())
    # What is declared later, a new plan for instance, does not change what the statement rested on.
    await told_story.plan_again()
    second = await told_story.verifier.get(f"{FACTORY}/claims/{claim_id}/bundle.zip")
    assert second.content == first.content


async def test_a_closed_inventory_has_its_bundle_without_any_claim(told_story: Story) -> None:
    await told_story.begin()
    path = f"{FACTORY}/inventories/{month.INVENTORY}/bundle.zip"
    made = await told_story.preparer.get(path)
    assert made.headers["Zerocarbon-Statements"] == "none issued"
    report = verify(made.content)
    assert report.ok, report.lines()


async def test_the_declaration_is_a_signed_credential_and_its_key_is_public(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    statement = created(await told_story.ask(claim_id))["statement"]
    path = f"{FACTORY}/statements/{statement['statement_id']}"
    enveloped = (await told_story.preparer.get(f"{path}/declaration.json")).json()
    assert enveloped["type"] == "EnvelopedVerifiableCredential"
    token = enveloped["id"].removeprefix("data:application/vc+jwt,")
    known = KeySet.import_key_set((await told_story.stranger.get("/declaration/v1/keys")).json())
    signed = jws.deserialize_compact(token, known, algorithms=["Ed25519"])
    credential = json.loads(signed.payload)
    assert credential["credentialSubject"]["statement"] == statement
    assert credential["evidence"][0]["factsRoot"] == statement["bundle_root"]
    directory = told_story.service.context.data_directory
    assert stat.S_IMODE((directory / PRIVATE).stat().st_mode) == 0o600
    assert (directory / PUBLIC).read_text().startswith("-----BEGIN PUBLIC KEY-----")


@pytest.mark.requirement("R200", "R201")
async def test_documents_carry_what_the_guide_asks_for_in_both_languages(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    seven = {
        "nature": ("有限责任公司", "private limited company"),
        "legal_representative": ("张示例", "Zhang Shili"),
        "registered_address": ("注册路1号", "1 Register Road"),
        "production_address": ("生产路2号", "2 Plant Road"),
        "industry": ("光伏制造业", "photovoltaic manufacture"),
        "contact": ("碳管理部", "carbon office"),
    }
    form = {name: {"zh": zh, "en": en} for name, (zh, en) in seven.items()}
    assert (await told_story.preparer.put(f"{FACTORY}/particulars", json=form)).status_code == 200
    statement = created(await told_story.ask(claim_id))["statement"]
    path = f"{FACTORY}/statements/{statement['statement_id']}"
    page = (await told_story.preparer.get(f"{path}/statement.html")).text
    of_the_factory = ["示例工厂", "Example plant", *(text for both in seven.values() for text in both)]
    of_the_claim = [
        "2024-06-01",
        "2024-06-30",
        "cell plant",
        PAS,
        "boiler",
        "排放因子",
        "108.906",
        "Issued",
        "Heat recovery",
    ]
    missing = [text for text in (*of_the_factory, *of_the_claim) if text not in page]
    assert missing == []
    pdf = await told_story.preparer.get(f"{path}/statement.pdf")
    assert pdf.content.startswith(b"%PDF")


async def test_a_refusal_is_a_document_too(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    path = f"{FACTORY}/claims/{claim_id}/statement.html"
    refused = await told_story.preparer.get(path, params={"standard": ISO})
    assert "more credits that count" in refused.text
    unasked = await told_story.preparer.get(path, params={"standard": PAS})
    assert unasked.status_code == 404


@pytest.mark.requirement("R192")
async def test_the_same_request_on_a_late_day_tells_what_went_and_what_could_be_declared(
    told_story: Story,
) -> None:
    claim_id = await told_story.up_to_retirement()
    path = f"{FACTORY}/claims/{claim_id}/evaluation"
    pas = (await told_story.preparer.get(path, params={"on": "2026-11-22", "standard": PAS})).json()
    assert "withdrawn" in {notice["code"] for notice in pas["notices"]}
    assert "retirement-window" in failing(pas["gates"])
    iso = (await told_story.preparer.get(path, params={"on": "2026-11-22"})).json()
    assert iso["standard"] == ISO
    assert iso["prospect"]["curable"] is False
    assert iso["prospect"]["instead"]["start"] >= "2024-07-01"
    assert (await told_story.preparer.get(f"{FACTORY}/statements")).json()["items"] == []


@pytest.mark.requirement("R179")
async def test_the_order_of_steps_is_held(told_story: Story) -> None:
    await told_story.begin()
    form = {"boundary": "cell plant", "inventory_id": month.INVENTORY}
    unverified = await told_story.preparer.post(f"{FACTORY}/claims", json=form)
    assert (unverified.status_code, unverified.json()["errors"][0]["rule"]) == (422, "R179")
    await told_story.verify()
    claim_id = await told_story.claim()
    bare = await told_story.ask(claim_id)
    assert bare.status_code == 422
    assert {"commitment", "plan-parts", "neutrality"} <= failing(bare.json()["evaluation"]["gates"])


@pytest.mark.requirement("R194")
async def test_only_a_verifier_from_outside_with_a_grant_signs(told_story: Story) -> None:
    await told_story.begin()
    path, form = f"{FACTORY}/opinions", month.opinion_form(told_story.closed)
    assert (await told_story.stranger.post(path, json=form)).status_code == 401
    assert (await told_story.preparer.post(path, json=form)).status_code == 403
    admin = await told_story.service.http.post(path, json=form)
    assert (admin.status_code, admin.json()["errors"][0]["rule"]) == (422, "R194")
    lied = await told_story.verifier.post(path, json={**form, "inventory_sha256": "00" * 32})
    assert lied.json()["errors"][0]["pointer"] == "/inventory_sha256"
    await told_story.told(month.revoked())
    assert (await told_story.verifier.post(path, json=form)).status_code == 403
    too_short = month.grant(grant_id=month.PREPARER, period_end="2024-06-15")
    await told_story.told(too_short)
    partial = await told_story.verifier.post(path, json=form)
    assert (partial.status_code, partial.json()["errors"][0]["rule"]) == (422, "R194")


async def test_a_dry_run_judges_and_leaves_no_trace(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    path = f"{FACTORY}/claims/{claim_id}/statements"
    tried = await told_story.preparer.post(path, json={"standard": PAS}, params={"dry_run": "true"})
    assert tried.status_code == 200
    assert tried.json()["dry_run"] is True
    assert (await told_story.preparer.get(f"{FACTORY}/statements")).json()["items"] == []


async def test_a_retry_with_a_key_gives_the_same_statement_and_an_old_version_is_refused(
    told_story: Story,
) -> None:
    claim_id = await told_story.up_to_retirement()
    path, body = f"{FACTORY}/claims/{claim_id}/statements", {"standard": PAS}
    old = await told_story.preparer.post(path, json=body, headers={"If-Match": '"1"'})
    assert old.status_code == 412
    headers = {"Idempotency-Key": "once"}
    first = await told_story.preparer.post(path, json=body, headers=headers)
    second = await told_story.preparer.post(path, json=body, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


async def test_persons_are_erased_and_events_never_held_them(told_story: Story) -> None:
    await told_story.begin()
    person = await told_story.person()
    path = f"/declaration/v1/organisations/{month.ORGANISATION}/persons/{person}"
    assert (await told_story.preparer.delete(path)).status_code == 200
    async with told_story.service.context.database.worker() as session:
        left = await session.connection.fetchrow(
            "SELECT name, title FROM person WHERE person_id = $1", person
        )
        kept = await session.connection.fetchval(
            "SELECT count(*) FROM event WHERE position(convert_to('Zhang', 'UTF8') IN data) > 0"
        )
    assert tuple(left or ()) == (None, None)
    assert kept == 0


async def test_another_organisation_sees_nothing(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    elsewhere = f"/declaration/v1/organisations/{month.VERIFIERS}/factories/{month.FACTORY}/claims/{claim_id}"
    assert (await told_story.verifier.get(elsewhere)).status_code == 404
    assert (await told_story.preparer.get(elsewhere)).status_code == 403


async def test_a_grant_for_one_month_opens_what_lies_within_it(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    claims, within = f"{FACTORY}/claims", {"start": "2024-06-01", "end": "2024-07-01"}
    assert (await told_story.verifier.get(f"{claims}/{claim_id}")).status_code == 200
    assert len((await told_story.verifier.get(claims, params=within)).json()["items"]) == 1
    assert (await told_story.verifier.get(claims)).status_code == 403
    wider = {**within, "end": "2024-08-01"}
    assert (await told_story.verifier.get(claims, params=wider)).status_code == 403
    assert (await told_story.preparer.get(claims, params={**within, "end": "2024-06-30"})).json() == {
        "items": []
    }


async def test_the_business_clock_decides_the_default_standard(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    await told_story.service.set_business_clock(datetime(2025, 12, 1, tzinfo=UTC))
    refused = await told_story.preparer.post(f"{FACTORY}/claims/{claim_id}/statements", json={})
    assert refused.json()["evaluation"]["standard"] == ISO
