"""A registry in the demo: sends numbered notices, signed as Standard Webhooks; confirms retirements."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook

from zerocarbon.common.ids import new_id
from zerocarbon.contracts.certificate import Project
from zerocarbon.contracts.registry_inbound import RegistryNotice
from zerocarbon.product.demo.client import Api, DemoStopped
from zerocarbon.product.demo.progress import Done


class RegistryDesk:
    """One registry. Its notices are numbered without a gap; the secret was shown once, to us."""

    def __init__(self, admin: Api, address: str, registry: str) -> None:
        self.registry = registry
        self._url = f"{address}/certificates/v1/registries/{registry}/notices"
        made = admin.post(f"/certificates/v1/registries/{registry}/secrets", {})
        self._signer = Webhook(made["secret"])
        self._sequence = 0

    def issue(self, holder: str, block: dict[str, Any], project: Project) -> None:
        """Issues a block of units to a holder."""
        self._send(
            RegistryNotice(
                kind="issued",
                registry=self.registry,
                sequence=self._next(),
                holder_organisation_id=holder,
                project=project,
                reference=f"{self.registry}-issue-{self._sequence}",
                **block,
            )
        )

    def confirm(self, request: dict[str, Any], on: str, confirmed: Done) -> None:
        """Confirms the retirement of every range of a request; all are this registry's."""
        for unit in request["ranges"]:
            self._send(
                RegistryNotice(
                    kind="retired",
                    registry=self.registry,
                    sequence=self._next(),
                    scheme=unit["scheme"],
                    serial=unit["serial"],
                    low=unit["low"],
                    high=unit["high"],
                    unit=request["unit"],
                    on=datetime.fromisoformat(on).date(),
                    reference=f"{self.registry}-retirement-{self._sequence}",
                    correlation_id=request["correlation_id"],
                )
            )
            confirmed(unit["high"] - unit["low"])

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    def _send(self, notice: RegistryNotice) -> None:
        body = notice.data()
        message, now = f"msg_{new_id()}", datetime.now(UTC)
        answer = httpx.post(
            self._url,
            content=body,
            headers={
                "content-type": "application/json",
                "webhook-id": message,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": self._signer.sign(message, now, body.decode()),
            },
            timeout=60,
        )
        if not answer.is_success:
            raise DemoStopped(
                f"the notice of {self.registry} was answered {answer.status_code}: {answer.text}"
            )
