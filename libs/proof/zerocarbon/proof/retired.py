"""From a published retirement to what quantification takes."""

from __future__ import annotations

from zerocarbon.proof.facts import Retirement
from zerocarbon.proof.json_fields import JsonObject, day, table, text, whole


def energy_retirement(event: JsonObject) -> Retirement:
    """The retirement of a `units-retired` event (`contracts.certificate.UnitsRetired` as JSON).

    Raises:
        BadField: the event is malformed.
    """
    project = table(event, "project")
    return Retirement(
        scheme=text(event, "scheme"),
        registry=text(event, "registry"),
        serial=text(event, "serial"),
        low=whole(event, "low"),
        high=whole(event, "high"),
        project=text(project, "code"),
        technology=text(project, "technology"),
        country=text(project, "country"),
        vintage_start=day(event, "vintage_start"),
        vintage_end=day(event, "vintage_end"),
        retired_on=day(event, "retired_on"),
        registry_reference=text(event, "registry_reference"),
        unit=text(event, "unit"),
    )
