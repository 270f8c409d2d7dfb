"""The forms of the model's answers, and what is made of them: nothing that is not in the text. Pure.

Schemas keep to what structured output takes: no lengths, ranges or recursion, and `additionalProperties` false.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from openhouse.core.errors import ModelOutputMalformed
from openhouse.language.engine import Mention
from openhouse.language.grounding import is_whole
from openhouse.language.labels import LABELS, Label

MOST_MENTIONS = 300
MOST_SENTENCES = 30
_LONGEST_QUOTE = 400  # characters


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def mentions_schema(labels: Collection[Label]) -> dict[str, Any]:
    names = [label for label in LABELS if label in labels]
    mention = _object(label={"type": "string", "enum": names}, quote={"type": "string"}, before={"type": "string"})
    return _object(mentions={"type": "array", "items": mention})


SENTENCES_SCHEMA = _object(sentences={"type": "array", "items": {"type": "string"}})


def mentions(document: dict[str, Any], text: str, labels: Collection[Label]) -> Sequence[Mention]:
    """Quotes that stand in the text, at the place that comes after `before`; all others are refused."""
    return sorted(set(_mentions(document, text, labels)))


def sentences(document: dict[str, Any]) -> Sequence[str]:
    found = _list(document, "sentences", MOST_SENTENCES)
    if not all(isinstance(each, str) for each in found):
        raise _malformed()
    return [" ".join(each.split()) for each in found if each.strip()]


def _mentions(document: dict[str, Any], text: str, labels: Collection[Label]) -> Iterator[Mention]:
    for each in _list(document, "mentions", MOST_MENTIONS):
        if not isinstance(each, dict) or not all(
            isinstance(each.get(name), str) for name in ("label", "quote", "before")
        ):
            raise _malformed()
        if each["label"] not in labels:
            continue
        place = _place(text, each["quote"], each["before"])
        if place:
            yield Mention(*place, each["label"])


def _place(text: str, quote: str, before: str) -> tuple[int, int] | None:
    words = quote.split()
    if not words or len(quote) > _LONGEST_QUOTE:
        return None
    found = [
        each.span() for each in re.finditer(r"\s+".join(map(re.escape, words)), text) if is_whole(text, *each.span())
    ]
    led = "".join(before.split())
    return next(
        (each for each in found if led and "".join(text[: each[0]].split()).endswith(led)), found[0] if found else None
    )


def _list(document: dict[str, Any], name: str, most: int) -> list[Any]:
    found = document.get(name)
    if not isinstance(found, list) or len(found) > most or document.keys() != {name}:
        raise _malformed()
    return found


def _malformed() -> ModelOutputMalformed:
    return ModelOutputMalformed("the model's answer is not of the form asked for; try again")
