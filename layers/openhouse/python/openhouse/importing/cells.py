"""What is in a cell: nothing, one value, several, yes or no. Whatever it says, it is data."""

from __future__ import annotations

import re
from collections.abc import Sequence

from openhouse.core.text import trimmed


class UnreadableCell(ValueError):
    """A text that is not of its field's kind; the message says what it should be."""


_NOTHING = frozenset(
    [
        "n/a",
        "n.a.",
        "n.a",
        "na",
        "nan",
        "null",
        "none",
        "nil",
        "nat",
        "-",
        "--",
        "---",
        "\u2013",
        "\u2014",
        ".",
        "..",
        "?",
        "#n/a",
        "#na",
        "#null!",
        "#value!",
        "#ref!",
        "#name?",
        "<na>",
        "<null>",
        "undefined",
        "(blank)",
        "(none)",
        "[blank]",
        "blank",
        "not-available",
        "not-applicable",
        "unspecified",
        "[]",
        "{}",
    ]
)
_NO_DAY = frozenset({"0/0/00", "0/0/0000", "00/00/0000", "0000-00-00", "00/00/00", "1/0/1900", "01/00/1900", "0"})
# As names of people `Nan`, `Na` and `Null` exist, written like this.
_ALSO_NAMES = frozenset({"Nan", "Na", "Null"})

_YES = frozenset(["true", "yes", "y", "1", "x", "t", "on", "ja", "si", "oui"])
_NO = frozenset(["false", "no", "n", "0", "f", "off", "nein", "non"])


def is_nothing(text: str, *, name: bool = False, day: bool = False) -> bool:
    """`name`: it would be somebody's name. `day`: it would be a date."""
    plain = trimmed(text)
    if not plain or (day and plain in _NO_DAY):
        return True
    said = plain.casefold().replace("not available", "not-available").replace("not applicable", "not-applicable")
    return said in _NOTHING and not (name and plain in _ALSO_NAMES)


def yes_or_no(text: str) -> bool:
    """Raises UnreadableCell."""
    plain = text.casefold().strip()
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise UnreadableCell("yes or no")


# What is around them is taken away from the parts: a pattern that begins with any number of spaces looks at a cell of
# spaces once for each of them.
_JOINED = ":::"
_LISTED = re.compile(r"[;|\n]")
_ALSO_LISTED = re.compile(r",|\s(?:or|and|&)\s|\s/\s")
_LINES = re.compile(r"[\r\n]+")
_SIGNED = re.compile(r"(?:#[\w-]+)+")


def several(text: str) -> Sequence[str]:
    """Of a cell that may hold several values, by what divides it beyond doubt."""
    if _JOINED in text:
        return _filled(text.split(_JOINED))
    return _filled(_LISTED.split(text))


def perhaps_several(text: str) -> Sequence[str]:
    """By commas, slashes and `or`, too: where a single value holds none of these."""
    return [part for one in several(text) for part in _filled(_ALSO_LISTED.split(one))]


def tags(text: str) -> dict[str, bool]:
    """`VIP, Past Client` or `#vip #past` as a record holds them. Google's own groups (`* myContacts`) are none."""
    plain = text.strip()
    if plain.startswith("[") and plain.endswith("]"):
        plain = plain[1:-1]
    words = plain.replace(",", " ").split()
    if words and all(map(_SIGNED.fullmatch, words)):
        return dict.fromkeys((tag for tag in re.findall(r"#([\w-]+)", plain)), True)
    parts = [part.strip().strip("\"'").strip() for one in several(plain) for part in one.split(",")]
    return {part: True for part in parts if part and not part.startswith("* ") and not is_nothing(part)}


_NOBODY = frozenset({"unassigned", "not assigned", "nobody", "no agent", "no owner"})


def is_nobody(text: str) -> bool:
    """Where somebody's name would stand."""
    return trimmed(text).casefold() in _NOBODY


def lines(text: str) -> str:
    """A text of several lines, each ended as we end them."""
    return re.sub(r"\r\n?", "\n", text.strip())


def one_line(text: str) -> str:
    """Lines joined as they are read aloud."""
    return " ".join(filter(None, (line.strip() for line in _LINES.split(trimmed(text)))))


def _filled(parts: Sequence[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip() and not is_nothing(part)]
