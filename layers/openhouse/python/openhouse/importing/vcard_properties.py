"""The cards of a vCard file (2.1, 3.0, 4.0), each as those of its properties that are used: unfolded, decoded. Pure.

Bytes are put together before they are decoded: a fold may stand inside a character, and each property of vCard 2.1 may
have a character set of its own. A line that is no property costs itself alone.
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from openhouse.importing.encodings import Encoding, lines_of

USED = frozenset(
    {"N", "FN", "NICKNAME", "ORG", "TITLE", "EMAIL", "TEL", "ADR", "URL", "NOTE", "BDAY", "ANNIVERSARY", "CATEGORIES"}
    | {"X-ABLABEL", "AGENT"}
)
_LONGEST = 1_000_000  # bytes of a property; pictures are cut off there, and not used anyway
MOST_PROPERTIES = 500  # of a card that are used; a person's has some twenty
_BEGINS = re.compile(r"\s*(?:([\w-]+)\.)?([A-Za-z0-9-]+)\s*(?=[;:])")  # `item1.TEL`
_PARAMETERS = re.compile(r'((?:\s*;(?:[^":;]|"[^"]*")*+)*+):')  # `;TYPE=HOME;LABEL="a: b; c":`
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*+)')
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"})
_PRINTABLE = "QUOTED-PRINTABLE"
_BREAKS = "\r\n"
_MARKS = " \t\ufeff\xef\xbb\xbf"  # of an encoding, before the first line


@dataclass(frozen=True)
class Property:
    """`group`: `item1` of `item1.TEL`. `types`: in lower case. `value`: still with the backslashes of vCard."""

    name: str
    value: str
    group: str = ""
    types: tuple[str, ...] = ()


@dataclass
class Card:
    """`bad_lines`: how many of its lines are no properties; `left_out`: whether it has more than are read."""

    line: int
    properties: list[Property] = field(default_factory=list)
    ended: bool = False
    bad_lines: int = 0
    left_out: bool = False


def cards(file: BinaryIO, encoding: Encoding) -> Iterator[Card]:
    """In the order of the file. What stands outside of cards is left out."""
    wide = encoding.name.startswith(("utf-16", "utf-32"))
    card: Card | None = None
    nested = 0  # a card inside another: its agent
    for line, text in _unfolded(lines_of(file, encoding if wide else Encoding("latin-1"))):
        name, _, value = text.partition(":")
        word = (name.strip(_MARKS).upper(), value.strip().upper())
        if word == ("BEGIN", "VCARD"):
            if card and card.properties and card.properties[-1].name == "AGENT":
                nested += 1
                continue
            if card:
                yield card
            card = Card(line)
        elif word == ("END", "VCARD"):
            if nested:
                nested -= 1
            elif card:
                card.ended = True
                yield card
                card = None
        elif card and not nested:
            _add(card, text, encoding, wide=wide)
    if card:
        yield card


def _unfolded(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Logical lines, each with the number of its first."""
    begun, pieces, length, soft = 0, [""], 0, False
    for number, line in enumerate(lines, 1):
        text = line.rstrip(_BREAKS)
        if begun and soft:
            pieces[-1] = pieces[-1].removesuffix("=")
            more = text
        elif begun and text[:1] in (" ", "\t") and text:
            more = text[1:]
        else:
            if begun:
                yield begun, "".join(pieces)
            begun, pieces, length, more = number, [], 0, text
        if length < _LONGEST:
            pieces.append(more)
            length += len(more)
        soft = more.endswith("=") and _PRINTABLE in pieces[0][:200].upper()
    if begun:
        yield begun, "".join(pieces)


def _add(card: Card, text: str, encoding: Encoding, *, wide: bool) -> None:
    begins = _BEGINS.match(text)
    if not begins:
        card.bad_lines += bool(text.strip())
        return
    group, name = (begins[1] or "").lower(), begins[2].upper()
    if name not in USED:
        return
    if len(card.properties) == MOST_PROPERTIES:
        card.left_out = True
        return
    match = _PARAMETERS.match(text, begins.end())
    if not match:
        card.bad_lines += 1
        return
    types: list[str] = []
    charset, printable = "", False
    for parameter in _PARAMETER.findall(match[1]):
        key, equals, value = (part.strip(' "') for part in parameter.partition("="))
        upper = key.upper()
        if not equals and upper not in _ENCODINGS:
            types.append(key.lower())  # of vCard 2.1: `TEL;HOME;VOICE`
        elif upper == "TYPE":
            types += [type_.strip().lower() for type_ in value.split(",")]
        elif upper == "CHARSET":
            charset = value
        elif upper == "PREF":
            types.append("pref")
        printable = printable or _PRINTABLE in (upper, value.upper())
    value = _decoded(text[match.end() :], encoding, charset, printable=printable, wide=wide)
    card.properties.append(Property(name, value, group, tuple(filter(None, types))))


def _decoded(text: str, encoding: Encoding, charset: str, *, printable: bool, wide: bool) -> str:
    """By the property's own character set if it names one, else as UTF-8 if it is that, else as the whole file."""
    if wide and not printable:
        return text
    data = text.encode("utf-8" if wide else "latin-1")
    if printable:
        data = quopri.decodestring(data)
    if data.isascii():
        return data.decode("ascii")
    is_utf8 = _is_utf8(data)
    name = _known(charset)
    if name and (name != "utf-8" or is_utf8):
        return data.decode(name, "replace")
    if is_utf8:
        return data.decode()
    return data.decode("latin-1" if encoding.name == "latin-1" else "cp1252", "replace")


def _known(charset: str) -> str:
    """The codec's name, of text alone; nothing if there is no such."""
    try:
        info = codecs.lookup(charset)
    except LookupError:
        return ""
    return info.name if charset and getattr(info, "_is_text_encoding", True) else ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
