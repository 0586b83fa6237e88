"""From a closed period through what came later to a restated one, over HTTP: what moved, and why."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import CLOSED_AT, FACTORY, Office, key, rules
from zerocarbon.accounting.testing.restating import (
    BACKUP,
    another_wafer_factor,
    arrive,
    backup,
    certificates_fell,
    closed,
    compared,
    figures,
    first_closed,
    invoice,
    late_gas,
    restate,
    restated,
)
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.proof.closing import inventory_sha256

GRID = sum((Decimal("100.125") + Decimal(i * 7 % 96) / 1000 for i in range(plant.COUNT)), Decimal(0))
RESTATED_AT = datetime(2026, 1, 15, 8, tzinfo=UTC)
"""By then the grid factors of 2023 were published: MEE announcement 2025 no. 47, Jiangsu 0.5827."""

STEP = Decimal("0.000000000001")


def by_cause(version: Mapping[str, Any]) -> dict[str, dict[str, Decimal]]:
    """The parts by cause, after it was checked that they sum to the difference of the frozen totals."""
    attribution = version["attribution"]
    parts = {part["cause"]: figures(part["difference"]) for part in attribution["parts"]}
    before, after = figures(attribution["before"]), figures(version["totals"])
    for name, value in after.items():
        assert sum(part[name] for part in parts.values()) == value - before[name]
        assert Decimal(attribution["difference"][name]) == value - before[name]
    return parts


def moved(version: Mapping[str, Any]) -> set[str]:
    return {part["cause"] for part in version["attribution"]["parts"] if part["lines"]}


async def change_everything(office: Office) -> None:
    """Late gas, an hour of corrected grid power, certificates taken back, a source nobody knew of, all on the
    day of the close; later another factor of the supplier."""
    await arrive(
        office,
        backup(),
        invoice(BACKUP, "backup-2024-01", "0.5", "t"),
        late_gas(),
        plant.correction(CLOSED_AT, 8, Decimal("1.5")),
        certificates_fell(),
    )
    await office.stage.service.set_business_clock(RESTATED_AT)
    await another_wafer_factor(office, published="2025-11-10")


async def screen_upstream(office: Office, inventory: str) -> None:
    """Category 3 has lines, now that factors for it are published."""
    answer = await office.preparer.post(
        f"{FACTORY}/inventories/{inventory}/screening",
        json={"categories": [{"category": 3, "state": "calculated"}]},
    )
    assert answer.status_code == 200, answer.text


async def test_every_difference_of_a_restatement_has_its_cause(office: Office) -> None:
    first = await first_closed(office)
    await change_everything(office)
    pending = (await office.preparer.get(f"{FACTORY}/inventories/{first['inventory_id']}/pending")).json()
    assert pending["state"] == "restatement-due"
    assert pending["facts"] == {"late": 2, "corrections": 4, "since": "2025-06-20"}
    at_work = await restated(office, first["inventory_id"])
    await screen_upstream(office, at_work)
    second = await closed(office, at_work)
    assert (second["version"], second["supersedes"]) == (2, first["inventory_id"])
    parts = by_cause(second)
    assert moved(second) == {"late-data", "correction", "factor", "boundary", "certificates"}
    burnt = Decimal(10) * Decimal("0.038931") * Decimal("0.0153") * Decimal("0.99") * 1000 * 44 / 12
    assert abs(parts["late-data"]["scope1"] - burnt) <= STEP
    assert parts["late-data"]["total_market"] == parts["late-data"]["scope1"]
    assert parts["correction"]["scope2_location"] == 6 * Decimal("0.5978")
    assert parts["correction"]["scope2_market"] == 6 * Decimal("0.5856")
    grid = GRID + 6
    step = Decimal("0.5827") - Decimal("0.5978")
    assert parts["factor"]["scope2_location"] == (grid * step).quantize(STEP)
    wafers = {line["line"]: Decimal(line["co2e_kg"]) for line in _lines(second, "factor")}
    assert wafers["cell-plant/wafers/both"] == 150_000 * Decimal("-0.01")
    assert wafers["cell-plant/grid/both/upstream"] > 0
    assert [line["line"] for line in _lines(second, "boundary")] == ["cell-plant/backup/both"]
    diesel = Decimal("0.5") * Decimal("43.33") * Decimal("0.0202") * Decimal("0.98") * 1000 * 44 / 12
    assert abs(parts["boundary"]["scope1"] - diesel) <= STEP
    assert parts["certificates"]["scope2_location"] == 0
    rest = next(line for line in second["lines"] if line["line"] == "cell-plant/grid/market/rest")
    lost = 100_000 * Decimal(rest["factors"][0]["value"])
    assert parts["certificates"]["scope2_market"] == lost
    facts = {part["cause"]: part.get("facts") for part in second["attribution"]["parts"]}
    assert (facts["late-data"], facts["correction"]) == (2, 4)


def _lines(version: Mapping[str, Any], cause: str) -> list[dict[str, str]]:
    (part,) = [part for part in version["attribution"]["parts"] if part["cause"] == cause]
    return list(part["lines"])


async def test_the_comparison_says_line_by_line_what_the_attribution_explains(office: Office) -> None:
    first = await first_closed(office)
    await change_everything(office)
    at_work = await restated(office, first["inventory_id"])
    await screen_upstream(office, at_work)
    preview = (await office.preparer.get(f"{FACTORY}/inventories/{at_work}/preview")).json()
    second = await closed(office, at_work)
    assert preview["attribution"] == second["attribution"]
    found = await compared(office, second["inventory_id"], first["inventory_id"])
    assert (found["before"]["version"], found["after"]["version"]) == (1, 2)
    assert found["attribution"] == second["attribution"]
    assert found["totals"]["before"] == first["totals"]
    assert found["totals"]["after"] == second["totals"]
    assert found["totals"]["difference"] == second["attribution"]["difference"]
    states = {line["line"]: line["state"] for line in found["lines"]}
    assert states["cell-plant/grid/market/certificate/GEC/wind-01"] == "removed"
    assert states["cell-plant/backup/both"] == "added"
    assert states["cell-plant/gas/both"] == "changed"
    assert "cell-plant/diesel/both" not in states
    assert found["unchanged"] + len(found["lines"]) == len(
        {line["line"] for line in (*first["lines"], *second["lines"])}
    )
    explained: dict[str, Decimal] = {}
    for part in second["attribution"]["parts"]:
        for line in part["lines"]:
            explained[line["line"]] = explained.get(line["line"], Decimal(0)) + Decimal(line["co2e_kg"])
    for line in found["lines"]:
        assert explained.get(line["line"], Decimal(0)) == Decimal(line["co2e_kg"]["difference"]), line["line"]
    back = await compared(office, first["inventory_id"], second["inventory_id"])
    assert back["attribution"] is None
    assert figures(back["totals"]["difference"]) == {
        name: -value for name, value in figures(found["totals"]["difference"]).items()
    }


async def test_the_attribution_is_frozen_with_the_version_and_bound_by_its_hash(office: Office) -> None:
    first = await first_closed(office)
    assert "attribution" not in first
    await arrive(office, late_gas())
    second = await closed(office, await restated(office, first["inventory_id"]))
    assert inventory_sha256(first) == first["inventory_sha256"]
    assert inventory_sha256(second) == second["inventory_sha256"]
    told_otherwise = json.loads(json.dumps(second))
    told_otherwise["attribution"]["parts"][1]["difference"]["scope1"] = "0"
    assert inventory_sha256(told_otherwise) != second["inventory_sha256"]
    event = InventoryClosed.model_validate(second)
    assert json.loads(event.data()) == second
    await arrive(office, late_gas("5", "gas-later"))
    shown = (await office.preparer.get(f"{FACTORY}/inventories/{second['inventory_id']}")).json()
    assert shown["closed"] == second


async def test_a_third_version_is_told_from_the_second(office: Office) -> None:
    first = await first_closed(office)
    await arrive(office, late_gas())
    second = await closed(office, await restated(office, first["inventory_id"]))
    await arrive(office, late_gas("5", "gas-later"))
    third = await closed(office, await restated(office, second["inventory_id"]))
    parts = by_cause(third)
    assert moved(third) == {"late-data"}
    burnt = Decimal(5) * Decimal("0.038931") * Decimal("0.0153") * Decimal("0.99") * 1000 * 44 / 12
    assert abs(parts["late-data"]["scope1"] - burnt) <= STEP
    over_both = await compared(office, third["inventory_id"], first["inventory_id"])
    assert over_both["attribution"] is None
    (line,) = over_both["lines"]
    assert (line["line"], line["quantity"]) == (
        "cell-plant/gas/both",
        {"before": "12000.5", "after": "12015.5"},
    )


async def test_facts_that_are_not_those_of_then_are_not_told_apart(office: Office) -> None:
    """Nothing is guessed: where the leaves have another root than was frozen, one part says so."""
    first = await first_closed(office)
    await arrive(office, late_gas())
    async with office.stage.database.request(plant.ORGANISATION) as session:
        await session.connection.execute(
            "UPDATE inventory_version SET closed = jsonb_set(closed, '{readings_root}', to_jsonb($2::text))"
            " WHERE inventory_id = $1",
            first["inventory_id"],
            "00" * 32,
        )
    second = await closed(office, await restated(office, first["inventory_id"]))
    assert moved(second) == {"error"}
    (error,) = [part for part in second["attribution"]["parts"] if part["lines"]]
    assert "could not be told" in error["note"]
    by_cause(second)
    shown = (await office.preparer.get(f"{FACTORY}/inventories/{second['inventory_id']}/pending")).json()
    assert shown["state"] == "none"


@pytest.mark.requirement("R178")
async def test_a_superseded_version_is_neither_restated_nor_waited_for(office: Office) -> None:
    first = await first_closed(office)
    await arrive(office, late_gas())
    second = await closed(office, await restated(office, first["inventory_id"]))
    assert rules(await restate(office, first["inventory_id"])) == {"restatement"}
    place = f"{FACTORY}/inventories/{first['inventory_id']}"
    assert rules(await office.preparer.get(f"{place}/pending")) == {"superseded"}
    assert (await office.preparer.get(place)).json()["pending"] is None
    current = (await office.preparer.get(f"{FACTORY}/inventories/{second['inventory_id']}")).json()
    assert current["pending"]["state"] == "none"
    views = [
        (await office.preparer.get(f"{FACTORY}/inventories/{one['inventory_id']}")).json()
        for one in current["versions"]
    ]
    assert [view["superseded"] for view in views] == [True, False], "one inventory of the period counts"


@pytest.mark.requirement("R175")
async def test_who_prepared_a_restatement_does_not_close_it(office: Office) -> None:
    first = await first_closed(office)
    await arrive(office, late_gas(), key("both", "preparer", "reviewer"))
    both = office.stage.service.with_key("zc_both")
    asked = {"kind": "late-data", "reason": "an invoice came late"}
    place = f"{FACTORY}/inventories"
    begun = await both.post(f"{place}/{first['inventory_id']}/restatements", json=asked)
    assert begun.status_code == 201, begun.text
    at_work = begun.json()["inventory_id"]
    assert rules(await both.post(f"{place}/{at_work}/close")) == {"R175"}
    second = await closed(office, at_work)
    assert second["reviewer_id"] != second["preparer_id"]


async def test_of_two_restatements_at_once_one_is_begun_and_of_two_closes_one_wins(office: Office) -> None:
    first = await first_closed(office)
    await arrive(office, late_gas())
    begun = await asyncio.gather(*(restate(office, first["inventory_id"]) for _ in range(3)))
    assert sorted(answer.status_code for answer in begun) == [201, 422, 422]
    (at_work,) = [answer.json()["inventory_id"] for answer in begun if answer.status_code == 201]
    answers = await asyncio.gather(*(office.close(at_work) for _ in range(3)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 200
    assert set(codes[1:]) <= {409, 422}


@pytest.mark.parametrize(("length", "status"), [(1900, 201), (1901, 422)])
async def test_a_reason_fits_into_the_version_that_it_begins(
    office: Office, length: int, status: int
) -> None:
    first = await first_closed(office)
    await arrive(office, late_gas())
    answer = await restate(office, first["inventory_id"], reason="x" * length)
    assert answer.status_code == status
    if status == 201:
        second = await closed(office, answer.json()["inventory_id"])
        assert len(second["restatement_reason"]) == len("late-data: ") + length
