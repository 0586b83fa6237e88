"""Retired units: for this factory and period, each unit once, inside vintage and window (R179, R197)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from zerocarbon.proof.fields import Fields
from zerocarbon.proof.json_fields import JsonObject
from zerocarbon.proof.period import Period
from zerocarbon.proof.verify.evidence_file import EvidenceFile
from zerocarbon.proof.verify.report import Check


def certificates(opened: EvidenceFile) -> Check:
    """Energy certificates: generated in the period, retired before the close, listed by the inventory."""
    events = _events(opened.contents.energy_retirements, "retirements-mwh")
    faults = list(_common_faults(opened, events, "MWh", "scope2-claim"))
    closed_on = opened.closed_on
    for event in events:
        vintage = event.day("vintage_start"), event.day("vintage_end")
        if not opened.period.covers(*vintage):
            faults.append(f"{_named(event)} was generated from {vintage[0]} to {vintage[1]}")
        if event.day("retired_on") > closed_on:
            faults.append(f"{_named(event)} was retired after the close")
    listed = set(opened.inventory.texts("retirements"))
    carried = {event.text("retirement_id") for event in events}
    if listed != carried:
        faults.append("the inventory lists other retirements than the bundle carries")
    return _check("certificates", faults, events, "MWh")


def credits(opened: EvidenceFile) -> Check:
    """Carbon credits: tonnes, issued after the reduction, retired after the opinion."""
    events = _events(opened.contents.credit_retirements, "retirements-tco2e")
    faults = list(_common_faults(opened, events, "tCO2e", "neutrality-claim"))
    signed_on = _signed_on(opened)
    for event in events:
        if event.day("issued_on") < event.day("vintage_end"):
            faults.append(f"{_named(event)} was issued before its reduction was over")
        if signed_on is None or event.day("retired_on") < signed_on:
            faults.append(f"{_named(event)} was retired before an opinion was signed")
    return _check("credits", faults, events, "tCO2e")


def _signed_on(opened: EvidenceFile) -> date | None:
    opinion = opened.contents.opinion
    return None if opinion is None else Fields(opinion, "opinion").day("signed_on")


def _common_faults(opened: EvidenceFile, events: list[Fields], unit: str, purpose: str) -> Iterator[str]:
    factory_id = Fields(opened.contents.factory, "factory").text("factory_id")
    for event in events:
        if event.text("unit") != unit:
            yield f"{_named(event)} counts {event.text('unit')}, not {unit}"
        if event.whole("low") >= event.whole("high"):
            yield f"{_named(event)} holds no unit"
        if event.text("beneficiary_factory_id") != factory_id:
            yield f"{_named(event)} was retired for another beneficiary"
        if event.text("purpose") != purpose:
            yield f"{_named(event)} was retired for the purpose {event.text('purpose')}"
        if event.object("period").made(Period.from_json) != opened.period:
            yield f"{_named(event)} was retired for another period"
    ordered = sorted(events, key=lambda one: (one.text("registry"), one.text("serial"), one.whole("low")))
    for before, after in pairwise(ordered):
        same = before.text("registry") == after.text("registry") and before.text("serial") == after.text(
            "serial"
        )
        if same and after.whole("low") < before.whole("high"):
            yield f"{_named(after)} shares units with another retirement"


def _events(events: tuple[JsonObject, ...], name: str) -> list[Fields]:
    return [Fields(event, f"{name}[{at}]") for at, event in enumerate(events)]


def _named(event: Fields) -> str:
    return f"{event.text('scheme')} {event.text('serial')} [{event.whole('low')}, {event.whole('high')})"


def _check(name: str, faults: list[str], events: list[Fields], unit: str) -> Check:
    units = sum(event.whole("high") - event.whole("low") for event in events)
    return Check(name, not faults, "; ".join(faults) or f"{units} {unit} in {len(events)} retirements")
