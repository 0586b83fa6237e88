"""Units that an organisation types in: shown to it, usable for nothing, until a registry confirms them."""

from __future__ import annotations

from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.certificates.store import provisional
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import refuse
from zerocarbon.contracts.certificate import BlockEntered


def enter_block(scheme_code: str, serial: str, low: int, high: int) -> UseCase:
    """Enters a block. Whether somebody else holds the units is not told: the answer is the same."""

    async def use_case(work: UnitOfWork) -> Answer:
        scheme = schemes().get(scheme_code)
        if scheme is None:
            raise refuse("R188", f"{scheme_code} is not a scheme that is known here", "/scheme")
        block_id = natural_id(
            "provisional-block", work.organisation_id, scheme.registry, serial, str(low), str(high)
        )
        stream = f"provisional-block/{block_id}"
        version = (await work.versions([stream]))[stream]
        fact = BlockEntered(
            block_id=block_id,
            organisation_id=work.organisation_id,
            scheme=scheme.code,
            registry=scheme.registry,
            serial=serial,
            low=low,
            high=high,
            unit=scheme.unit,
        )
        body = {**fact.model_dump(mode="json"), "status": "provisional"}
        if version:
            return Answer(200, body, version)
        version = await work.append(stream, 0, [fact])
        await provisional.add(work.connection, fact, "provisional", work.now)
        return Answer(201, body, version)

    return use_case
