"""A text as it was pasted, and what an engine is shown of it. Pure.

What is shown has no characters that cannot be seen, no markup, and nothing that addresses a machine: instructions in a
text are no part of it. Every place in it leads back to a place in the pasted text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from openhouse.core import text as texts
from openhouse.core.errors import TextTooLong

MOST_CHARACTERS = 40_000  # some twenty pages

# Comments and scripts with all that is in them; tags alone.
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|</?[a-z][^<>\n]{0,500}>|^=\w+\([^)\n]*\)",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
# Where a line begins to address a machine; the rest of the line goes with it.
_ADDRESSED = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,40}\b(?:instruction|rule|prompt|above|previous|prior|earlier)
  | \b(?:ignora|olvida|omite)\b[^.\n]{0,40}\b(?:instruccion|regla|anterior)
  | \[\s*(?:system|assistant|user|inst|admin|developer)\s*\] | <\|?(?:system|assistant|user|im_start|im_end)\b
  | (?:^|[.!?>\]])\s*(?:system|human|assistant|developer)\s*:\s
  | \byou\s+are\s+(?:now\s+)?(?:an?\s+|in\s+)?(?:\w+\s+)?(?:assistant|ai\b|chatbot|language\s+model|admin\s+mode|dan\b)
  | \b(?:system|hidden|initial)\s+prompt\b | \bprompt\s+injection\b | \bjailbreak
  | \b(?:as\s+an?|dear|attention|note\s+to(?:\s+the)?)\s+(?:ai|llm|model|assistant|language\s+model)\b
  | \b(?:output|respond|reply|answer)\s+(?:(?:only|with|in|valid)\s+)+(?:json|xml|yaml)
  | \bnew\s+instructions?\s*:
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SPACES = "\u00a0\u2007\u202f\t\r\v\f\x85\u2028\u2029"
_MOST_SPACES, _MOST_LINES = 8, 2  # in a row
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u061c\u180e") | frozenset(
    chr(one) for first, last in ((0x202A, 0x202E), (0x2066, 0x2069)) for one in range(first, last + 1)
)


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of the pasted text, counted as Python does: in code points, the end left out."""

    start: int
    end: int


class Source:
    """`shown`: for engines. Raises TextTooLong."""

    def __init__(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise TextTooLong(f"the text has {len(text):,} characters; at most {MOST_CHARACTERS:,} can be read at once")
        self.text = text
        self._places = [place for place, one in enumerate(text) if self._is_legible(one)]
        seen = "".join(" " if text[place] in _SPACES else text[place] for place in self._places)
        seen = _MARKUP.sub(lambda found: _blank(found.group()), seen)
        seen, addressed = _without_instructions(seen)
        self.addressed = tuple(self.span(*place) for place in addressed)  # what addresses a machine, and is left out
        kept = [*_not_of_long_blanks(seen)]
        self._places = [self._places[index] for index in kept]
        self.shown = "".join(seen[index] for index in kept)

    @staticmethod
    def _is_legible(character: str) -> bool:
        return character not in _UNSEEN and (texts.is_seen(character) or character.isspace())

    def span(self, start: int, end: int) -> Span:
        """Of a place in what is shown: where it stands in the pasted text."""
        return Span(self._places[start], self._places[end - 1] + 1)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence around a place in what is shown begins and ends."""
        around = [unit for unit in self.units if unit[0] < end and start < unit[1]]
        return (around[0][0], around[-1][1]) if around else (start, end)

    @cached_property
    def units(self) -> list[tuple[int, int]]:
        return units(self.shown)


def _without_instructions(seen: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with blanks where it addresses a machine, and these places."""
    lines: list[str] = []
    addressed: list[tuple[int, int]] = []
    place = 0
    for line in seen.splitlines(keepends=True):
        found = _ADDRESSED.search(line)
        if found:
            addressed.append((place + found.start(), place + len(line.rstrip())))
        lines.append(line[: found.start()] + _blank(line[found.start() :]) if found else line)
        place += len(line)
    return "".join(lines), addressed


def _not_of_long_blanks(seen: str) -> Iterator[int]:
    """Without what of a row of blanks says nothing more: no pattern has to walk through thousands of them."""
    spaces = lines = 0
    for index, one in enumerate(seen):
        if one == "\n":
            spaces, lines = 0, lines + 1
        elif one.isspace():
            spaces += 1
        else:
            spaces = lines = 0
        if spaces <= _MOST_SPACES and lines <= _MOST_LINES:
            yield index


# Not after abbreviations and initials.
_STOP = re.compile(
    r"(?<![\s.(][A-Z])(?<!\b(?:St|Dr|Mr|Ms|No|no|Jr|Sr|sq|ft|Rd|Ln|Ct|Mo))(?<!\b(?:Ave|Inc|Mrs|Apt|Ste))[.!?;](?=\s|$)"
)
_LONGEST_UNIT = 1_000  # characters; what is longer is no sentence, and is cut between words
_WRAPPED = 70  # a line of so many characters goes on in the next one, unless it has come to an end


def units(text: str) -> list[tuple[int, int]]:
    """Sentences, and lines that are none, as places in the text: a line that is wrapped goes on in the next one."""
    cuts = [found.end() for found in _STOP.finditer(text)]
    place = 0
    for line in text.splitlines(keepends=True):
        place += len(line)
        if len(line.rstrip()) < _WRAPPED or line.rstrip()[-1:] in ".:!?":
            cuts.append(place)
    found, start = [], 0
    for cut in sorted({*cuts, len(text)}):
        while start < cut:
            end = cut if cut - start <= _LONGEST_UNIT else text.rfind(" ", start + 1, start + _LONGEST_UNIT) + 1
            end = end or start + _LONGEST_UNIT
            inner = text[start:end]
            if inner.strip():
                found.append((start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())))
            start = end
    return found


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
