"""What arrived for a closed period is never silent: its state by example, and over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import httpx
import pytest

from zerocarbon.accounting.domain.pending import Pending
from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import CLOSED_AT, FACTORY, Office, rules
from zerocarbon.accounting.testing.restating import (
    BACKUP,
    another_wafer_factor,
    arrive,
    backup,
    certificates_fell,
    first_closed,
    invoice,
    late_gas,
)
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.activity import ACTIVITY, ReadingsRecorded
from zerocarbon.proof.inventory import Totals

CLOSED = Totals(
    scope1=Decimal(100),
    scope2_location=Decimal(800),
    scope2_market=Decimal(500),
    scope3=Decimal(100),
    outside=Decimal(0),
    total_location=Decimal(1000),
    total_market=Decimal(700),
)


def pending(threshold: str = "5", arrived: bool = True, **moved: str) -> Pending:
    """The closed totals moved by what is named."""
    today = {name: getattr(CLOSED, name) + Decimal(value) for name, value in moved.items()}
    return Pending(CLOSED, replace(CLOSED, **today), arrived, Decimal(threshold))


class TestState:
    def test_nothing_arrived(self) -> None:
        assert pending(arrived=False).state == "none"

    def test_what_moves_no_figure_is_a_note(self) -> None:
        assert pending(arrived=True).state == "below-threshold"

    @pytest.mark.parametrize(
        ("kilograms", "state"),
        [("34.999999999999", "below-threshold"), ("35", "restatement-due"), ("-35", "restatement-due")],
    )
    def test_the_threshold_itself_is_due(self, kilograms: str, state: str) -> None:
        found = pending(scope3=kilograms, total_location=kilograms, total_market=kilograms)
        assert found.state == state

    def test_the_method_with_the_smaller_total_decides(self) -> None:
        found = pending(scope1="40", total_location="40", total_market="40")
        assert (found.percent("location"), found.percent("market")) == (4, Fraction(40, 7))
        assert found.state == "restatement-due"

    def test_what_moves_between_scopes_counts_although_the_total_stays(self) -> None:
        assert pending(scope1="-50", scope3="50").state == "restatement-due"

    def test_a_difference_outside_the_scopes_is_a_note(self) -> None:
        found = pending(arrived=False, outside="500")
        assert (found.state, found.percent("market")) == ("below-threshold", 0)

    def test_what_cannot_be_computed_is_due(self) -> None:
        found = Pending(CLOSED, None, arrived=True)
        assert (found.state, found.difference, found.percent("market")) == ("restatement-due", None, None)

    def test_a_total_of_zero_measures_nothing(self) -> None:
        nothing = Totals(*[Decimal(0)] * 7)
        assert Pending(nothing, nothing, arrived=False).state == "none"
        moved = replace(nothing, scope1=Decimal(1), total_location=Decimal(1), total_market=Decimal(1))
        assert Pending(nothing, moved, arrived=True).state == "restatement-due"

    def test_a_threshold_of_zero_lets_nothing_pass(self) -> None:
        assert pending("0", scope1="0.000000000001").state == "restatement-due"
        assert pending("0", arrived=False).state == "none"


async def ask(office: Office, inventory: str, **params: str) -> dict[str, Any]:
    answer = await office.preparer.get(f"{FACTORY}/inventories/{inventory}/pending", params=params)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def glance(office: Office, inventory: str) -> dict[str, Any]:
    """What the view of the version says, which must be what the events say."""
    view = (await office.preparer.get(f"{FACTORY}/inventories/{inventory}")).json()["pending"]
    whole = await ask(office, inventory)
    assert view == {name: whole[name] for name in view}
    return dict(view)


async def test_after_the_close_nothing_is_pending(office: Office) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    found = await ask(office, inventory)
    assert (found["state"], found["facts"]) == ("none", {"late": 0, "corrections": 0, "since": None})
    assert found["totals"]["today"] == found["totals"]["closed"]
    assert found["threshold_percent"] == "5"
    assert (await glance(office, inventory))["state"] == "none"


async def test_late_readings_and_corrections_are_counted_and_measured(office: Office) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    await arrive(office, late_gas(), plant.correction(CLOSED_AT, 8, Decimal("1.5")))
    found = await ask(office, inventory)
    assert found["state"] == "below-threshold"
    assert found["facts"] == {"late": 1, "corrections": 4, "since": "2025-06-20"}
    difference = {name: Decimal(value) for name, value in found["totals"]["difference"].items()}
    assert difference["scope2_location"] == 6 * Decimal("0.5978")
    assert difference["scope2_market"] == 6 * Decimal("0.5856")
    burnt = Decimal(10) * Decimal("0.038931") * Decimal("0.0153") * Decimal("0.99") * 44 / 12 * 1000
    assert abs(difference["scope1"] - burnt) < Decimal("1e-11")
    total = Decimal(found["totals"]["closed"]["total_market"])
    assert abs(Decimal(found["percent"]["market"]) - 100 * difference["total_market"] / total) < Decimal(
        "1e-6"
    )
    moved = {part["cause"] for part in found["parts"] if part["lines"]}
    assert moved == {"late-data", "correction"}
    assert (await glance(office, inventory))["totals"] == found["totals"]


async def test_from_the_threshold_on_a_restatement_is_due(office: Office) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    await arrive(office, late_gas("4000"))
    found = await ask(office, inventory)
    share = Decimal(found["percent"]["market"])
    assert Decimal(2) < share < Decimal(5)
    assert found["state"] == "below-threshold"
    lower = await ask(office, inventory, threshold_percent="2")
    assert (lower["state"], lower["threshold_percent"]) == ("restatement-due", "2")
    await arrive(office, late_gas("40000", "gas-later"))
    assert (await glance(office, inventory))["state"] == "restatement-due"


@pytest.mark.parametrize("threshold", ["101", "-1", "five", "1e1"])
async def test_a_threshold_is_a_percentage(office: Office, threshold: str) -> None:
    inventory = await office.opened()
    place = f"{FACTORY}/inventories/{inventory}/pending"
    answer = await office.preparer.get(place, params={"threshold_percent": threshold})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("invalid-request")


async def test_a_certificate_that_fell_is_seen(office: Office) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    await arrive(office, certificates_fell())
    found = await ask(office, inventory)
    assert found["certificates"] == {"retired": 0, "withdrawn": 1}
    assert Decimal(found["totals"]["difference"]["scope2_market"]) == 100_000 * Decimal("0.5856")
    assert [part["cause"] for part in found["parts"] if part["lines"]] == ["certificates"]
    assert (await glance(office, inventory))["state"] == "restatement-due"


async def test_a_certificate_retired_since_is_counted_and_acts_on_a_later_version_only(
    office: Office,
) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    more = plant.retirement(50).model_copy(
        update={
            "retirement_id": natural_id("retirement", "more"),
            "block_id": natural_id("block", "more"),
            "serial": "GEC-2024-01-MORE",
            "retired_on": CLOSED_AT.date() + timedelta(days=5),
        }
    )
    await arrive(office, more)
    found = await ask(office, inventory)
    assert found["certificates"] == {"retired": 1, "withdrawn": 0}
    assert found["totals"]["today"] == found["totals"]["closed"]
    assert (await glance(office, inventory))["state"] == "below-threshold"


async def test_activity_of_a_source_that_is_new_is_the_boundary(office: Office) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    await arrive(office, backup(), invoice(BACKUP, "backup", "1", "t"))
    found = await ask(office, inventory)
    (part,) = [part for part in found["parts"] if part["lines"]]
    assert (part["cause"], [line["line"] for line in part["lines"]]) == (
        "boundary",
        ["cell-plant/backup/both"],
    )
    assert found["facts"]["late"] == 1
    assert (await glance(office, inventory))["totals"] == found["totals"]


async def test_what_quantification_refuses_is_due_and_says_why(office: Office) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    await arrive(office, plant.correction(CLOSED_AT, 8, Decimal(-100_000)))
    found = await ask(office, inventory)
    assert (found["state"], found["totals"]["today"], found["parts"]) == ("restatement-due", None, [])
    assert found["refusal"]["rule"] == "rules 13"
    assert found["facts"]["corrections"] == 4
    assert (await glance(office, inventory))["refusal"] == found["refusal"]


async def test_events_that_could_not_be_read_are_counted_beside(office: Office) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    await office.stage.publish_bytes(ReadingsRecorded.TYPE, ACTIVITY, plant.FACTORY, b"{}")
    await office.stage.consume()
    assert (await ask(office, inventory))["parked"] == 1


async def test_activity_in_a_wrong_unit_leaves_the_version_readable(office: Office) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    wrong = plant.readings("grid", 0, 1).model_copy(update={"unit": "kg"})
    await arrive(office, wrong)
    view = (await office.preparer.get(f"{FACTORY}/inventories/{inventory}")).json()["pending"]
    assert (view["state"], view["totals"]["today"]) == ("restatement-due", None)
    assert "kg" in view["refusal"]["message"]
    answer = await office.preparer.get(f"{FACTORY}/inventories/{inventory}/pending")
    assert rules(answer) == {"unit-dimension"}


async def test_a_newer_version_of_an_own_factor_does_not_act_on_what_is_pending(office: Office) -> None:
    inventory = str((await first_closed(office))["inventory_id"])
    await another_wafer_factor(office, published="2025-02-10")
    assert (await glance(office, inventory))["state"] == "none"


async def test_only_a_closed_version_of_this_organisation_has_something_pending(office: Office) -> None:
    inventory = await office.opened()
    place = f"inventories/{inventory}/pending"
    assert rules(await office.preparer.get(f"{FACTORY}/{place}")) == {"not-closed"}
    assert (await office.preparer.get(f"{FACTORY}/inventories/{inventory}")).json()["pending"] is None
    strange: httpx.Response = await office.stranger.get(f"{FACTORY}/{place}")
    assert strange.status_code == 403
    elsewhere = f"/accounting/v1/organisations/{natural_id('organisation', 'other')}"
    answer = await office.stranger.get(f"{elsewhere}/factories/{plant.FACTORY}/{place}")
    assert answer.status_code == 404
