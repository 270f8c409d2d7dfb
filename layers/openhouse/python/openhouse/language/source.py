"""A text as it was pasted, and what an engine is shown of it. Pure.

What is shown has no characters that cannot be seen, no markup, and nothing that addresses a machine: instructions in a
text are no part of it. Every place in it leads back to a place in the pasted text.
"""

from __future__ import annotations

import re
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
  | \b(?:system|human|assistant|developer)\s*:\s
  | \byou\s+are\s+(?:now\s+)?(?:an?\s+|in\s+)?(?:\w+\s+)?(?:assistant|ai\b|chatbot|language\s+model|admin\s+mode|dan\b)
  | \b(?:system|hidden|initial)\s+prompt\b | \bprompt\s+injection\b | \bjailbreak
  | \b(?:as\s+an?|dear|attention|note\s+to(?:\s+the)?)\s+(?:ai|llm|model|assistant|language\s+model)\b
  | \b(?:output|respond|reply|answer)\s+(?:only|with|in)\s+(?:only\s+)?(?:json|xml|yaml)
  | \bnew\s+instructions?\s*:
    """,
    re.IGNORECASE | re.VERBOSE,
)
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
            raise TextTooLong(
                f"the text has {len(text):,} characters; at most {MOST_CHARACTERS:,} can be read at a time"
            )
        self.text = text
        kept = [(place, one) for place, one in enumerate(text) if one not in _UNSEEN and self._is_legible(one)]
        self._places = [place for place, _ in kept]
        seen = "".join(" " if one in "\u00a0\u2007\u202f\t" else one for _, one in kept)
        self._addressed: list[tuple[int, int]] = []
        self.shown = self._without_instructions(_MARKUP.sub(lambda found: _blank(found.group()), seen))

    @staticmethod
    def _is_legible(character: str) -> bool:
        return character in "\n\t" or texts.is_seen(character) or character.isspace()

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

    @cached_property
    def addressed(self) -> tuple[Span, ...]:
        """What addresses a machine in it, and was left out."""
        return tuple(self.span(start, end) for start, end in self._addressed)

    def _without_instructions(self, seen: str) -> str:
        lines: list[str] = []
        place = 0
        for line in seen.splitlines(keepends=True):
            found = _ADDRESSED.search(line)
            if found:
                start = found.start()
                self._addressed.append((place + start, place + len(line.rstrip("\n"))))
                line = line[:start] + _blank(line[start:])  # noqa: PLW2901 - the same line, shown otherwise
            lines.append(line)
            place += len(line)
        return "".join(lines)


# Not after abbreviations and initials.
_STOP = re.compile(
    r"(?<![\s.(][A-Z])(?<!\b(?:St|Dr|Mr|Ms|No|no|Jr|Sr|sq|ft|Rd|Ln|Ct|Mo))(?<!\b(?:Ave|Inc|Mrs|Apt|Ste))[.!?;](?=\s|$)"
)
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
        inner = text[start:cut]
        if inner.strip():
            found.append((start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())))
        start = cut
    return found


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
