"""How texts are compared when somebody searches: as words without case, accents, apostrophes and punctuation. Pure.

A searched text has words; what is asked for is found if each of its own words begins one of them. The words of a text
are more than those that stand in it: an address with `St` has `street`, too, and a telephone number each of its groups.
docs/search-vectors.json holds the tables below and examples, for clients that do the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST_WORD = 40  # characters; what is longer is cut, wherever it stands

# Letters that do not come apart into one of a to z and an accent.
LETTERS = {
    "ß": "ss", "\u03c2": "\u03c3", "\u0131": "i", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ł": "l", "ŋ": "n", "œ": "oe",
    "æ": "ae", "þ": "th", "ŧ": "t",
}  # fmt: skip
_LETTERS = str.maketrans(LETTERS)

# What is typed for an apostrophe; most look like one another.
APOSTROPHES = "'`\u00b4\u2019\u2018\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\uff07"
_APOSTROPHES = re.compile(f"[{APOSTROPHES}]")

_PLAIN_WORDS = re.compile("[a-z0-9]+")

# What is written in two ways. A word has the others of its line, too, but for those that it begins with.
TWINS = (
    ("street", "saint", "st"), ("avenue", "ave"), ("boulevard", "blvd"), ("drive", "dr"), ("road", "rd"),
    ("lane", "ln"), ("court", "ct"), ("circle", "cir"), ("place", "pl"), ("terrace", "ter"), ("highway", "hwy"),
    ("parkway", "pkwy"), ("square", "sq"), ("trail", "trl"), ("cove", "cv"), ("crossing", "xing"), ("mount", "mt"),
    ("fort", "ft"), ("apartment", "apt"), ("suite", "ste"), ("building", "bldg"), ("north", "n"), ("south", "s"),
    ("east", "e"), ("west", "w"), ("northeast", "ne"), ("northwest", "nw"), ("southeast", "se"), ("southwest", "sw"),
)  # fmt: skip
_SHORT = {line[-1]: line[:-1] for line in TWINS}
_LONG = {word: line[-1] for line in TWINS for word in line[:-1]}

_PHONE = re.compile(r"\+([1-9]\d{6,14})(?:;ext=(\d+))?", re.ASCII)  # as it is stored
_HOME_DIGITS = 11  # of a number of North America with its 1, which is written in groups of 3, 3 and 4
_LEAST_GROUP = 3


def words(text: str) -> list[str]:
    """Those that stand in it, in their order: what somebody asks for."""
    return _split(_APOSTROPHES.sub("", text))


def alike(text: str) -> str:
    """What is written in two ways in one: `12 High Street` and `12 HIGH ST.` become the same."""
    return " ".join(_LONG.get(word, word) for word in words(text))


def searched_words(text: str) -> Iterator[str]:
    """Those that it can be found by."""
    if phone := _PHONE.fullmatch(text):
        yield from _groups(*phone.groups(default=""))
        return
    for word in words(text):
        yield word
        yield from _SHORT.get(word, ())
        twin = _LONG.get(word, "")
        if not word.startswith(twin):
            yield twin
    if _APOSTROPHES.search(text):  # O'Brien is found by Brien, too
        yield from _split(_APOSTROPHES.sub(" ", text))


def is_found(asked: Iterable[str], found: Iterable[str]) -> bool:
    """Whether each of the words begins one of those of a text."""
    known = list(found)
    return all(any(word.startswith(one) for word in known) for one in asked)


def folded(text: str) -> str:
    """The text as its words with a space between: what is equal to it is meant to be the same."""
    return " ".join(words(text))


def _split(text: str) -> list[str]:
    if text.isascii():  # as most are: all of the below comes to this
        return [word[:LONGEST_WORD] for word in _PLAIN_WORDS.findall(text.lower())]
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    kept = (one for one in plain.translate(_LETTERS) if unicodedata.category(one)[0] != "M")
    runs = "".join(one if unicodedata.category(one)[0] in "LN" else " " for one in kept)
    return [word[:LONGEST_WORD] for word in runs.split()]


def _groups(digits: str, extension: str) -> Iterator[str]:
    """Of a telephone number: all that begins with one of its groups. Those of another country are not known."""
    if digits.startswith("1") and len(digits) == _HOME_DIGITS:
        yield from (digits, digits[1:], digits[4:], digits[7:])
    else:
        yield from (digits[start:] for start in range(len(digits) - _LEAST_GROUP + 1))
        yield from (f"0{digits[start:]}" for start in range(1, 4))  # as it is dialled within the country
    if extension:
        yield extension
