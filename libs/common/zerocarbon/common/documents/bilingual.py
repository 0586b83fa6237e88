"""A text in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same thing said twice. Where both are equal (a name, a number) it is printed once."""

    zh: str
    en: str


def same(text: str) -> Bilingual:
    """A text that needs no translation."""
    return Bilingual(zh=text, en=text)
