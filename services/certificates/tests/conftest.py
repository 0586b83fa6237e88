"""A block of each kind, and `given` events as the state they lead to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
import pytest_asyncio

from zerocarbon.certificates.domain.block import Block, evolve
from zerocarbon.certificates.domain.choice import Chosen
from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.reserve import Beneficiary, ReserveUnits
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.service.order import Order
from zerocarbon.certificates.service.registry.notices import Notices, Taken
from zerocarbon.certificates.store import factories
from zerocarbon.common.business_clock import LiveBusinessClock
from zerocarbon.common.clock import FixedClock
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import Call, Commands, UseCase
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.ids import natural_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import BlockIssued, Project
from zerocarbon.contracts.reference import FactoryRegistered
from zerocarbon.contracts.registry_inbound import RegistryNotice

OWNER = natural_id("organisation", "owner")
OTHER = natural_id("organisation", "other")
FACTORY = natural_id("factory", "cell-works")
BLOCK = natural_id("block", "of-the-tests")

Given = Callable[[Sequence[Event]], Block]
Issued = Callable[..., BlockIssued]
Reserve = Callable[..., ReserveUnits]


@pytest.fixture
def given() -> Given:
    """The block after events."""

    def fold(events: Sequence[Event]) -> Block:
        state: Block | None = None
        for event in events:
            state = evolve(state, event)
        assert state is not None
        return state

    return fold


@pytest.fixture
def gec() -> Issued:
    """A GEC block of 1,000 MWh of January 2024."""
    return _issued(
        scheme="GEC",
        registry="cn-gec",
        unit="MWh",
        project=Project(
            code="wind-01",
            name="Wind farm one",
            technology="onshore-wind",
            country="CN",
            location="Gansu",
            subsidised=False,
        ),
        vintage_start=date(2024, 1, 1),
        vintage_end=date(2024, 2, 1),
        issued_on=date(2024, 2, 20),
    )


@pytest.fixture
def ccer() -> Issued:
    """A CCER block of 1,000 t of 2021 to 2023."""
    return _issued(
        scheme="CCER",
        registry="cn-ccer",
        unit="tCO2e",
        project=Project(
            code="offshore-01",
            name="Offshore wind one",
            technology="offshore-wind",
            country="CN",
            location="Jiangsu, at sea",
            kind="reduction",
        ),
        vintage_start=date(2021, 1, 1),
        vintage_end=date(2024, 1, 1),
        issued_on=date(2025, 3, 7),
    )


@pytest.fixture
def reserve() -> Reserve:
    """Reserves units of January to December 2024 on 15 June 2025 for the factory of the tests."""

    def command(low: int = 0, high: int = 100, purpose: str = "scope2-claim", **more: Any) -> ReserveUnits:
        request = more.pop("request", "first")
        period = more.pop("period", (date(2024, 1, 1), date(2025, 1, 1)))
        country = more.pop("country", "CN")
        values: dict[str, Any] = {
            "range": SerialRange(low, high),
            "organisation_id": OWNER,
            "reservation_id": natural_id("reservation", request, str(low)),
            "correlation_id": natural_id("request", request),
            "claim": Claim(FACTORY, purpose, *period),  # type: ignore[arg-type]
            "beneficiary": Beneficiary(FACTORY, country),
            "expires_at": datetime(2025, 6, 29, tzinfo=UTC),
            "today": date(2025, 6, 15),
        }
        return ReserveUnits(**{**values, **more})

    return command


def _issued(**facts: Any) -> Issued:
    def event(**changes: Any) -> BlockIssued:
        base = {"block_id": BLOCK, "organisation_id": OWNER, "serial": "A", "low": 0, "high": 1000}
        return BlockIssued.model_validate({**base, **facts, **changes})

    return event


class Registry:
    """A registry in a test: numbers its notices and hands them over."""

    def __init__(self, notices: Notices, name: str) -> None:
        self._notices = notices
        self.name = name
        self.sequence = 0

    def notice(self, kind: str, low: int, high: int, **more: Any) -> RegistryNotice:
        """The next notice, not handed over."""
        self.sequence += 1
        base = {
            "registry": self.name,
            "sequence": self.sequence,
            "kind": kind,
            "scheme": {"cn-gec": "GEC", "evident": "IREC_CN", "cn-ccer": "CCER"}[self.name],
            "serial": "A",
            "low": low,
            "high": high,
            "unit": "tCO2e" if self.name == "cn-ccer" else "MWh",
            "on": date(2025, 6, 16),
            "reference": f"R-{self.sequence}",
        }
        return RegistryNotice.model_validate({**base, **more})

    def issue_notice(self, event: BlockIssued, **more: Any) -> RegistryNotice:
        """A notice that confirms a block."""
        facts: dict[str, Any] = {
            "scheme": event.scheme,
            "holder_organisation_id": event.organisation_id,
            "project": event.project,
            "vintage_start": event.vintage_start,
            "vintage_end": event.vintage_end,
            "on": event.issued_on,
            "serial": event.serial,
            "unit": event.unit,
        }
        return self.notice("issued", event.low, event.high, **{**facts, **more})

    async def issue(self, event: BlockIssued, **more: Any) -> Taken:
        """Confirms a block."""
        return await self._notices.take(self.issue_notice(event, **more))

    async def tell(self, kind: str, low: int, high: int, **more: Any) -> Taken:
        """Hands the next notice over."""
        return await self._notices.take(self.notice(kind, low, high, **more))


class Installation:
    """Certificates over a real database, with a factory of the owner."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database = database
        self.clock = clock
        self.store = EventStore()
        self.business_clock = LiveBusinessClock(clock)
        self.notices = Notices(database, self.store, self.business_clock)
        self.commands = Commands(database, self.store, self.business_clock, clock, Notifier(database))
        self.block_id = natural_id("block", "cn-gec", "A", "0")

    def registry(self, name: str = "cn-gec") -> Registry:
        """A registry that starts to tell."""
        return Registry(self.notices, name)

    async def run(self, use_case: UseCase, **call: Any) -> Answer:
        """A command of the owner."""
        values = {"action": "test", "principal": Principal(OWNER), "organisation_id": OWNER, **call}
        return await self.commands.run(Call(**values), use_case)

    async def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """What the tables hold."""
        async with self.database.reader() as session:
            return [dict(row) for row in await session.connection.fetch(query, *values)]

    async def tiles(self, block_id: str | None = None) -> list[tuple[int, int, str]]:
        """The tiles of a block in order."""
        rows = await self.rows(
            "SELECT low, high, state FROM holding WHERE block_id = $1 ORDER BY low",
            block_id or self.block_id,
        )
        return [(row["low"], row["high"], row["state"]) for row in rows]

    async def events(self, kind: type[Event]) -> list[Any]:
        """The events of a type, in their order."""
        rows = await self.rows("SELECT data FROM event WHERE type = $1 ORDER BY position", kind.TYPE)
        return [kind.model_validate_json(row["data"]) for row in rows]


def order(request: str, low: int = 0, high: int = 100, **more: Any) -> Order:
    """Units of the block of the tests for the factory of the tests, for 2024."""
    values: dict[str, Any] = {
        "correlation_id": natural_id("request", request),
        "organisation_id": OWNER,
        "claim": Claim(FACTORY, "scope2-claim", date(2024, 1, 1), date(2025, 1, 1)),
        "unit": "MWh",
        "quantity": high - low,
        "expires_at": datetime(2025, 7, 1, tzinfo=UTC),
        "ranges": (Chosen(natural_id("block", "cn-gec", "A", "0"), SerialRange(low, high)),),
    }
    return Order(**{**values, **more})


@pytest.fixture
def make_order() -> Callable[..., Order]:
    """Makes orders of the owner."""
    return order


@pytest_asyncio.fixture
async def installation(service_database: MakeDatabase) -> Installation:
    """On 15 June 2025."""
    database = await service_database("certificates")
    installation = Installation(database, FixedClock(datetime(2025, 6, 15, 8, tzinfo=UTC)))
    factory = FactoryRegistered(
        factory_id=FACTORY,
        organisation_id=OWNER,
        owned_from=date(2020, 1, 1),
        code="cell-works",
        name_en="Cell works",
        name_zh="电池厂",
        time_zone="Asia/Shanghai",
        country="CN",
        grid_region="CN-JS",
        state="operating",
        industry="photovoltaic",
        products=["photovoltaic-cell"],
    )
    async with database.worker() as session:
        await factories.record(session.connection, factory)
    return installation
