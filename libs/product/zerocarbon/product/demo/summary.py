"""What the demo prints at its end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zerocarbon.product.demo import documents
from zerocarbon.product.demo.company import SEED, FactoryStory
from zerocarbon.product.demo.declaration_chapter import Outcome
from zerocarbon.product.demo.told import Told

ROWS = (
    ("Scope 1", "scope1", "scope1"),
    ("Scope 2", "scope2_location", "scope2_market"),
    ("Scope 3", "scope3", "scope3"),
    ("Total", "total_location", "total_market"),
)


def print_summary(told: Told, output: Path, console: Console) -> None:
    """Inventories by scope, what was retired, what each standard said, and where the files lie."""
    console.print()
    _origin(told, console)
    _inventories(told, console)
    _roofs(told.factories, console)
    _retired(told, console)
    _say(
        console,
        "E: the factory's emissions of the year that a standard wants balanced; counted in whole tonnes.",
        "C: the credits retired for it that count, one for each tonne.",
        "",
    )
    for outcome in told.outcomes:
        _outcome(outcome, told.factories[0].code, console)
    if told.issued is None:
        _say(console, f"[bold]No declaration exists.[/] {_stopped_by(told.outcomes[0])}", "")
    _files(output, console)


def _say(console: Console, *lines: str) -> None:
    """Prints prose, wrapped between words below its own indent."""
    for line in lines:
        prose = line.lstrip()
        indent = len(line) - len(prose)
        # Padding prints nothing at all for an empty text.
        console.print(Padding(Text.from_markup(prose), (0, 0, 0, indent), expand=False) if prose else "")


def _verbatim(console: Console, *lines: str) -> None:
    """Prints what somebody may want to copy: a terminal wraps it, a pipe does not."""
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _origin(told: Told, console: Console) -> None:
    real, data = told.imported, "All data are"
    if real is not None:
        _say(
            console,
            f"[bold]SAMPLE[/]: the readings of {escape(real.file)} stand in for the grid meter of the"
            f" fictional {told.factories[0].code}:",
            f"  {real.intervals:,} intervals, {Decimal(real.quantity):,} {real.unit};"
            " equal to the sum of plain decimals over the raw file",
        )
        data = "All other data are"
    _say(
        console,
        f"{data} synthetic, made by a seeded script (seed {SEED}).",
        "Company, factories, verifier, registries' units and projects are fictional.",
        "",
    )


def _inventories(told: Told, console: Console) -> None:
    table = Table(title=f"Inventories of {told.year}, t CO2e", title_justify="left", title_style="bold")
    table.add_column("")
    for story in told.factories:
        for basis in ("location", "market"):
            name = story.name_en.removesuffix(" (fictional)")
            table.add_column(f"{name}\n{basis}-based", justify="right")
    for label, location, market in ROWS:
        figures = [
            _tonnes(told.inventories[story.code]["totals"][name])
            for story in told.factories
            for name in (location, market)
        ]
        table.add_row(label, *figures, style="bold" if label == "Total" else "")
    console.print(table)
    _say(console, "Each figure is rounded to the kilogram; totals are sums of the unrounded figures.")
    for story in told.factories:
        digest = told.inventories[story.code]["lines_sha256"]
        _verbatim(console, f"{story.code}: inventory-lines sha256:{digest}")
    console.print()


def _roofs(factories: Sequence[FactoryStory], console: Console) -> None:
    stated: dict[str, list[str]] = {}
    for story in factories:
        for source in story.sources:
            owner = source.attribute("roof_owner")
            if owner is not None:
                sold = "were not sold" if source.attribute("attributes_sold") == "no" else "were sold"
                roof = f"owned by {owner}; the attributes of its power {sold}"
                stated.setdefault(roof, []).append(story.code)
    for roof, codes in stated.items():
        _say(console, f"Roof of {', '.join(codes)}: {roof}")


def _tonnes(kilograms: str) -> str:
    return f"{Decimal(kilograms) / 1000:,.3f}"


def _retired(told: Told, console: Console) -> None:
    for request in told.certificates:
        scheme = request["ranges"][0]["scheme"]
        _say(console, f"Retired before the close: {request['retired_quantity']:,} MWh {scheme}")
    if told.credits is not None:
        scheme = told.credits["ranges"][0]["scheme"]
        _say(console, f"Retired after the opinion: {told.credits['retired_quantity']:,} t CO2e {scheme}")
    for scheme, quantity in told.expired.items():
        _say(console, f"Expired meanwhile, unused: {quantity:,} MWh {scheme}")
    if not told.certificates and told.credits is None:
        _say(console, "Retired: nothing")
    console.print()


def _outcome(outcome: Outcome, factory: str, console: Console) -> None:
    if outcome.issued:
        statement = outcome.body["statement"]
        gates = len(statement["gates"])
        _say(
            console,
            f"[bold green]ISSUED[/] for {factory}: {outcome.standard}, all {gates} gates hold",
            *(f"  notice: {escape(notice)}" for notice in statement["notices"]),
            f"  E = {_tonnes(statement['emissions_kg'])} t, counted as"
            f" {statement['emissions_tonnes_rounded_up']:,} t ({statement['scope2_basis']}-based);"
            f" C = {statement['credits_tonnes']:,} credits",
        )
    else:
        judged, failed = outcome.body["evaluation"], outcome.failed
        share = (
            f"{len(failed)} of {len(judged['gates'])} gates {'does' if len(failed) == 1 else 'do'} not hold"
        )
        _say(
            console,
            f"[bold red]REFUSED[/] for {factory}: {outcome.standard}, {share}",
            *(f"  notice: {escape(notice['en'])}" for notice in judged["notices"]),
            *(f"  [red]✗[/] {gate['gate']}: {escape(gate['found'])}" for gate in failed),
            f"  what would cure it: {escape(judged['prospect']['sentence'])}",
        )
    console.print()


def _stopped_by(outcome: Outcome) -> str:
    first = outcome.failed[0]
    return f"{outcome.standard} was stopped first by its gate {first['gate']}: {escape(first['found'])}"


def _files(output: Path, console: Console) -> None:
    _verbatim(console, f"Files in [bold]{output}/[/]")
    for path in sorted(output.iterdir()):
        if path.is_file():
            size = f"{path.stat().st_size:>12,} bytes"
            _verbatim(console, f"  {path.name:<32}{size}  {documents.what_it_is(path.name)}")
    _verbatim(
        console,
        "",
        f"Read it: open {output}/statement.html",
        "Check it yourself:",
        f"  .venv/bin/zerocarbon verify {output}/bundle.zip --key {output}/issuer-key.pem",
    )
