"""Persons who sign and approve, kept apart from what they signed."""

from __future__ import annotations

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import NotFound, refuse
from zerocarbon.declaration.service.forms import PersonForm
from zerocarbon.declaration.store import persons
from zerocarbon.declaration.store.persons import Person


def add(form: PersonForm) -> UseCase:
    """Keeps a person; the answer carries the reference only, so that no kept answer holds the data."""

    async def use_case(work: UnitOfWork) -> Answer:
        return Answer(201, {"person_id": await keep(work, form)})

    return use_case


def erase(person_id: str) -> UseCase:
    """Erases a person's data; what they signed stays valid."""

    async def use_case(work: UnitOfWork) -> Answer:
        await persons.erase(work.connection, work.organisation_id, person_id, work.now)
        return Answer(200, {"person_id": person_id, "erased": True})

    return use_case


async def keep(work: UnitOfWork, form: PersonForm) -> str:
    """Keeps a person in the command's transaction; gives the reference."""
    person = Person(new_id(), form.name, form.title, form.contact, form.published)
    await persons.add(work.connection, work.organisation_id, person)
    return person.person_id


async def demand(connection: Connection, organisation_id: str, person_id: str, pointer: str) -> None:
    """Makes sure that whoever is named exists.

    Raises:
        Refused: nobody of the organisation has this reference.
    """
    try:
        await persons.demand(connection, organisation_id, person_id)
    except NotFound as missing:
        raise refuse("R194", f"{missing}; register the person first", pointer) from missing
