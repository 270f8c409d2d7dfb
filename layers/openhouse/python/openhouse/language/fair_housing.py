"""Words that no description may hold, as they can tell whom somebody wants as a neighbour. Pure.

The list and its sources are in fair_housing.json. It is stricter than the law, which looks at the context, and is no
legal advice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple


class Concern(NamedTuple):
    """Characters `start` to `end` of the text. `about`: what nobody may be preferred by. `source`: who lists it."""

    start: int
    end: int
    term: str
    about: str
    source: str


def concerns(text: str) -> list[Concern]:
    return sorted(_concerns(text))


def _concerns(text: str) -> Iterator[Concern]:
    for form, about, source in _forms():
        for found in form.finditer(text):
            yield Concern(*found.span(), found.group().lower(), about, source)


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    listed = json.loads((resources.files("openhouse.language") / "fair_housing.json").read_text("utf-8"))
    return tuple((_form(entry), entry["about"], listed["sources"][entry["source"]]) for entry in listed["terms"])


def _form(entry: dict[str, list[str]]) -> re.Pattern[str]:
    terms = "|".join(
        r"[\s-]+".join(map(re.escape, re.split(r"[\s-]", term)))
        for term in sorted(entry["terms"], key=len, reverse=True)
    )
    unless = "|".join(map(re.escape, entry.get("unless", [])))
    return re.compile(
        rf"(?<![\w'])(?:{terms})(?:s|es)?(?![\w])" + (rf"(?!\s+(?:{unless})\b)" if unless else ""), re.IGNORECASE
    )
