"""Persons: the only place of personal data. Events carry the random reference, erasing keeps them valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import NotFound


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs or approves. Erased persons have no name, title or contact."""

    person_id: str
    name: str | None
    title: str | None
    contact: str | None
    published: bool


async def add(connection: Connection, organisation_id: str, person: Person) -> None:
    """Keeps a person."""
    await connection.execute(
        "INSERT INTO person (person_id, organisation_id, name, title, contact, published)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        person.person_id,
        organisation_id,
        person.name,
        person.title,
        person.contact,
        person.published,
    )


async def erase(connection: Connection, organisation_id: str, person_id: str, at: datetime) -> None:
    """Erases what is personal; the reference stays.

    Raises:
        NotFound: the organisation knows no such person.
    """
    tag = await connection.execute(
        "UPDATE person SET name = NULL, title = NULL, contact = NULL, published = false, erased_at = $3"
        " WHERE person_id = $1 AND organisation_id = $2",
        person_id,
        organisation_id,
        at,
    )
    if tag == "UPDATE 0":
        raise NotFound("person", person_id)


async def demand(connection: Connection, organisation_id: str, person_id: str) -> None:
    """Makes sure that a reference leads somewhere.

    Raises:
        NotFound: the organisation knows no such person.
    """
    if not await people(connection, organisation_id, [person_id]):
        raise NotFound("person", person_id)


async def people(
    connection: Connection, organisation_id: str, person_ids: Sequence[str]
) -> dict[str, Person]:
    """Persons by reference."""
    rows = await connection.fetch(
        "SELECT person_id::text, name, title, contact, published FROM person"
        " WHERE organisation_id = $1 AND person_id = ANY ($2::uuid[])",
        organisation_id,
        list(person_ids),
    )
    return {row["person_id"]: Person(**dict(row)) for row in rows}
