"""Chapter one: the company, its factories, and everybody's keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from zerocarbon.product.demo.client import Api, DemoStopped
from zerocarbon.product.demo.company import TIME_ZONE, FactoryStory
from zerocarbon.product.demo.progress import Done

SERVICE = "ingest"
KEYS_EXPIRE = "2099-12-31T00:00:00Z"
INTERVAL_SECONDS = 900

SAMPLE_MAPPING = {
    "time_column": "time",
    "value_column": "kwh",
    "time_format": "%Y-%m-%d %H:%M",
    "unit": "kWh",
    "stamp": "start",
    "midnight": "start-of-day",
    "encoding": "utf-8",
}


def key_for(admin: Api, organisation_id: str, roles: list[str]) -> tuple[str, str]:
    """A fresh key for a new principal of an organisation, and the principal's id."""
    path = f"/{SERVICE}/v1/organisations/{organisation_id}/api-keys"
    answer = admin.send("POST", path, json={"roles": roles, "expires_at": KEYS_EXPIRE})
    if "Zerocarbon-Api-Key" not in answer.headers:
        raise DemoStopped(f"no key was issued: {answer.status_code} {answer.text}")
    return answer.headers["Zerocarbon-Api-Key"], answer.json()["principal_id"]


def register_factory(operator: Api, story: FactoryStory, owned_from: str) -> str:
    """Registers a factory with its sources and meters; gives its id."""
    base = f"{operator.base(SERVICE)}/factories"
    form = {
        "code": story.code,
        "name_en": story.name_en,
        "name_zh": story.name_zh,
        "time_zone": TIME_ZONE,
        "country": "CN",
        "grid_region": story.grid_region,
        "state": "operating",
        "industry": "photovoltaic",
        "products": list(story.products),
        "owned_from": owned_from,
    }
    factory: str = operator.post(base, form)["factory_id"]
    for source in story.sources:
        registered = operator.post(
            f"{base}/{factory}/sources",
            {
                "code": source.code,
                "name_en": source.name_en,
                "name_zh": source.name_zh,
                "kind": source.kind,
                "substance": source.substance,
                "unit": source.unit,
                "scope3_category": source.scope3_category,
                "attributes": dict(source.attributes),
            },
        )
        if source.meter is not None:
            meter = {
                "code": source.meter,
                "source_id": registered["source_id"],
                "unit": source.unit,
                "interval_seconds": INTERVAL_SECONDS,
            }
            operator.post(f"{base}/{factory}/meters", meter)
    return factory


def upload_series(
    operator: Api, factory: str, meter: str, file: tuple[str, bytes], mapping: dict[str, str], done: Done
) -> dict[str, Any]:
    """Sends a meter's file, name and bytes, with its mapping; gives what the service says it took."""
    answer = operator.call(
        "POST",
        f"{operator.base(SERVICE)}/factories/{factory}/uploads",
        files={"file": (*file, "text/csv")},
        data={"mapping": json.dumps({**mapping, "meter": meter})},
    )
    done(answer["accepted"])
    return answer


def send_records(operator: Api, factory: str, file: Path) -> int:
    """Sends the activity records of a factory's year; gives their number."""
    records = json.loads(file.read_text(encoding="utf-8"))["records"]
    path = f"{operator.base(SERVICE)}/factories/{factory}/activity-records"
    taken: int = operator.post(path, {"records": records})["records"]
    return taken
