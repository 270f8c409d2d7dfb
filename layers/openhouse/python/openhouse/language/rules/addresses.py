"""The property's address in a text: by the shape of American and Canadian addresses. Pure."""
# ruff: noqa: PLC0415 - usaddress is loaded by the first line that no pattern fits

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openhouse.language.engine import Mention
from openhouse.language.labels import Label

_SUFFIX = (
    r"(?:st|street|ave?|avenue|rd|road|dr|drive|ln|lane|ct|court|cir|circle|pl|place|ter|terrace|way|blvd|boulevard|pkwy"
    r"|parkway|hwy|highway|sq|square|trl|trail|run|loop|row|walk|path|pike|aly|alley|cv|cove|xing|crossing|landing|mall"
    r"|point|pt|ridge|view|bend|hill|plaza|expy|broadway)"
)
_DIRECTION = r"(?:[nsew]|[ns][ew]|north|south|east|west)\.?"
_NUMBER = r"(?<![\w.,#$/:-])\d{1,6}(?:-\d{1,4})?[A-Z]?"
_UNIT = r"(?:,?\s*(?:\#\s*|(?:unit|apt|apartment|ste|suite|no)\.?\s*\#?\s*)[\w-]{1,6})"
_WORD = r"[^\W\d_][\w.'\u2019-]*"
_WITH_SUFFIX = re.compile(
    rf"{_NUMBER}\s+(?:{_DIRECTION}\s+)?(?:(?:(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,4}}?{_SUFFIX}\b\.?|(?:highway|hwy|route|rt)\.?\s+\d{{1,4}})"
    rf"(?:\s+{_DIRECTION}(?![\w.]))?{_UNIT}?",
    re.IGNORECASE,
)
_PART = r"[A-Z\u00c0-\u00de][\w.'\u2019-]*"
_CITY = rf"{_PART}(?: (?:(?:del?|la|las|los|of|the|by) ){{0,2}}{_PART}){{0,3}}?"
_STATE = r"[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?"
_ZIP = r"\d{5}(?:-\d{4})?(?!\d|,\d{3})|[A-Z]\d[A-Z] ?\d[A-Z]\d\b"
_TAIL = (
    rf"(?:\s*,\s*|\s+in\s+|\s+)(?P<city>{_CITY})(?:\s*,\s*|\s*\(\s*|\s+)"
    rf"(?:(?P<state>{_STATE})(?:\s*,\s*|\s+)(?P<zip>{_ZIP})|(?P<state2>[A-Z]{{2}})\b(?!\s*:)|(?P<zip2>{_ZIP}))"
)
_AFTER = re.compile(_TAIL)
# Without any of the usual suffixes a comma has to part it from its city.
_WHOLE = re.compile(
    rf"(?P<street>{_NUMBER}(?:\s+{_WORD}){{1,5}}{_UNIT}?)(?=,)"
    + _TAIL.replace(r"(?:\s*,\s*|\s+in\s+|\s+)", r"\s*,\s*", 1)
)
_TOGETHER = re.compile(
    rf"\bcity\s*[,/]\s*state\s*[,/]\s*zip\s*:\s*(?P<city>[^\n,]{{2,40}}),\s*(?P<state>{_STATE})\s+(?P<zip>{_ZIP})",
    re.IGNORECASE,
)
_LABELLED: dict[Label, re.Pattern[str]] = {
    "city": re.compile(
        r"\bcity\s*:\s*(?P<value>[A-Z][\w.'-]+(?: [A-Z][\w.'-]+)*?)(?=\s{2,}|\s*\n|\s*,|\s+state)", re.IGNORECASE
    ),
    "state": re.compile(r"\b[Ss](?:tate|TATE)\s*:\s*(?P<value>[A-Z]{2}|[A-Z][a-z]+)\b"),
    "zip": re.compile(rf"\bzip(?:\s*code)?\s*:\s*(?P<value>{_ZIP})", re.IGNORECASE),
}
_OURS = re.compile(
    r"(?:property|premises|address|located at|listing|escrow|house|home|sale of|:)\W*(?:\w+\W+){0,4}$", re.IGNORECASE
)
_OTHERS = re.compile(
    r"(?:office|comps?|comparable|neighbou?r|mail(?:ing)? address|meet\w*(?:\s+me)?(?:\s+at)?)\W*(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_LINE = re.compile(r"\b(?:property|premises)(?: address)?\s*:\s*(?P<line>[^\n]{5,120})", re.IGNORECASE)
_PARTS: dict[str, Label] = {"PlaceName": "city", "StateName": "state", "ZipCode": "zip"}


@dataclass(frozen=True)
class _Address:
    start: int
    end: int
    parts: tuple[Mention, ...]  # street, city, state and ZIP code, as far as they are there


def find(text: str) -> Iterator[Mention]:
    found = [*_by_suffix(text), *_by_commas(text)] or [*_by_model(text)]
    if not found:
        return
    best = max(found, key=lambda each: (_score(text, each), -each.start))
    yield from best.parts
    known = {part.label for part in best.parts}
    if known == {"street"} and (together := _TOGETHER.search(text)):
        for label in ("city", "state", "zip"):
            yield Mention(*together.span(label), label)
        return
    for label, form in _LABELLED.items():
        if label not in known and (labelled := form.search(text)):
            yield Mention(*labelled.span("value"), label)


def _score(text: str, address: _Address) -> int:
    before = text[max(0, address.start - 60) : address.start].rsplit("\n\n", 1)[-1]
    return len(address.parts) + 2 * bool(_OURS.search(before)) - 6 * bool(_OTHERS.search(before))


def _by_suffix(text: str) -> Iterator[_Address]:
    for street in _WITH_SUFFIX.finditer(text):
        start, end = street.start(), street.start() + len(street.group().rstrip(" ,"))
        tail = _AFTER.match(text, end)
        yield _Address(start, end, (Mention(start, end, "street"), *_tail(tail)))


def _by_commas(text: str) -> Iterator[_Address]:
    for whole in _WHOLE.finditer(text):
        yield _Address(*whole.span(), (Mention(*whole.span("street"), "street"), *_tail(whole)))


def _tail(found: re.Match[str] | None) -> Iterator[Mention]:
    if found is None:
        return
    yield Mention(*found.span("city"), "city")
    for group, label in (("state", "state"), ("state2", "state"), ("zip", "zip"), ("zip2", "zip")):
        if found[group]:
            yield Mention(*found.span(group), label)  # type: ignore[arg-type]


def _by_model(text: str) -> Iterator[_Address]:
    """A line that says it is the property's address, and has a form of its own."""
    import usaddress

    for line in _LINE.finditer(text):
        place = line.start("line")
        places: dict[Label, tuple[int, int]] = {}
        for token, name in usaddress.parse(line["line"].replace("\n", " ")):
            start = text.index(token, place)
            place = start + len(token)
            label = _PARTS.get(
                name, "street" if name.startswith(("Address", "Street", "Occupancy", "USPSBox")) else None
            )
            if label:
                first, _ = places.get(label, (start, place))
                places[label] = (first, start + len(token.rstrip(",.")))
        if "street" in places and text[places["street"][0]].isdigit():
            yield _Address(
                line.start("line"), line.end("line"), tuple(Mention(*span, label) for label, span in places.items())
            )
