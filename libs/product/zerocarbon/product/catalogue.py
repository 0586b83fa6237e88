"""The four services. The only place that knows them all."""

from __future__ import annotations

from zerocarbon.accounting.definition import definition as accounting
from zerocarbon.certificates.definition import definition as certificates
from zerocarbon.common.composition import ServiceDefinition
from zerocarbon.contracts.activity import ACTIVITY
from zerocarbon.contracts.alert import ALERT
from zerocarbon.contracts.certificate import CERTIFICATE
from zerocarbon.contracts.declaration import DECLARATION
from zerocarbon.contracts.inventory import INVENTORY, INVENTORY_LATEST
from zerocarbon.contracts.reference import REFERENCE
from zerocarbon.contracts.registry_inbound import REGISTRY_INBOUND
from zerocarbon.declaration.definition import definition as declaration
from zerocarbon.ingest.definition import definition as ingest

SERVICES: dict[str, ServiceDefinition] = {
    definition.name: definition for definition in (ingest, accounting, certificates, declaration)
}

PRODUCERS: dict[str, str] = {
    REFERENCE: "ingest",
    ACTIVITY: "ingest",
    ALERT: "ingest",
    INVENTORY: "accounting",
    INVENTORY_LATEST: "accounting",
    CERTIFICATE: "certificates",
    REGISTRY_INBOUND: "certificates",
    DECLARATION: "declaration",
}
"""Which service's store holds a topic's events, where there is no broker."""
