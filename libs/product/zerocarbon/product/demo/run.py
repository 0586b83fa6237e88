"""The demo, chapter by chapter, through the services' public APIs."""

from __future__ import annotations

from calendar import isleap
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape

from zerocarbon.product.demo import (
    brought,
    certificate_chapter,
    declaration_chapter,
    documents,
    inventory_chapter,
    mapping,
    registering,
    sample,
    second_path,
)
from zerocarbon.product.demo.brought import Brought
from zerocarbon.product.demo.client import SERVICES, Api
from zerocarbon.product.demo.company import TIME_ZONE, VERIFIER, FactoryStory
from zerocarbon.product.demo.figures import OWN_FACTORS
from zerocarbon.product.demo.progress import Done, bar
from zerocarbon.product.demo.registry_desk import RegistryDesk
from zerocarbon.product.demo.stage import Stage
from zerocarbon.product.demo.told import Imported, Told
from zerocarbon.product.demo.wishes import Wishes
from zerocarbon.proof.numbers import parse, tonnes_rounded_up

SERIES = ("grid-import", "rooftop-generation", "rooftop-export")
QUARTERS_A_DAY = 96
REGISTRIES = ("cn-gec", "evident", "cn-ccer")


class Story:
    """One telling of the story on one stage."""

    def __init__(self, wishes: Wishes, console: Console) -> None:
        """Reads the meter file that was brought, if any: what is wrong with it is said before services start.

        Raises:
            DemoStopped: it cannot be used.
        """
        self._wishes = wishes
        self._console = console
        self._stack = ExitStack()
        given = wishes.meter_data
        self._real = brought.bring(given, wishes.meter_mapping) if given is not None else None
        self._declared = wishes.factories[0]
        self.told = Told(self._real.year if self._real is not None else 2024, wishes.factories)

    def tell(self, stage: Stage) -> Told:
        """Runs all chapters.

        Raises:
            DemoStopped: a service refused or failed where the story did not expect it.
        """
        with self._stack:
            self._stage = stage
            self._admin = self._caller(stage.admin_key)
            self._print(
                "The business clock is the day that the services take for today; the demo moves it on."
            )
            self._register()
            desks = self._certificates()
            inventory = self._close_inventories()
            self._declare(inventory, desks)
            self._ask()
        return self.told

    # Chapters

    def _register(self) -> None:
        self._chapter(1, "The company, its factories and a year of readings", "02-10")
        company = self._wishes.company
        for organisation in (company, VERIFIER):
            self._admin.put(f"/ingest/v1/organisations/{organisation.organisation_id}", asdict(organisation))
        self._operator, self._preparer, self._reviewer = (
            self._caller(registering.key_for(self._admin, company.organisation_id, [role])[0])
            for role in ("operator", "preparer", "reviewer")
        )
        key, verifier = registering.key_for(self._admin, VERIFIER.organisation_id, ["verifier"])
        self._verifier = self._caller(key)
        grant = {"grantee_id": verifier, "role": "verifier", "until": registering.KEYS_EXPIRE}
        self._admin.post(f"{self._admin.base('ingest')}/grants", grant)
        stories = self._wishes.factories
        self._factories = {
            story.code: registering.register_factory(self._operator, story, "2017-01-01") for story in stories
        }
        self.told.factory = self._factories[self._declared.code]
        days = 366 if isleap(self.told.year) else 365
        readings = days * QUARTERS_A_DAY * len(SERIES) * len(stories)
        with bar(self._console, "readings taken in", readings) as taken:
            for story in stories:
                self._ingest(story, taken)

    def _ingest(self, story: FactoryStory, taken: Done) -> None:
        factory, raw = self._factories[story.code], self._wishes.output / "input" / story.code
        lent = self._real if story is self._declared else None
        sample.write(raw, story, self.told.year, with_load=lent is None)
        for meter in SERIES:
            if lent is not None and meter == mapping.METER:
                self._ingest_real(factory, meter, lent, taken)
                continue
            file, declared = raw / f"{meter}.csv", registering.SAMPLE_MAPPING
            sent = (file.name, file.read_bytes())
            registering.upload_series(self._operator, factory, meter, sent, declared, taken)
        registering.send_records(self._operator, factory, raw / "records.json")

    def _ingest_real(self, factory: str, meter: str, real: Brought, taken: Done) -> None:
        self._print(f"  {escape(real.read_as)}")
        sent = (real.name, real.data)
        answer = registering.upload_series(self._operator, factory, meter, sent, real.mapping, taken)
        again = second_path.resum(real.data, real.mapping)
        second_path.compare(answer["accepted"], Decimal(answer["sum"]), again)
        unit = real.mapping["unit"]
        self._print(
            f"  {again.intervals:,} intervals, {again.quantity:,} {unit};"
            " equal to the sum of plain decimals over the raw file"
        )
        self.told.imported = Imported(real.name, answer["accepted"], answer["sum"], unit)

    def _certificates(self) -> dict[str, RegistryDesk]:
        self._chapter(2, "Certificates and credits: issued by their registries, retired for scope 2", "03-20")
        address = self._stage.addresses["certificates"]
        if self._real is not None:
            self._print(f"  none: no registry's units are made up for {self.told.year}")
            return {}
        desks = {name: RegistryDesk(self._admin, address, name) for name in REGISTRIES}
        chapter, holder = certificate_chapter, self._wishes.company.organisation_id
        with bar(self._console, "MWh issued", chapter.ISSUED) as issued:
            chapter.issue_certificates(desks["cn-gec"], desks["evident"], holder, issued)
        with bar(self._console, "credits issued (t)", chapter.CREDITS) as issued:
            chapter.issue_credits(desks["cn-ccer"], holder, issued)
        self._clock("05-20")
        holdings = f"{self._preparer.base('certificates')}/holdings/summary"
        self._preparer.when(holdings, lambda _known: True, "keys in certificates")
        with bar(self._console, "MWh retired", chapter.RETIRED) as retired:
            self.told.certificates = chapter.retire_certificates(
                self._preparer, desks, self.told.factory, f"{self.told.year + 1}-05-20", retired
            )
        return desks

    def _close_inventories(self) -> dict[str, Any]:
        self._chapter(3, "Own factors with four eyes, screening, and the close", "05-20")
        chapter, stories = inventory_chapter, self._wishes.factories
        for caller in (self._preparer, self._reviewer):
            caller.when(f"{caller.base('accounting')}/factors", lambda _known: True, "keys in accounting")
        with bar(self._console, "own factors approved", len(OWN_FACTORS)) as approved:
            published = f"{self.told.year + 1}-01-31"
            chapter.approve_factors(self._preparer, self._reviewer, self.told.year, published, approved)
        opened = {
            story.code: chapter.open_inventory(
                self._preparer, self._factories[story.code], story, self.told.year
            )
            for story in stories
        }
        self._clock("06-10")
        with bar(self._console, "inventories closed", len(stories)) as advance:
            for story in stories:
                factory, inventory = self._factories[story.code], opened[story.code]
                retired = self.told.certificates if story is self._declared else []
                covered = sum(request["retired_quantity"] for request in retired)
                chapter.wait_for_certificates(self._preparer, factory, inventory, covered)
                self.told.inventories[story.code] = chapter.close(self._reviewer, factory, inventory)
                advance(1)
        return self.told.inventories[self._declared.code]

    def _declare(self, inventory: dict[str, Any], desks: dict[str, RegistryDesk]) -> None:
        self._chapter(4, "Commitment, plan, an independent opinion on the exact inventory, credits", "06-10")
        factory, preparer = self.told.factory, self._preparer
        chapter = declaration_chapter
        with bar(self._console, "papers signed", 4) as signed:
            chapter.particulars(preparer, factory, sample=self._real is not None)
            signatory = chapter.add_person(preparer, "signatory")
            chapter.commit_and_plan(preparer, self._reviewer, factory, signatory, self.told.year)
            signed(2)
            self._clock("06-18")
            chapter.wait_for_inventory(preparer, factory, inventory["inventory_sha256"])
            chapter.sign_opinion(self._verifier, factory, inventory, f"{self.told.year + 1}-06-18")
            signed(1)
            self.told.claim = chapter.open_claim(preparer, factory, inventory["inventory_id"])
            signed(1)
        self._clock("06-24")
        if self._real is None and self._wishes.asked_on is None:
            self._retire_credits(inventory, desks["cn-ccer"], signatory)

    def _retire_credits(self, inventory: dict[str, Any], desk: RegistryDesk, signatory: str) -> None:
        tonnes = tonnes_rounded_up(parse(inventory["totals"]["total_market"]))
        chapter, factory, claim = declaration_chapter, self.told.factory, self.told.claim
        with bar(self._console, "credits retired (t)", tonnes) as retired:
            correlation = chapter.request_credits(self._preparer, factory, claim, tonnes, signatory)
            path = f"{self._preparer.base('certificates')}/retirements/{correlation}"
            request = self._preparer.when(
                path, lambda known: known["status"] == "awaiting-registry", "the request for credits"
            )
            desk.confirm(request, f"{self.told.year + 1}-06-24", retired)
            self.told.credits = certificate_chapter.final(self._preparer, correlation)
            chapter.wait_for_credits(self._preparer, factory, claim, tonnes)

    def _ask(self) -> None:
        self._chapter(5, "What each standard says", "06-30")
        if self._wishes.asked_on is not None:
            self._set_clocks(self._wishes.asked_on)
            if self._real is None:
                expected = certificate_chapter.expired_by(self._wishes.asked_on.date())
                self.told.expired = certificate_chapter.wait_for_expiry(self._preparer, expected)
        chapter = declaration_chapter
        with bar(self._console, "standards asked", len(chapter.STANDARDS)) as asked:
            for standard in chapter.STANDARDS:
                self.told.outcomes.append(
                    chapter.ask_statement(self._preparer, self.told.factory, self.told.claim, standard)
                )
                asked(1)
        documents.fetch(self._preparer, self.told, self._wishes.output, self._console)

    # What is said, and the callers and clocks of the telling

    def _chapter(self, number: int, title: str, month_and_day: str) -> None:
        self._print(f"[bold]{number}[/] {title}")
        self._clock(month_and_day)

    def _print(self, line: str) -> None:
        self._console.print(line, highlight=False, soft_wrap=True)

    def _caller(self, key: str) -> Api:
        caller = Api(self._stage.addresses, key, self._wishes.company.organisation_id)
        self._stack.callback(caller.close)
        return caller

    def _clock(self, month_and_day: str) -> None:
        self._set_clocks(datetime.fromisoformat(f"{self.told.year + 1}-{month_and_day}T02:00:00+00:00"))

    def _set_clocks(self, instant: datetime) -> None:
        for service in SERVICES:
            self._admin.put(f"/{service}/v1/business-clock", {"instant": instant.isoformat()})
        # The documents print the factory's day, too.
        self._print(f"  business clock: {instant.astimezone(ZoneInfo(TIME_ZONE)).date()}, {TIME_ZONE}")
