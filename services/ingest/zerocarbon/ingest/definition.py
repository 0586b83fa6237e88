"""The parts of `ingest`. It consumes nothing: it is where facts come in."""

from __future__ import annotations

from zerocarbon.common.composition import ServiceDefinition
from zerocarbon.ingest.api import activities, factories, organisations, uploads

definition = ServiceDefinition(
    name="ingest",
    migrations="zerocarbon.ingest.migrations",
    routers=(organisations.router, factories.router, activities.router, uploads.router),
)
