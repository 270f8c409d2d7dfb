"""Which words belong to which value: those before it in its sentence, else those right after it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

L = TypeVar("L", bound=str)


_PAUSE = re.compile(r"[,;.\n]")
_DIGIT = re.compile(r"\d")  # of another value in between


class Keyword(NamedTuple):
    start: int
    end: int
    label: str


def phrases(*alternatives: str) -> re.Pattern[str]:
    """Whole words in any case, with any space between them. Each alternative is a regular expression."""
    words = "|".join(each.replace(" ", r"\s+") for each in alternatives)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def keywords(unit: str, forms: Mapping[L, re.Pattern[str]], taken: Iterable[tuple[int, int]] = ()) -> list[Keyword]:
    """All in a sentence, the longest where they overlap; none within what is `taken`."""
    found = sorted(
        (Keyword(*each.span(), label) for label, form in forms.items() for each in form.finditer(unit)),
        key=lambda each: each.start - each.end,
    )
    kept: list[Keyword] = []
    spans = [*taken]
    for each in found:
        if not any(each.start < end and start < each.end for start, end in spans):
            kept.append(each)
            spans.append(each[:2])
    return sorted(kept)


def nearest(unit: str, value: tuple[int, int], known: Sequence[Keyword], *, before: int, after: int) -> Keyword | None:
    """`before` and `after`: how many characters may lie between a keyword and its value."""
    start, end = value
    preceding = [each for each in known if each.end <= start and start - each.end <= before]
    following = [
        each
        for each in known
        if each.start >= end and each.start - end <= after and not _DIGIT.search(unit[end : each.start])
    ]
    # `20% down`, `$35,100 commission`: closer than any words before it.
    is_beside = following and following[0].start - end <= 3 and not _PAUSE.search(unit[end : following[0].start])
    if is_beside and (not preceding or start - preceding[-1].end > 3):
        return following[0]
    if preceding:
        return preceding[-1]
    return following[0] if following else None
