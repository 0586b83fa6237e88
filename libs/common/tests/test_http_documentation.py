"""`/docs` without a network: everything that a browser needs for it is served by the installation."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx
import pytest_asyncio
from fastapi import APIRouter

from zerocarbon.common.http.app import create_app

LARGEST = 1024
OPENAPI_3_1 = (5, 0)
"""The first Swagger UI that reads OpenAPI 3.1."""


class _Addresses(HTMLParser):
    """Whatever a page has fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("src", "href") and value is not None]


def fetched(page: str) -> list[str]:
    reader = _Addresses()
    reader.feed(page)
    return reader.found


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    routes = APIRouter(prefix="/ingest/v1")

    @routes.get("/trial")
    async def trial() -> None:
        """Does nothing, to be shown."""

    transport = httpx.ASGITransport(app=create_app([], [routes], [], LARGEST))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


async def test_the_page_names_no_other_host_and_all_that_it_names_is_there(http: httpx.AsyncClient) -> None:
    page = await http.get("/docs")
    assert page.status_code == 200
    assert "//" not in re.sub(r"(?m)^\s*//.*$|<!--.*?-->", "", page.text), "an address with a host"
    named = fetched(page.text)
    kinds = {}
    for address in named:
        answer = await http.get(address)
        assert (answer.status_code, bool(answer.content)) == (200, True), address
        kinds[address.rpartition(".")[2]] = answer.headers["content-type"].partition(";")[0]
    assert kinds == {"js": "text/javascript", "css": "text/css", "png": "image/png"}
    (description,) = re.findall(r"url: '([^']*)'", page.text)
    assert (await http.get(description)).json()["openapi"].startswith("3.1.")


async def test_the_browser_is_told_to_fetch_nothing_elsewhere(http: httpx.AsyncClient) -> None:
    policy = (await http.get("/docs")).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    allowed = {source for sources in rules.values() for source in sources.split()}
    assert allowed == {"'none'", "'self'", "'unsafe-inline'", "data:"}


async def test_what_draws_the_page_reads_the_document_of_today(http: httpx.AsyncClient) -> None:
    (bundle,) = [address for address in fetched((await http.get("/docs")).text) if address.endswith(".js")]
    found = re.search(r'PACKAGE_VERSION:"(\d+)\.(\d+)', (await http.get(bundle)).text)
    assert found is not None
    assert (int(found[1]), int(found[2])) >= OPENAPI_3_1


async def test_the_root_leads_to_the_page(http: httpx.AsyncClient) -> None:
    answer = await http.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


async def test_there_is_nothing_else_beside_it(http: httpx.AsyncClient) -> None:
    for path in (
        "/docs/assets/nothing.js",
        "/docs/assets/../core.py",
        "/docs/assets/%2e%2e/core.py",
        "/redoc",
    ):
        answer = await http.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
    paths = (await http.get("/openapi.json")).json()["paths"]
    assert list(paths) == ["/ingest/v1/trial"]
