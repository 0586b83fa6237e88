"""Charts of what was emitted: scopes under both methods, scope 3 by category, groups of gases."""

from __future__ import annotations

from decimal import Decimal

from zerocarbon.accounting.report.charts.bars import Bar, Group, horizontal_bars
from zerocarbon.accounting.report.content import ReportContent, Screened
from zerocarbon.accounting.report.facts import Amount
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Bilingual, Language, same
from zerocarbon.common.documents.blocks import Picture
from zerocarbon.common.documents.figures import tonnes
from zerocarbon.common.documents.vocabulary import category, term
from zerocarbon.proof.inventory import NOT_SPLIT
from zerocarbon.proof.numbers import SUM_CONTEXT

THOUSAND = Decimal(1000)
ZERO = Decimal(0)


def scopes_picture(content: ReportContent, language: Language) -> Picture:
    """Scopes 1 to 3 and the total, location-based beside market-based."""
    named = [(term("scope", one.code), one.amount) for one in content.scopes]
    named.append((say("row.total"), content.whole))
    return _by_method("chart.scopes_one" if content.one_total else "chart.scopes", named, content, language)


def gases_picture(content: ReportContent, language: Language) -> tuple[Picture, ...]:
    """The groups of gases that there are, if any, location-based beside market-based."""
    named = [
        (say("row.not_split") if one.code == NOT_SPLIT else same(one.code), one.amount)
        for one in content.gas_groups
        if one.amount.location_kg or one.amount.market_kg
    ]
    return (_by_method("chart.gases", named, content, language),) if named else ()


def scope3_picture(content: ReportContent, language: Language) -> tuple[Picture, ...]:
    """The categories with a figure, if any: calculated, or an upper estimate of what is not."""
    named = [
        (category("3", str(one.answer.category)), bar)
        for one in content.scope3
        if (bar := _screened(one, language)) is not None
    ]
    if not named:
        return ()
    groups = tuple(Group(name.lines(language), (bar,)) for name, bar in named)
    said = [say("chart.scope3_part", name=name, value=bar.figure) for name, bar in named]
    caption = "chart.scope3"
    return (Picture(horizontal_bars(groups, ("",)), _sentence(caption, said), say(caption)),)


def causes_picture(content: ReportContent, language: Language) -> tuple[Picture, ...]:
    """What each cause of a restatement moved, one hanging where the last ended, and the whole difference."""
    if content.attribution is None:
        return ()
    named, starts = [], []
    location = market = ZERO
    for part in content.attribution.parts:
        named.append((say.named("cause", part.code), part.amount))
        starts.append(Amount(location, market))
        location = SUM_CONTEXT.add(location, part.amount.location_kg)
        market = SUM_CONTEXT.add(market, part.amount.market_kg)
    named.append((say("row.difference"), content.attribution.difference))
    starts.append(Amount(ZERO, ZERO))
    return (_by_method("chart.causes", named, content, language, starts),)


def _by_method(
    caption: str,
    named: list[tuple[Bilingual, Amount]],
    content: ReportContent,
    language: Language,
    starts: list[Amount] | None = None,
) -> Picture:
    both = tuple(term("basis", basis).joined(language) for basis in ("location", "market"))
    hung = starts or [Amount(ZERO, ZERO)] * len(named)
    groups = []
    for (name, found), start in zip(named, hung, strict=True):
        bars = (_bar(found.location_kg, start.location_kg), _bar(found.market_kg, start.market_kg))
        groups.append(Group(name.lines(language), bars[:1] if content.one_total else bars))
    series = ("",) if content.one_total else both
    said = [_part(name, found, content) for name, found in named]
    return Picture(horizontal_bars(tuple(groups), series), _sentence(caption, said), say(caption))


def _part(name: Bilingual, found: Amount, content: ReportContent) -> Bilingual:
    location, market = tonnes(found.location_kg), tonnes(found.market_kg)
    if content.one_total:
        return say("chart.scope3_part", name=name, value=location)
    return say("chart.scopes_part", name=name, location=location, market=market)


def _bar(kilograms: Decimal, start: Decimal = ZERO) -> Bar:
    return Bar(kilograms / THOUSAND, tonnes(kilograms), start=start / THOUSAND)


def _screened(one: Screened, language: Language) -> Bar | None:
    if one.co2e_kg is not None:
        return _bar(one.co2e_kg)
    estimate = one.answer.estimate_kg
    if estimate is None:
        return None
    figure = f"≤ {tonnes(estimate)} ({say('chart.estimate').joined(language)})"
    return Bar(estimate / THOUSAND, figure, estimate=True)


def _sentence(title: str, parts: list[Bilingual]) -> Bilingual:
    """What a chart shows, for those who do not see it."""
    heading = say(title)
    return Bilingual(
        f"{heading.zh}：{'；'.join(part.zh for part in parts)}。",
        f"{heading.en}: {'; '.join(part.en for part in parts)}.",
    )
