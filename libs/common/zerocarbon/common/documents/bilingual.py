"""A text in Chinese and in English, and documents in one of the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar

Language = Literal["zh", "en", "both"]
"""What a reader asks for. Chinese stands first where both are printed."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same thing said twice. Where both are equal (a name, a number) it is printed once."""

    zh: str
    en: str

    def only(self, language: Language) -> Bilingual:
        """The text in one language, said once; itself where both are wanted."""
        if language == "both":
            return self
        return same(self.en if language == "en" else self.zh)

    def joined(self, language: Language, between: str = " ") -> str:
        """One string, for what takes no markup: a label of a chart, a cell of a sheet."""
        said = self.only(language)
        return said.zh if said.zh == said.en else f"{said.zh}{between}{said.en}"

    def lines(self, language: Language) -> tuple[str, ...]:
        """One line for each language, for what is drawn."""
        said = self.only(language)
        return (said.zh,) if said.zh == said.en else (said.zh, said.en)


def same(text: str) -> Bilingual:
    """A text that needs no translation."""
    return Bilingual(zh=text, en=text)


def in_language(value: T, language: Language) -> T:
    """A value made of dataclasses, tuples and mappings, with every text of it in one language."""
    return value if language == "both" else _only(value, language)


def _only(value: Any, language: Language) -> Any:
    if isinstance(value, Bilingual):
        return value.only(language)
    if isinstance(value, tuple):
        return tuple(_only(item, language) for item in value)
    if isinstance(value, Mapping):
        return {key: _only(item, language) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        said = {field.name: _only(getattr(value, field.name), language) for field in fields(value)}
        return replace(value, **said)
    return value
