"""An issued statement follows its inputs: suspended by event, seen by the public, cured as a new version."""

from __future__ import annotations

import asyncio
from typing import Any

from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.certificate import UnitsWithdrawn
from zerocarbon.declaration.testing import month
from zerocarbon.declaration.testing.story import FACTORY, Story, created
from zerocarbon.proof.testing import published

PAS, ISO = "PAS 2060:2014", "ISO 14068-1:2023"


async def issued(story: Story) -> str:
    claim_id = await story.up_to_retirement()
    return str(created(await story.ask(claim_id))["statement"]["statement_id"])


async def public(story: Story, statement_id: str) -> dict[str, Any]:
    response = await story.stranger.get(f"/declaration/v1/public/statements/{statement_id}")
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def withdrawal(number: int, low: int = 1000, high: int = 1001) -> UnitsWithdrawn:
    return UnitsWithdrawn(
        block_id=published.identity(100 + number),
        organisation_id=month.ORGANISATION,
        low=low,
        high=high,
        reason="issued twice",
    )


async def test_a_superseding_inventory_suspends_and_everybody_sees_it(told_story: Story) -> None:
    statement_id = await issued(told_story)
    before = await public(told_story, statement_id)
    assert before["status"] == "issued"
    assert "legal" not in str(before)
    assert await told_story.told(month.restated(told_story.contents, told_story.position)) == []
    after = await public(told_story, statement_id)
    assert after["status"] == "suspended"
    assert "late diesel invoice" in after["suspended_reason"]
    page = await told_story.stranger.get(
        f"/declaration/v1/public/statements/{statement_id}", headers={"Accept": "text/html"}
    )
    assert "late diesel invoice" in page.text
    statement = (await told_story.preparer.get(f"{FACTORY}/statements/{statement_id}")).json()
    assert (statement["status"], statement["suspended_cause"]) == (
        "suspended",
        f"inventory/{natural_id('second version')}",
    )


async def test_withdrawn_credits_suspend_and_new_ones_bring_a_new_version(told_story: Story) -> None:
    statement_id = await issued(told_story)
    claim_id = (await told_story.preparer.get(f"{FACTORY}/claims")).json()["items"][0]["claim_id"]
    await told_story.told(withdrawal(22))
    assert (await public(told_story, statement_id))["status"] == "suspended"
    lacking = await told_story.ask(claim_id)
    assert lacking.status_code == 422
    assert lacking.json()["evaluation"]["credits_tonnes"] == 0
    request = await told_story.retire_again(claim_id)
    assert request["quantity"] == month.CREDITS_FOR_MARKET
    again = created(await told_story.ask(claim_id))["statement"]
    assert (again["statement_id"], again["version"]) == (statement_id, 2)
    assert (await public(told_story, statement_id))["status"] == "issued"


async def test_a_withdrawn_certificate_under_scope_2_suspends_and_blocks_until_restated(
    told_story: Story,
) -> None:
    statement_id = await issued(told_story)
    claim_id = (await told_story.preparer.get(f"{FACTORY}/claims")).json()["items"][0]["claim_id"]
    await told_story.told(withdrawal(21))
    assert (await public(told_story, statement_id))["status"] == "suspended"
    again = await told_story.ask(claim_id)
    assert again.status_code == 422
    assert "restate" in again.json()["detail"]


async def test_a_withdrawal_of_units_that_nobody_retired_changes_nothing(told_story: Story) -> None:
    statement_id = await issued(told_story)
    assert await told_story.told(withdrawal(22, 5000, 5001)) == []
    assert (await public(told_story, statement_id))["status"] == "issued"


async def test_the_same_event_twice_suspends_once(told_story: Story) -> None:
    statement_id = await issued(told_story)
    await told_story.told(withdrawal(22))
    await told_story.told(withdrawal(22))
    async with told_story.service.context.database.reader() as session:
        suspensions = await session.connection.fetchval(
            "SELECT count(*) FROM event WHERE type = 'zerocarbon.declaration.statement-suspended.v1'"
        )
    assert suspensions == 1
    assert (await public(told_story, statement_id))["status"] == "suspended"


async def test_an_inventory_superseded_between_two_steps_is_named(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    await told_story.told(month.restated(told_story.contents, told_story.position))
    asked = await told_story.ask(claim_id)
    assert (asked.status_code, asked.json()["errors"][0]["rule"]) == (422, "R216")
    path = f"{FACTORY}/claims/{claim_id}/evaluation"
    judged = (await told_story.preparer.get(path, params={"standard": PAS})).json()
    assert (judged["passed"], judged["obstacles"][0]["rule"]) == (False, "R216")
    form = {"quantity": 1, "promised_by": await told_story.person(), "outside_boundary": True}
    more = await told_story.preparer.post(f"{FACTORY}/claims/{claim_id}/retirements", json=form)
    assert (more.status_code, more.json()["errors"][0]["rule"]) == (422, "R179")


async def test_an_issue_and_a_superseding_inventory_at_the_same_moment_leave_nothing_standing(
    told_story: Story,
) -> None:
    claim_id = await told_story.up_to_retirement()
    restated = month.restated(told_story.contents, told_story.position)
    asked, _ = await asyncio.gather(told_story.ask(claim_id), told_story.told(restated))
    assert asked.status_code in (201, 422)
    statements = (await told_story.preparer.get(f"{FACTORY}/statements")).json()["items"]
    assert all(one["status"] == "suspended" for one in statements)


async def test_two_issues_at_the_same_moment_make_one_statement(told_story: Story) -> None:
    claim_id = await told_story.up_to_retirement()
    answers = await asyncio.gather(told_story.ask(claim_id), told_story.ask(claim_id))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    statements = (await told_story.preparer.get(f"{FACTORY}/statements")).json()["items"]
    assert [one["version"] for one in statements] == [1]


async def test_what_nobody_published_is_not_found(told_story: Story) -> None:
    await told_story.begin()
    path = f"/declaration/v1/public/statements/{natural_id('nothing')}"
    assert (await told_story.stranger.get(path)).status_code == 404
