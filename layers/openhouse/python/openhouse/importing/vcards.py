"""Tables of vCards: a row a card, its columns called as in Google's export of contacts. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from openhouse.importing.encodings import Encoding, find_encoding
from openhouse.importing.rows import Notes, Row, Table, Unreadable
from openhouse.importing.vcard_properties import MOST_PROPERTIES, Card, Property, cards

_MOST = 10  # telephone numbers, e-mail addresses, addresses and sites of one card
_ADDRESS = ("PO Box", "Street 2", "Street", "City", "State", "ZIP", "Country")  # in the order of ADR
_NAME = ("Last Name", "First Name", "Middle Name", "Name Prefix", "Name Suffix")  # in the order of N
_SINGLE = {
    "NICKNAME": "Nickname", "TITLE": "Job Title", "NOTE": "Notes", "BDAY": "Birthday", "ANNIVERSARY": "Anniversary",
    "CATEGORIES": "Tags",
}  # fmt: skip
_SEVERAL = {"EMAIL": "E-mail", "TEL": "Phone", "URL": "Website"}

_BEFORE = (
    "Name", "First Name", "Middle Name", "Last Name", "Name Prefix", "Name Suffix", "Nickname", "Organization",
    "Department", "Job Title",
)  # fmt: skip
_ADDRESS_ORDER = ("Street", "Street 2", "PO Box", "City", "State", "ZIP", "Country", "Label")
_AFTER = ("Birthday", "Anniversary", "Tags", "Notes")

_LABELS = {
    "cell": "Mobile", "iphone": "Mobile", "mobile": "Mobile", "home": "Home", "work": "Work", "main": "Main",
    "other": "Other", "pager": "Pager", "car": "Car", "school": "School", "assistant": "Assistant",
}  # fmt: skip
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_UNESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BASIC_DATE = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:T.*)?", re.IGNORECASE)
_NO_YEAR = "1604"  # as Apple's programs write it

Cells = dict[str, str]


def read_vcards(file: BinaryIO) -> Table:
    """Reads all cards once, to know the columns. Raises Unreadable if there is none with anything in it."""
    encoding = find_encoding(file)
    used: Counter[str] = Counter()
    for card in cards(file, encoding):
        used.update(_cells(card, Notes()).keys())
    if not used:
        raise Unreadable("The file has no contacts: no card in it has anything that could be read.")
    columns = tuple(name for name in _order() if name in used)
    return Table(columns, header=True, rows=_Reading(file, encoding, columns).rows, notes=encoding.notes)


@dataclass(frozen=True)
class _Reading:
    file: BinaryIO
    encoding: Encoding
    columns: tuple[str, ...]

    def rows(self, notes: Notes) -> Iterator[Row]:
        for card in cards(self.file, self.encoding):
            cells = _cells(card, notes)
            if card.bad_lines:
                lines = "A line" if card.bad_lines == 1 else f"{card.bad_lines} lines"
                notes.add(f"{lines} of the card that begins in line {card.line} could not be read.")
            if card.left_out:
                notes.add(f"Of cards with more than {MOST_PROPERTIES} entries, the others were left out.")
            fault = "" if card.ended else "the card has no end"
            if not cells:
                fault = "the card is empty"
            yield Row(card.line, tuple(cells.get(name, "") for name in self.columns), fault)


def _order() -> Iterator[str]:
    """All columns that there can be."""
    yield from _BEFORE
    for what in ("E-mail", "Phone"):
        for number in range(1, _MOST + 1):
            yield f"{what} {number}"
            yield f"{what} {number} - Label"
    for number in range(1, _MOST + 1):
        for part in _ADDRESS_ORDER:
            yield _address_column(number, part)
    for number in range(1, _MOST + 1):
        yield f"Website {number}"
    yield from _AFTER


def _address_column(number: int, part: str) -> str:
    """`City`, of the second address `Address 2 - City`."""
    return f"Address {number} - {part}" if number > 1 or part == "Label" else part


def _cells(card: Card, notes: Notes) -> Cells:
    cells: Cells = {}
    labels = {item.group: _text(item.value) for item in card.properties if item.name == "X-ABLABEL" and item.group}
    for item in sorted(card.properties, key=lambda item: "pref" not in item.types):  # what is preferred comes first
        if put := _READERS.get(item.name):
            put(cells, item, labels.get(item.group, ""), notes)
    name = next((_text(item.value) for item in card.properties if item.name == "FN"), "")
    if name and not any(cells.get(column) for column in (*_NAME, "Organization")):
        cells["Name"] = name
    return {column: text for column, text in cells.items() if text.strip()}


def _put_name(cells: Cells, item: Property, _label: str, _notes: Notes) -> None:
    for column, part in zip(_NAME, _split(item.value, ";"), strict=False):
        cells.setdefault(column, " ".join(_text(name) for name in _split(part, ",")).strip())


def _put_organization(cells: Cells, item: Property, _label: str, _notes: Notes) -> None:
    organization, *departments = [_text(part).strip() for part in _split(item.value, ";")]
    cells.setdefault("Organization", organization)
    cells.setdefault("Department", ", ".join(filter(None, departments)))


def _put_single(cells: Cells, item: Property, _label: str, _notes: Notes) -> None:
    column = _SINGLE[item.name]
    text = _text(item.value).strip()
    if item.name in ("BDAY", "ANNIVERSARY"):
        text = _date(text)
    elif item.name == "CATEGORIES":
        text = ", ".join(filter(None, (_text(tag).strip() for tag in _split(item.value, ","))))
    if cells.get(column) and text:
        separator = "\n" if item.name == "NOTE" else ", "
        text = cells[column] + separator + text
    cells[column] = text or cells.get(column, "")


def _put_several(cells: Cells, item: Property, label: str, notes: Notes) -> None:
    what = _SEVERAL[item.name]
    text = _text(item.value).strip()
    if item.name == "TEL":
        text = text.removeprefix("tel:").replace(";ext=", " x")
    elif item.name == "EMAIL":
        text = text.removeprefix("mailto:")
    number = 1
    while f"{what} {number}" in cells:
        if cells[f"{what} {number}"] == text:
            return
        number += 1
    if number > _MOST:
        notes.add(f"Some cards have more than {_MOST} of one kind ({what}); the others were left out.")
    elif text:
        cells[f"{what} {number}"] = text
        if item.name != "URL":
            cells[f"{what} {number} - Label"] = _label(item, label)


def _put_address(cells: Cells, item: Property, label: str, notes: Notes) -> None:
    parts = {
        part: _text(text).strip() for part, text in zip(_ADDRESS, _split(item.value, ";"), strict=False) if text.strip()
    }
    if not parts:
        return
    number = 1
    while any(_address_column(number, part) in cells for part in _ADDRESS):
        number += 1
    if number > _MOST:
        notes.add(f"Some cards have more than {_MOST} addresses; the others were left out.")
        return
    for part, text in parts.items():
        cells[_address_column(number, part)] = text
    cells[_address_column(number, "Label")] = _label(item, label)


_READERS: dict[str, Callable[[Cells, Property, str, Notes], None]] = {
    "N": _put_name,
    "ORG": _put_organization,
    "ADR": _put_address,
    **dict.fromkeys(_SINGLE, _put_single),
    **dict.fromkeys(_SEVERAL, _put_several),
}


def _label(item: Property, own: str) -> str:
    """`Mobile`, `Work`, `Home Fax`, or what somebody called it."""
    if own:
        match = _APPLE_LABEL.fullmatch(own)
        return match[1] if match else own
    label = next((_LABELS[type_] for type_ in item.types if type_ in _LABELS), "")
    return f"{label} Fax".strip() if "fax" in item.types else label


def _date(text: str) -> str:
    """`1984-05-03`; `--05-03` without a year. What is no such date stays as it is."""
    match = _BASIC_DATE.fullmatch(text)
    if not match:
        return text
    year = "-" if match[1] in ("--", _NO_YEAR) else match[1]
    return f"{year}-{match[2]}-{match[3]}"


def _split(value: str, separator: str) -> list[str]:
    """At separators that no backslash stands before."""
    parts, begin, index = [], 0, 0
    while index < len(value):
        if value[index] == "\\":
            index += 1
        elif value[index] == separator:
            parts.append(value[begin:index])
            begin = index + 1
        index += 1
    return [*parts, value[begin:]]


def _text(value: str) -> str:
    """Without the backslashes; line breaks as one LF each."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return _UNESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], plain)
