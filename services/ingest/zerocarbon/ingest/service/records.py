"""Activity records: what has no meter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.store import VersionConflict
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Refused
from zerocarbon.ingest.domain import factory, record
from zerocarbon.ingest.domain.record import Record
from zerocarbon.ingest.service.refused import refused
from zerocarbon.ingest.store import records as store


def record_activities(factory_id: str, records: Sequence[Record], *, partial: bool) -> UseCase:
    """Records activities of one factory, all or nothing; with `partial`, all that may enter."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await work.load(factory.stream(factory_id), factory.decider)
        zone = factory.zone_of(loaded.state, factory_id)
        codes = [one.code for one in records]
        known = await store.known(work.connection, work.organisation_id, factory_id, codes)
        names = {source.source_id: code for code, source in loaded.state.sources.items()}
        pairs = frozenset((names[source_id], code) for source_id, code in known)
        facts, found = record.admit(records, loaded.state.sources, pairs, zone, work.now)
        if found and not (partial and facts):
            raise Refused(found)
        streams = sorted({f"source/{fact.source_id}" for fact in facts})
        versions = await work.versions(streams)
        appends = []
        for stream in streams:
            mine = [fact for fact in facts if f"source/{fact.source_id}" == stream]
            ids = [natural_id("record", fact.source_id, fact.record, "1") for fact in mine]
            appends.append((stream, versions[stream], mine, ids))
        await work.append_many(appends)
        try:
            await store.record(work.connection, work.organisation_id, facts)
        except asyncpg.UniqueViolationError as twin:
            raise VersionConflict(streams) from twin
        body: dict[str, Any] = {"records": len(facts)}
        if partial:
            accepted = [{"source": names[fact.source_id], "record": fact.record} for fact in facts]
            body |= {"accepted": accepted, "refused": refused(found)}
        return Answer(201, body)

    return use_case
