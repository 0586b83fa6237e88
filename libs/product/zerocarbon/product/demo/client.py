"""Calls the services' public APIs, as any program would."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

SERVICES = ("ingest", "accounting", "certificates", "declaration")
PATIENCE_SECONDS = 60.0
SHORTEST_PAUSE_SECONDS = 0.05


class DemoStopped(Exception):
    """The demo cannot go on; the text says what was asked and what the service answered."""


class NotArrived(DemoStopped):
    """What was waited for did not come; `last` is the last answer's body where there was one."""

    def __init__(self, text: str, last: dict[str, Any] | None) -> None:
        super().__init__(text)
        self.last = last


class Api:
    """One caller of the services with one key, at the facts of one organisation: its own, or one that
    granted it access. Addresses are by service: each may run alone.
    """

    def __init__(self, addresses: Mapping[str, str], key: str, organisation_id: str) -> None:
        self._addresses = addresses
        self.organisation_id = organisation_id
        self._http = httpx.Client(
            headers={"Authorization": f"Bearer {key}"}, timeout=httpx.Timeout(120, connect=10)
        )

    def close(self) -> None:
        """Frees the connections."""
        self._http.close()

    def base(self, service: str) -> str:
        """Where a service keeps what belongs to the organisation."""
        return f"/{service}/v1/organisations/{self.organisation_id}"

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """The bare answer. The service is the path's first part."""
        service = path.split("/", 2)[1]
        return self._http.request(method, self._addresses[service] + path, **request)

    def call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """The answer's body.

        Raises:
            DemoStopped: the service refused or failed.
        """
        answer = self.send(method, path, **request)
        if answer.is_success:
            body: dict[str, Any] = answer.json()
            return body
        raise DemoStopped(f"{method} {path} was answered {answer.status_code}: {_said(answer)}")

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """Reads."""
        return self.call("GET", path, params=params or None)

    def post(self, path: str, body: object) -> dict[str, Any]:
        """Commands."""
        return self.call("POST", path, json=body)

    def put(self, path: str, body: object) -> dict[str, Any]:
        """Commands with an id of our choice."""
        return self.call("PUT", path, json=body)

    def fetch(self, path: str) -> bytes:
        """A document's bytes.

        Raises:
            DemoStopped: the service refused or failed.
        """
        answer = self.send("GET", path)
        if not answer.is_success:
            raise DemoStopped(f"GET {path} was answered {answer.status_code}: {_said(answer)}")
        return answer.content

    def when(self, path: str, arrived: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Waits until a fact that travels between services has arrived.

        Raises:
            NotArrived: not within a minute.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            asked = time.monotonic()
            answer = self.send("GET", path)
            # Right after a start a key may not have travelled yet: not known is not yet refused.
            if answer.is_success and arrived(answer.json()):
                found: dict[str, Any] = answer.json()
                return found
            if time.monotonic() > deadline:
                if answer.is_success:
                    raise NotArrived(f"{what} did not arrive in {PATIENCE_SECONDS:g} s", answer.json())
                raise NotArrived(f"{what} did not arrive: {answer.status_code} {_said(answer)}", None)
            # As long again as the answer took: whoever waits should not keep the services from working.
            time.sleep(max(SHORTEST_PAUSE_SECONDS, time.monotonic() - asked))


def _said(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return answer.text[:400]
    lines = [str(body.get("detail", body))[:2000]]
    lines += [
        f"  {_place(error)}{error.get('rule')}: {error.get('message')}"
        for error in body.get("errors", [])[:20]
    ]
    return "\n".join(lines)


def _place(error: Mapping[str, Any]) -> str:
    if error.get("pointer"):
        return f"{error['pointer']} "
    return f"row {error['row']} " if error.get("row") else ""
