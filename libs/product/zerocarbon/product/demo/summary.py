"""What the demo prints at its end."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from zerocarbon.product.demo.company import FACTORIES
from zerocarbon.product.demo.declaration_chapter import Outcome
from zerocarbon.product.demo.run import Told

ROWS = (
    ("Scope 1", "scope1", "scope1"),
    ("Scope 2", "scope2_location", "scope2_market"),
    ("Scope 3", "scope3", "scope3"),
    ("Total", "total_location", "total_market"),
)


def print_summary(told: Told, output: Path, console: Console) -> None:
    """Inventories by scope, what was retired, what each standard said, and where the files lie."""
    console.print()
    if told.imported is not None:
        console.print(
            f"[bold]SAMPLE[/] {told.imported['file']} lent its load curve: {told.imported['accepted']:,} "
            f"intervals, {Decimal(told.imported['sum']):,} kWh"
        )
    for story in FACTORIES:
        _inventory(story.name_en, told.inventories[story.code], told.year, console)
    _retired(told, console)
    for outcome in told.outcomes:
        _outcome(outcome, console)
    _files(output, console)


def _inventory(name: str, closed: dict[str, Any], year: int, console: Console) -> None:
    console.print(f"[bold]{name}, {year}[/]", highlight=False)
    table = Table()
    table.add_column("t CO2e")
    table.add_column("location-based", justify="right")
    table.add_column("market-based", justify="right")
    for label, location, market in ROWS:
        totals = closed["totals"]
        style = "bold" if label == "Total" else ""
        table.add_row(label, _tonnes(totals[location]), _tonnes(totals[market]), style=style)
    console.print(table)
    console.print(f"  inventory-lines sha256:{closed['lines_sha256']}", soft_wrap=True)
    console.print()


def _tonnes(kilograms: str) -> str:
    return f"{Decimal(kilograms) / 1000:,.3f}"


def _retired(told: Told, console: Console) -> None:
    for request in told.certificates:
        scheme = request["ranges"][0]["scheme"]
        console.print(f"Retired before the close: {request['retired_quantity']:,} MWh {scheme}")
    if told.credits is not None:
        console.print(
            f"Retired after the opinion: {told.credits['retired_quantity']:,} t CO2e "
            f"{told.credits['ranges'][0]['scheme']}"
        )
    for scheme, quantity in told.expired.items():
        console.print(f"Expired meanwhile, unused: {quantity:,} {scheme}")
    console.print()


def _outcome(outcome: Outcome, console: Console) -> None:
    if outcome.issued:
        statement = outcome.body["statement"]
        gates = len(statement["gates"])
        console.print(f"[bold green]ISSUED[/]   {outcome.standard}: {gates} gates hold")
        for notice in statement["notices"]:
            console.print(f"  notice  {notice}")
        console.print(
            f"  E = {_tonnes(statement['emissions_kg'])} t, rounded up "
            f"{statement['emissions_tonnes_rounded_up']:,}; C = {statement['credits_tonnes']:,} "
            f"(scope 2 {statement['scope2_basis']}-based)"
        )
    else:
        judged = outcome.body["evaluation"]
        failed = [gate for gate in judged["gates"] if not gate["passed"]]
        share = f"{len(failed)} of {len(judged['gates'])} gates do not hold"
        console.print(f"[bold red]REFUSED[/]  {outcome.standard}: {share}")
        for notice in judged["notices"]:
            console.print(f"  notice  {notice['en']}")
        for gate in failed:
            console.print(f"  [red]✗[/] {gate['gate']}: {gate['found']}", highlight=False)
        console.print(f"  what would cure it: {judged['prospect']['sentence']}", highlight=False)
    console.print()


def _files(output: Path, console: Console) -> None:
    console.print(f"Files in [bold]{output}/[/]")
    for path in sorted(output.iterdir()):
        if path.is_file():
            console.print(f"  {path.name:<28}{path.stat().st_size:>12,} bytes")
    console.print()
    console.print(
        f"Check it yourself:  .venv/bin/zerocarbon verify {output}/bundle.zip --key {output}/issuer-key.pem",
        soft_wrap=True,
    )
