"""What a service's consumers could not use, for the installation's administrator: seen, and tried again.

The bytes may be anybody's: no member of an organisation sees them here.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.exceptions import RequestValidationError

from zerocarbon.common.composition import ConsumerSpec
from zerocarbon.common.consumer.database_errors import ABOUT_DATA
from zerocarbon.common.consumer.parked import Parked, ParkedEvent, Place, listed
from zerocarbon.common.consumer.replay import StillRejected, replay_parked
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.http.scope import installation_admin
from zerocarbon.common.refusal import Conflict, NotFound
from zerocarbon.contracts.base import instant_text

ONE = "/parked/{consumer}/{topic}/{partition}/{offset}"
MAX_NUMBER = 2**63 - 1

After = Annotated[str | None, Query(max_length=2000, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000)]
Partition = Annotated[int, Path(ge=0, le=2**31 - 1)]
Offset = Annotated[int, Path(ge=0, le=MAX_NUMBER)]


def router(context: ServiceContext, consumers: Sequence[ConsumerSpec]) -> APIRouter:
    """`/<service>/v1/parked` over the consumers of one service."""
    processors = {spec.name: spec.processor for spec in consumers}
    routes = APIRouter(
        prefix=f"/{context.name}/v1",
        tags=["parked events"],
        dependencies=[Depends(installation_admin(context.name))],
    )

    @routes.get("/parked")
    async def list_parked(after: After = None, limit: Limit = 100, replayed: bool = False) -> dict[str, Any]:
        """Parked records with the reason of each, by consumer and place; those replayed too, if asked for."""
        begin = _decoded(after)
        async with context.database.worker() as session:
            found = await listed(session.connection, begin, limit + 1, replayed=replayed)
        page = found[:limit]
        following = _encoded(page[-1]) if len(found) > limit else None
        return {"parked": [_described(one) for one in page], "next": following}

    @routes.get(ONE)
    async def get_parked(consumer: str, topic: str, partition: Partition, offset: Offset) -> dict[str, Any]:
        """One parked record with its attributes, and its bytes in base64 while they are kept."""
        one = await _one(context, consumer, Place(topic, partition, offset))
        value = base64.b64encode(one.record.value).decode("ascii") if one.bytes_kept else None
        return {
            **_described(one),
            "attributes": {_shown(k): _shown(v) for k, v in one.record.attributes.items()},
            "value_base64": value,
        }

    @routes.post(f"{ONE}/replay")
    async def replay_parked_record(
        consumer: str, topic: str, partition: Partition, offset: Offset
    ) -> dict[str, Any]:
        """Brings one parked record in after all; 409 with the reason if it is still not usable."""
        place = Place(topic, partition, offset)
        one = await _one(context, consumer, place)
        if consumer not in processors:
            raise Conflict("no-consumer", f"no consumer {consumer} runs here any more")
        if not one.bytes_kept:
            raise Conflict("bytes-forgotten", "the bytes of this record are no longer kept")
        try:
            count = await replay_parked(context.database, consumer, processors[consumer], [place])
        except (StillRejected, *ABOUT_DATA) as refused:
            raise Conflict("still-rejected", str(refused)) from refused
        return {**_described(await _one(context, consumer, place)), "replayed_now": bool(count)}

    return routes


async def _one(context: ServiceContext, consumer: str, place: Place) -> ParkedEvent:
    async with context.database.worker() as session:
        found = await Parked(consumer).find(session.connection, place)
    if found is None:
        raise NotFound("parked record", f"{consumer} {place.topic}/{place.partition}/{place.offset}")
    return found


def _described(one: ParkedEvent) -> dict[str, Any]:
    record = one.record
    return {
        "consumer": one.consumer,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "event_id": _shown(record.event_id),
        "type": _shown(record.type),
        "key": record.key,
        "size": one.size,
        "reason": one.reason,
        "parked_at": instant_text(one.parked_at),
        "replayed_at": instant_text(one.replayed_at) if one.replayed_at is not None else None,
        "bytes_kept": one.bytes_kept,
    }


def _shown(text: str | None) -> Any:
    """What strangers wrote need not be UTF-8; an answer has to be."""
    return None if text is None else text.encode(errors="surrogateescape").decode(errors="replace")


def _encoded(last: ParkedEvent) -> str:
    parts = [last.consumer, last.record.topic, last.record.partition, last.record.offset]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode("ascii").rstrip("=")


def _decoded(after: str | None) -> tuple[str, Place] | None:
    if after is None:
        return None
    unknown = RequestValidationError(
        [{"type": "cursor", "loc": ("query", "after"), "msg": "not a cursor of this list", "input": after}]
    )
    try:
        parts = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, binascii.Error):
        raise unknown from None
    match parts:
        case [str(consumer), str(topic), int(partition), int(offset)] if (
            0 <= partition < 2**31 and 0 <= offset <= MAX_NUMBER and "\x00" not in consumer + topic
        ):
            return consumer, Place(topic, partition, offset)
    raise unknown
