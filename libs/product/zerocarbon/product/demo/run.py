"""The demo, chapter by chapter, through the services' public APIs."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from zerocarbon.product.demo import (
    certificate_chapter,
    declaration_chapter,
    inventory_chapter,
    mapping,
    registering,
    sample,
)
from zerocarbon.product.demo.client import SERVICES, Api
from zerocarbon.product.demo.company import (
    CELL_PLANT,
    FACTORIES,
    ORGANISATION,
    ORGANISATION_FORM,
    VERIFIER_FORM,
    VERIFIER_ORGANISATION,
    FactoryStory,
)
from zerocarbon.product.demo.declaration_chapter import Outcome
from zerocarbon.product.demo.registry_desk import RegistryDesk
from zerocarbon.product.demo.stage import Stage
from zerocarbon.proof.numbers import parse, tonnes_rounded_up

SERIES = ("grid-import", "rooftop-generation", "rooftop-export")
QUARTERS_A_DAY = 96


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked of the demo."""

    output: Path
    meter_data: Path | None = None
    meter_mapping: Path | None = None
    today: bool = False


@dataclass(slots=True)
class Told:
    """What the story came to, for the summary."""

    year: int
    inventories: dict[str, dict[str, Any]] = field(default_factory=dict)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    credits: dict[str, Any] | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    expired: dict[str, int] = field(default_factory=dict)
    imported: dict[str, Any] | None = None
    factory: str = ""
    claim: str = ""


class Story:
    """One telling of the story on one stage."""

    def __init__(self, stage: Stage, wishes: Wishes, console: Console) -> None:
        self._stage = stage
        self._wishes = wishes
        self._console = console
        self._stack = ExitStack()
        self._admin = self._caller(stage.admin_key)
        self._real = wishes.meter_data.read_bytes() if wishes.meter_data is not None else None
        self._mapping = mapping.load(wishes.meter_mapping)
        year = mapping.year_of(self._real, self._mapping) if self._real is not None else 2024
        self.told = Told(year)

    def tell(self) -> Told:
        """Runs all chapters.

        Raises:
            DemoStopped: a service refused or failed where the story did not expect it.
        """
        with self._stack:
            self._clock("02-10")
            self._register()
            desks = self._certificates()
            inventory = self._close_inventories()
            self._declare(inventory, desks)
            self._fetch()
        return self.told

    # Chapters

    def _register(self) -> None:
        self._console.print("[bold]1[/] The company, its factories and a year of readings")
        self._admin.put(f"/ingest/v1/organisations/{ORGANISATION}", ORGANISATION_FORM)
        self._admin.put(f"/ingest/v1/organisations/{VERIFIER_ORGANISATION}", VERIFIER_FORM)
        self._operator = self._person(ORGANISATION, ["operator"])
        self._preparer = self._person(ORGANISATION, ["preparer"])
        self._reviewer = self._person(ORGANISATION, ["reviewer"])
        key, verifier = registering.key_for(self._admin, VERIFIER_ORGANISATION, ["verifier"])
        self._verifier = self._caller(key)
        self._admin.post(
            f"/ingest/v1/organisations/{ORGANISATION}/grants",
            {"grantee_id": verifier, "role": "verifier", "until": registering.KEYS_EXPIRE},
        )
        self._factories = {
            story.code: registering.register_factory(self._operator, story, "2017-01-01")
            for story in FACTORIES
        }
        self.told.factory = self._factories[CELL_PLANT.code]
        days = 366 if isleap(self.told.year) else 365
        with self._bar("readings", days * QUARTERS_A_DAY * len(SERIES) * len(FACTORIES)) as advance:
            for story in FACTORIES:
                self._ingest(story, advance)

    def _ingest(self, story: FactoryStory, advance: Any) -> None:
        factory, raw = self._factories[story.code], self._wishes.output / "input" / story.code
        lends = self._real is not None and story is CELL_PLANT
        sample.write(raw, story, self.told.year, with_load=not lends)
        for meter in SERIES:
            if lends and meter == "grid-import":
                assert self._wishes.meter_data is not None
                declared, file = self._mapping, self._wishes.meter_data
            else:
                declared, file = registering.SAMPLE_MAPPING, raw / f"{meter}.csv"
            answer = registering.upload_series(self._operator, factory, meter, file, declared, advance)
            if lends and meter == "grid-import":
                self.told.imported = {**answer, "file": file.name}
        registering.send_records(self._operator, factory, raw / "records.json")

    def _certificates(self) -> dict[str, RegistryDesk]:
        self._console.print("[bold]2[/] Certificates and credits are issued by their registries")
        address = self._stage.addresses["certificates"]
        desks = {name: RegistryDesk(self._admin, address, name) for name in ("cn-gec", "evident", "cn-ccer")}
        self._clock("03-20")
        if self._real is None:
            certificate_chapter.issue_certificates(desks["cn-gec"], desks["evident"])
            certificate_chapter.issue_credits(desks["cn-ccer"])
        self._clock("05-20")
        if self._real is None:
            self._preparer.when(
                f"{certificate_chapter.BASE}/holdings/summary", lambda _known: True, "keys in certificates"
            )
            self.told.certificates = certificate_chapter.retire_certificates(
                self._preparer, desks, self.told.factory, f"{self.told.year + 1}-05-20"
            )
        return desks

    def _close_inventories(self) -> dict[str, Any]:
        self._console.print("[bold]3[/] Own factors with four eyes, screening, and the close")
        for caller in (self._preparer, self._reviewer):
            caller.when(f"{inventory_chapter.BASE}/factors", lambda _known: True, "keys in accounting")
        inventory_chapter.approve_factors(
            self._preparer, self._reviewer, self.told.year, f"{self.told.year + 1}-01-31"
        )
        opened = {
            story.code: inventory_chapter.open_inventory(
                self._preparer, self._factories[story.code], story, self.told.year
            )
            for story in FACTORIES
        }
        self._clock("06-10")
        with self._bar("inventories closed", len(FACTORIES)) as advance:
            for story in FACTORIES:
                factory, inventory = self._factories[story.code], opened[story.code]
                retired = self.told.certificates if story is CELL_PLANT else []
                covered = sum(request["retired_quantity"] for request in retired)
                inventory_chapter.wait_for_certificates(self._preparer, factory, inventory, covered)
                closed = inventory_chapter.close(self._reviewer, factory, inventory)
                self.told.inventories[story.code] = closed
                advance(1)
        return self.told.inventories[CELL_PLANT.code]

    def _declare(self, inventory: dict[str, Any], desks: dict[str, RegistryDesk]) -> None:
        self._console.print("[bold]4[/] Commitment, plan and an independent opinion on the exact inventory")
        factory, preparer = self.told.factory, self._preparer
        chapter = declaration_chapter
        chapter.particulars(preparer, factory, sample=self._real is not None)
        signatory = chapter.add_person(preparer, "signatory")
        chapter.commit_and_plan(preparer, self._reviewer, factory, signatory, self.told.year)
        self._clock("06-18")
        preparer.when(
            f"{chapter.BASE}/factories/{factory}/inventories",
            lambda known: any(
                item["inventory_sha256"] == inventory["inventory_sha256"] for item in known["items"]
            ),
            "the closed inventory in declaration",
        )
        chapter.sign_opinion(self._verifier, factory, inventory, f"{self.told.year + 1}-06-18")
        self.told.claim = chapter.open_claim(preparer, factory, inventory["inventory_id"])
        self._clock("06-24")
        if self._real is None and not self._wishes.today:
            self._retire_credits(inventory, desks["cn-ccer"], signatory)
        self._console.print("[bold]5[/] What each standard says")
        self._clock("06-30")
        if self._wishes.today:
            now = datetime.now(UTC).replace(microsecond=0)
            self._set_clocks(now)
            if self._real is None:
                self._look_at_expired(certificate_chapter.expired_by(now.date()))
        for standard in chapter.STANDARDS:
            self.told.outcomes.append(chapter.ask_statement(preparer, factory, self.told.claim, standard))

    def _retire_credits(self, inventory: dict[str, Any], desk: RegistryDesk, signatory: str) -> None:
        tonnes = tonnes_rounded_up(parse(inventory["totals"]["total_market"]))
        chapter, factory, claim = declaration_chapter, self.told.factory, self.told.claim
        correlation = chapter.request_credits(self._preparer, factory, claim, tonnes, signatory)
        path = f"{certificate_chapter.BASE}/retirements/{correlation}"
        request = self._preparer.when(
            path, lambda known: known["status"] == "awaiting-registry", "the request for credits"
        )
        desk.confirm(request, f"{self.told.year + 1}-06-24")
        self.told.credits = certificate_chapter.final(self._preparer, correlation)
        chapter.wait_for_credits(self._preparer, factory, claim, tonnes)

    def _look_at_expired(self, expected: int) -> None:
        def gone(known: dict[str, Any]) -> bool:
            units = [int(one["quantity"]) for one in known["items"] if one["state"] == "expired"]
            return sum(units) == expected

        # Timers fire within seconds of the clock, block by block.
        path = f"{certificate_chapter.BASE}/holdings/summary"
        summary = self._preparer.when(path, gone, "the expiry of green certificates")
        for one in summary["items"]:
            if one["state"] == "expired":
                self.told.expired[one["scheme"]] = one["quantity"]

    def _fetch(self) -> None:
        output, factory, claim = self._wishes.output, self.told.factory, self.told.claim
        base = f"{declaration_chapter.BASE}/factories/{factory}"
        chosen = next((one for one in self.told.outcomes if one.issued), self.told.outcomes[0])
        if chosen.issued:
            place = f"{base}/statements/{chosen.body['statement']['statement_id']}"
            (output / "declaration.json").write_bytes(self._preparer.fetch(f"{place}/declaration.json"))
            query = ""
        else:
            place, query = f"{base}/claims/{claim}", f"?standard={chosen.standard.replace(' ', '%20')}"
        (output / "statement.html").write_bytes(self._preparer.fetch(f"{place}/statement.html{query}"))
        (output / "statement.pdf").write_bytes(self._preparer.fetch(f"{place}/statement.pdf{query}"))
        for refused in [one for one in self.told.outcomes if not one.issued and one is not chosen]:
            name = "refused-" + refused.standard.split(":")[0].lower().replace(" ", "-")
            query = f"?standard={refused.standard.replace(' ', '%20')}"
            page = self._preparer.fetch(f"{base}/claims/{claim}/statement.html{query}")
            (output / f"{name}.html").write_bytes(page)
        (output / "bundle.zip").write_bytes(self._preparer.fetch(f"{base}/claims/{claim}/bundle.zip"))
        (output / "issuer-key.pem").write_bytes(self._preparer.fetch("/declaration/v1/keys.pem"))

    # Tools

    def _caller(self, key: str) -> Api:
        caller = Api(self._stage.addresses, key)
        self._stack.callback(caller.close)
        return caller

    def _person(self, organisation: str, roles: list[str]) -> Api:
        return self._caller(registering.key_for(self._admin, organisation, roles)[0])

    def _clock(self, month_and_day: str) -> None:
        self._set_clocks(datetime.fromisoformat(f"{self.told.year + 1}-{month_and_day}T02:00:00+00:00"))

    def _set_clocks(self, instant: datetime) -> None:
        for service in SERVICES:
            self._admin.put(f"/{service}/v1/business-clock", {"instant": instant.isoformat()})

    @contextmanager
    def _bar(self, what: str, total: int) -> Iterator[Any]:
        columns = (
            TextColumn("  {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(what, total=total)
            yield lambda done: progress.advance(task, done)
