"""How a service reaches its database as which role."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from zerocarbon.common.postgres.roles import RoleNames


@dataclass(frozen=True, slots=True, repr=False)
class Urls:
    """One service's database by role.

    Attributes:
        owner: for migrations.
        request: under row-level security.
        worker: for COPY, relay, folds and group commits.
        bootstrap: a login that may create the three roles; None where they are there already.
    """

    owner: str
    request: str
    worker: str
    bootstrap: str | None = None

    def __repr__(self) -> str:
        return "Urls(…)"  # They carry passwords, and a repr ends in logs and tracebacks.


def socket_url(socket_directory: Path, user: str, password: str, database: str) -> str:
    """A URL over a unix socket, for asyncpg and libpq alike."""
    where = urlencode({"host": str(socket_directory), "port": "5432"})
    return f"postgresql://{quote(user)}:{quote(password, safe='')}@/{quote(database)}?{where}"


def urls_from_database_url(url: str, service: str) -> Urls:
    """The roles of a service where only one login is given (`DATABASE_URL`).

    Connections log in with it and run as the role from their first statement on. The migration makes the
    roles (NOLOGIN) and grants them to the login. This holds a faulty query, not an attacker who can send
    SQL of his own: he could go back to the login's role.

    Raises:
        ValueError: not a PostgreSQL URL.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("DATABASE_URL must begin with postgresql://")
    roles = RoleNames.of(service)
    return Urls(
        owner=with_role(url, roles.owner),
        request=with_role(url, roles.request),
        worker=with_role(url, roles.worker),
        bootstrap=url,
    )


def with_role(url: str, role: str) -> str:
    """The URL whose sessions run as `role`."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    options = [value for name, value in query if name == "options"]
    rest = [(name, value) for name, value in query if name != "options"]
    rest.append(("options", " ".join([*options, f"-c role={role}"])))
    return urlunsplit(parts._replace(query=urlencode(rest, quote_via=quote)))


def with_database(url: str, database: str) -> str:
    """The URL of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database)}"))
