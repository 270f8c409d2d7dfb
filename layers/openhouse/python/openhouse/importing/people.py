"""The names of people and companies."""

from __future__ import annotations

import re
from collections import Counter

from nameparser import HumanName

from openhouse.importing.cells import one_line

_COMPANY = re.compile(
    r"""\b(?:llc|l\.l\.c|inc|incorporated|corp|corporation|ltd|limited|llp|lp|pllc|plc|gmbh|trust|trustees?|estate\ of|
    company|properties|holdings|realty|investments?|enterprises|associates|foundation|partners(?:hip)?|group|ventures|
    capital|brokerage|builders|construction|association|ministries|bank|credit\ union|homeowners|hoa|developers?|dba|
    services|management|solutions|law\ offices?|university|city\ of|county\ of|state\ of|real\ estate)\b|
    (?:&|\band\b)\ (?:sons|co|company|daughters|associates|brothers|bros)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 300  # characters of a name; a cell may have a million
_TWO = re.compile(r"\s+(?:&|and|und|y)\s+", re.IGNORECASE)
_ONLY_TITLES = re.compile(
    r"(?:\s*(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|reverend|hon|and|&)\b[.,]?)*\s*", re.IGNORECASE
)
_SEATS = re.compile(r"^\s*(?:the\s+)?(?:mr|mrs|ms|dr)\b", re.IGNORECASE)

_LEGAL_FORM = re.compile(r"(?:llc|l\.l\.c\.?|inc\.?|corp\.?|ltd\.?|llp|lp|trust|company)", re.IGNORECASE)


def is_legal_form(text: str) -> bool:
    """`LLC` where somebody's last name would stand: the source has cut a company's name in two."""
    return bool(_LEGAL_FORM.fullmatch(text.strip()))


def is_company(text: str) -> bool:
    return bool(_COMPANY.search(text))


def split_name(text: str) -> dict[str, str]:
    """`firstName` and `lastName`, or `company`, which also takes two people with names of their own.

    No word is lost but a title such as `Dr.`: a name that would lose one stays whole, as the last name.
    """
    whole = " ".join(one_line(text).split())
    if len(whole) > _LONGEST:
        return {"lastName": whole}
    if is_company(whole) or _are_two(whole):
        return {"company": whole}
    name = HumanName(whole)
    title = "" if _ONLY_TITLES.fullmatch(name.title) else name.title  # `Dean` and `Earl` are names, too
    first = " ".join(filter(None, [title, name.first, name.middle]))
    if name.nickname:
        first = f"{first} ({name.nickname})".strip()
    last = " ".join(filter(None, [name.last, name.suffix]))
    if _words(first, last, "" if title else name.title) != _words(whole) or not (first or last):
        return {"lastName": whole}
    return {field: part for field, part in (("firstName", first), ("lastName", last)) if part}


def _are_two(name: str) -> bool:
    """`John Peña, Mary Peña`, `Ann Lee & Bo Chen`; not `Luz & Hector Peña`, who have one name, nor `Peña, John`."""
    if _SEATS.search(name):
        return False
    if "," in name:
        sides = [side.split() for side in name.split(",") if side.strip()]
        return len(sides) > 1 and all(len(side) > 1 for side in sides) and sides[0][-1] == sides[1][-1]
    sides = [side.split() for side in _TWO.split(name)]
    return len(sides) > 1 and len(sides[0]) > 1


def _words(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in re.findall(r"\w+", text.casefold()))
