"""A table of texts in both languages, kept as data: what a document says is read and mended in one place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from zerocarbon.common.documents.bilingual import Bilingual, same


class Texts:
    """Texts by dotted key. The source is TOML; every text is a table of its own with `zh` and `en`.

    Raises:
        ValueError: a text lacks a language, or has something beside the two.
    """

    def __init__(self, source: str) -> None:
        self._texts = dict(_found(tomllib.loads(source), ""))

    def __call__(self, key: str, **values: object) -> Bilingual:
        """A text with `{names}` filled in; a bilingual value gives each language its own.

        Raises:
            KeyError: no such text, or a name in it that no value has.
        """
        text = self._texts[key]
        return Bilingual(
            zh=text.zh.format_map({name: _in(value, "zh") for name, value in values.items()}),
            en=text.en.format_map({name: _in(value, "en") for name, value in values.items()}),
        )

    def named(self, group: str, code: str) -> Bilingual:
        """The name of a code; the code itself where nobody named it, because codes are added by others."""
        return self._texts.get(f"{group}.{code}") or same(code)

    def every_key(self) -> tuple[str, ...]:
        """All keys, in the order of the source."""
        return tuple(self._texts)


def _in(value: object, language: str) -> object:
    return getattr(value, language) if isinstance(value, Bilingual) else value


def _found(table: Mapping[str, Any], above: str) -> Iterator[tuple[str, Bilingual]]:
    for name, value in table.items():
        key = f"{above}{name}"
        if not isinstance(value, Mapping):
            raise ValueError(f"{key} is neither a text nor a group of texts")
        if value.keys() & {"zh", "en"}:
            yield key, _text(key, value)
        else:
            yield from _found(value, f"{key}.")


def _text(key: str, value: Mapping[str, Any]) -> Bilingual:
    if value.keys() != {"zh", "en"} or not all(isinstance(said, str) and said for said in value.values()):
        raise ValueError(f"{key} needs one text in zh and one in en")
    return Bilingual(zh=value["zh"], en=value["en"])
