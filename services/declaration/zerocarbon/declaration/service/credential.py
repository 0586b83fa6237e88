"""A statement as a signed credential: W3C Verifiable Credentials 2.0, secured with JOSE.

The payload is the credential itself (VC-JOSE-COSE, `vc+jwt`); the file is an `EnvelopedVerifiableCredential`,
which is JSON and carries the compact JWS in its id.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey

from zerocarbon.contracts.base import instant_text
from zerocarbon.contracts.declaration import StatementIssued
from zerocarbon.declaration.service.signing import SigningKey
from zerocarbon.proof.canonical import canonical_bytes

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/ns/credentials/undefined-terms/v2",
]
ALGORITHM = "Ed25519"
"""RFC 9864: the name says the curve, which `EdDSA` does not."""


def credential_of(issued: StatementIssued, snapshot: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The credential: the published snapshot about the factory, with the root of its evidence."""
    return {
        "@context": CONTEXTS,
        "id": f"urn:zerocarbon:statement:{issued.statement_id}:{issued.version}",
        "type": ["VerifiableCredential", "CarbonNeutralityStatement"],
        "issuer": {
            "id": f"urn:zerocarbon:organisation:{issued.organisation_id}",
            "name": snapshot["organisation"],
        },
        "validFrom": instant_text(at),
        "credentialSubject": {"id": f"urn:zerocarbon:factory:{issued.factory_id}", **snapshot},
        "evidence": [
            {
                "id": f"urn:zerocarbon:evidence:sha256:{issued.bundle_root}",
                "type": "EvidenceBundle",
                "factsRoot": issued.bundle_root,
            }
        ],
    }


def sign(credential: dict[str, Any], key: SigningKey) -> str:
    """The compact JWS of a credential. Ed25519 is deterministic: same credential and key, same text."""
    header = {"alg": ALGORITHM, "typ": "vc+jwt", "cty": "vc", "kid": key.kid}
    private = OKPKey.import_key(key.private_pem())
    return jws.serialize_compact(header, canonical_bytes(credential), private, algorithms=[ALGORITHM])


def enveloped(signed: str) -> dict[str, Any]:
    """The JSON file around a compact JWS."""
    return {
        "@context": CONTEXTS[0],
        "id": f"data:application/vc+jwt,{signed}",
        "type": "EnvelopedVerifiableCredential",
    }
