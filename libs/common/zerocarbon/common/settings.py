"""Settings of a service, from `ZEROCARBON_*` and the two addresses that everybody names alike."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from zerocarbon.common.telemetry.redaction import redacted

PREFIX = "ZEROCARBON_"
_BROKER = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class SettingsRefused(Exception):
    """Settings with which nothing can start; each line names a variable, its value and what is expected."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def _split(address: str) -> SplitResult:
    parts = urlsplit(address)
    parts.port  # noqa: B018 - raises ValueError where it is no number of a port
    return parts


def _postgres(address: str) -> str:
    parts = _split(address)
    if parts.scheme not in ("postgresql", "postgres") or parts.path in ("", "/"):
        raise ValueError("expected postgresql://USER@HOST:PORT/DATABASE")
    return address


def _brokers(addresses: str) -> str:
    for address in addresses.split(","):
        found = _BROKER.fullmatch(address.strip())
        if found is None or not 0 < int(found[2]) <= 65535:
            raise ValueError("expected HOST:PORT, several separated by commas")
    return addresses


def _https(address: str) -> str:
    parts = _split(address)
    if parts.hostname and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    ):
        return address
    # Keys that anybody on the way could exchange would let anybody in.
    raise ValueError("expected https://…, or http:// on this machine")


def _readable(path: Path) -> Path:
    if not path.is_file() or not os.access(path, os.R_OK):
        raise ValueError("expected a file that this user can read")
    return path


def _directory(path: Path) -> Path:
    nearest = next(parent for parent in (path.absolute(), *path.absolute().parents) if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise ValueError(f"expected a directory that this user can write to or make; {nearest} is not")
    return path


Port = Annotated[int, Field(ge=0, le=65535)]
Named = Annotated[str, Field(min_length=1)]
Https = Annotated[str, AfterValidator(_https)]


class Settings(BaseSettings):
    """What an installation decides. A wrong value stops the start and names the variable (`load`)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    database_url: Annotated[str, AfterValidator(_postgres)] | None = Field(
        default=None, validation_alias="DATABASE_URL"
    )
    database_password_file: Annotated[Path, AfterValidator(_readable)] | None = None
    kafka_bootstrap_servers: Annotated[str, AfterValidator(_brokers)] | None = Field(
        default=None, validation_alias="KAFKA_BOOTSTRAP_SERVERS"
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"] | None = None
    kafka_sasl_username: Named | None = None
    kafka_sasl_password_file: Annotated[Path, AfterValidator(_readable)] | None = None
    kafka_ssl_ca_file: Annotated[Path, AfterValidator(_readable)] | None = None
    data_directory: Annotated[Path, AfterValidator(_directory)] = Path("var")
    host: Named = "127.0.0.1"
    port: Port = 8080
    grpc_port: Port = 8081
    admin_key_file: Path | None = None
    topic_partitions: int = Field(default=48, ge=1, le=10_000)
    topic_replication: int = Field(default=1, ge=1, le=9)
    business_clock_settable: bool = False
    body_limit_bytes: int = Field(default=64 * 1024 * 1024, ge=1024)
    oidc_issuer: Https | None = None
    oidc_audience: Named = "zerocarbon"
    oidc_jwks_url: Https | None = None
    log_json: bool = True

    @model_validator(mode="after")
    def _together(self) -> Settings:
        if self.database_url is not None and self.kafka_bootstrap_servers is None:
            raise ValueError(
                "KAFKA_BOOTSTRAP_SERVERS is not set: expected HOST:PORT, because DATABASE_URL is set:"
                " services with databases of their own tell each other things over Kafka. Set neither for the"
                " embedded default"
            )
        if self.database_password_file is not None and self.database_url is None:
            raise ValueError("DATABASE_URL is not set: expected beside ZEROCARBON_DATABASE_PASSWORD_FILE")
        sasl = (self.kafka_sasl_mechanism, self.kafka_sasl_username, self.kafka_sasl_password_file)
        if self.kafka_security_protocol.startswith("SASL") != all(part is not None for part in sasl):
            raise ValueError(
                f"ZEROCARBON_KAFKA_SECURITY_PROTOCOL={self.kafka_security_protocol}: expected"
                " ZEROCARBON_KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD_FILE with SASL, and none without"
            )
        if (self.oidc_issuer is None) != (self.oidc_jwks_url is None):
            missing = "ISSUER" if self.oidc_issuer is None else "JWKS_URL"
            raise ValueError(
                f"ZEROCARBON_OIDC_{missing} is not set: expected https://…, because tokens are accepted with"
                " ZEROCARBON_OIDC_ISSUER and ZEROCARBON_OIDC_JWKS_URL together or not at all"
            )
        if self.port == self.grpc_port != 0:
            raise ValueError(
                f"ZEROCARBON_GRPC_PORT={self.grpc_port}: expected another port than ZEROCARBON_PORT"
            )
        return self


def load() -> Settings:
    """The settings of this process.

    Raises:
        SettingsRefused: a variable is wrong, missing beside another, or misspelt. All are named at once.
    """
    given = os.environ
    lines = [_misspelt(name, meant) for name, meant in _misspellings(given)]
    try:
        settings = Settings()
    except ValidationError as wrong:
        lines += [_line(item, given) for item in wrong.errors(include_url=False)]
        raise SettingsRefused(lines) from None
    if lines:
        raise SettingsRefused(lines)
    return settings


def _variables() -> dict[str, str]:
    """The variable of each field."""
    return {
        name: str(field.validation_alias or PREFIX + name.upper())
        for name, field in Settings.model_fields.items()
    }


def _misspellings(given: Mapping[str, str]) -> list[tuple[str, str]]:
    # Only what is close to a setting: an orchestrator adds variables of its own under any prefix.
    known = [name for name in _variables().values() if name.startswith(PREFIX)]
    others = (name for name in given if name.startswith(PREFIX) and name not in known)
    close = ((name, get_close_matches(name, known, 1, cutoff=0.9)) for name in sorted(others))
    return [(name, found[0]) for name, found in close if found]


def _misspelt(name: str, meant: str) -> str:
    return f"{name} is no setting: expected {meant}?"


def _line(item: Mapping[str, Any], given: Mapping[str, str]) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    if not item["loc"]:
        return message
    field = str(item["loc"][0])
    variable = _variables().get(field, field)
    # A password in an address does not reach the terminal, nor the log of whoever started us.
    value = redacted(given.get(variable, ""))
    expected = message if message.startswith("expected") else f"expected: {message}"
    return f"{variable}={value}: {expected}"
