"""The passwords of a service's roles in an embedded installation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from zerocarbon.common.postgres.roles import RoleNames
from zerocarbon.common.postgres.scram import verifier
from zerocarbon.common.postgres.secret_file import new_secret, read_secret, write_secret
from zerocarbon.common.postgres.urls import Urls, socket_url


@dataclass(frozen=True, slots=True, repr=False)
class RolePasswords:
    """Random, one for each role, kept in one file of mode 0600 for each service."""

    roles: RoleNames
    by_role: dict[str, str]

    @classmethod
    def of(cls, directory: Path, service: str) -> RolePasswords:
        """The kept passwords, made on first use."""
        roles = RoleNames.of(service)
        directory.mkdir(mode=0o700, exist_ok=True)
        path = directory / f"{service}.json"
        if not path.exists():
            write_secret(path, json.dumps({role: new_secret() for role in roles.all()}, indent=2) + "\n")
        return cls.kept(directory, service)

    @classmethod
    def kept(cls, directory: Path, service: str) -> RolePasswords:
        """The kept passwords.

        Raises:
            FileNotFoundError: the service has none here.
        """
        roles = RoleNames.of(service)
        kept = json.loads(read_secret(directory / f"{service}.json"))
        return cls(roles, {role: str(kept[role]) for role in roles.all()})

    def verifiers(self) -> dict[str, str]:
        """What the server needs to know of them."""
        return {role: verifier(password) for role, password in self.by_role.items()}

    def urls(self, socket_directory: Path, database: str) -> Urls:
        """How the roles reach a database."""

        def url(role: str) -> str:
            return socket_url(socket_directory, role, self.by_role[role], database)

        return Urls(url(self.roles.owner), url(self.roles.request), url(self.roles.worker))
