"""Settings of a service, from `ZEROCARBON_*` and the two addresses that everybody names alike."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation decides. A wrong value stops the start and names the variable."""

    model_config = SettingsConfigDict(env_prefix="ZEROCARBON_", extra="ignore")

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    database_password_file: Path | None = None
    kafka_bootstrap_servers: str | None = Field(default=None, validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    data_directory: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    grpc_port: int = Field(default=8081, ge=0, le=65535)
    admin_key_file: Path | None = None
    topic_partitions: int = Field(default=48, ge=1, le=10_000)
    topic_replication: int = Field(default=1, ge=1, le=9)
    business_clock_settable: bool = False
    body_limit_bytes: int = Field(default=64 * 1024 * 1024, ge=1024)
    oidc_issuer: str | None = None
    oidc_audience: str = "zerocarbon"
    oidc_jwks_url: str | None = None
    log_json: bool = True
