"""Names of people and companies as they are written together, taken apart. Pure."""
# ruff: noqa: PLC0415 - nameparser is loaded by the first name

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openhouse.core.folding import folded

_COMPANY = re.compile(
    r"\b(?:llc|l\.l\.c|inc|corp|corporation|company|co\.|lp|llp|ltd|limited|trust|estate\s+of|bank|holdings|partners"
    r"|partnership|properties|capital|group|ventures|investments|homes|realty|association|foundation|church|fund)\b",
    re.IGNORECASE,
)
_NOT_AND = r"(?<!\bhusband )(?<!\bwife )"
# Spaces are counted: of many in a row, each would be tried as the first and the last of several parts.
_BETWEEN = re.compile(
    rf"{_NOT_AND}\s{{0,9}}(?:,?\s{{1,9}}(?:and|y|und|&)\s{{1,9}}|\s{{0,9}}[;/&]\s{{0,9}}"
    rf"|,\s{{1,9}}(?!(?:inc|llc|lp|jr|sr|ii|iii|ltd)\b))\s{{0,9}}",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_][\w.'\u2019\u2010-]*"
_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{0,5}}")

# Frequent Hispanic surnames of the United States, without accents: two of them at a name's end are both
# surnames.
# U.S. Census Bureau, Frequently Occurring Surnames from the 2010 Census.
_SURNAMES = frozenset({
    "acosta", "aguilar", "aguirre", "alvarado", "alvarez", "arellano", "avila", "ayala", "barajas", "barrera",
    "beltran", "benitez", "bravo", "bustamante", "caballero", "cabrera", "calderon", "camacho", "campos", "cano",
    "cantu", "cardenas", "cardona", "carrasco", "carrillo", "casillas", "castaneda", "castellanos", "castillo",
    "castro", "cervantes", "chacon", "chavez", "cisneros", "colon", "contreras", "cordova", "coronado", "correa",
    "cortez", "cruz", "cuevas", "davila", "deleon", "delgado", "diaz", "dominguez", "duran", "enriquez", "escobar",
    "escobedo", "esparza", "espinosa", "espinoza", "esquivel", "estrada", "felix", "fernandez", "figueroa", "flores",
    "franco", "fuentes", "galindo", "gallardo", "gallegos", "galvan", "gamboa", "garcia", "garza", "gomez",
    "gonzales", "gonzalez", "guerrero", "guevara", "gutierrez", "guzman", "hernandez", "herrera", "huerta", "hurtado",
    "ibarra", "jaramillo", "jimenez", "juarez", "lara", "leal", "leon", "leyva", "lopez", "lozano", "lucero", "lugo",
    "luna", "macias", "magana", "maldonado", "marin", "marquez", "martinez", "medina", "mejia", "melendez", "mendez",
    "mendoza", "mercado", "miranda", "molina", "montes", "montoya", "mora", "morales", "moreno", "munoz", "nava",
    "navarro", "nieves", "nunez", "ocampo", "ochoa", "olivares", "orozco", "ortega", "ortiz", "osorio", "pacheco",
    "padilla", "pena", "perez", "pineda", "ponce", "portillo", "prado", "quinones", "quintana", "quintero", "ramirez",
    "ramos", "rangel", "reyes", "rico", "rios", "rivas", "rivera", "robles", "rocha", "rodriguez", "rojas", "romero",
    "rosales", "rosario", "rubio", "ruiz", "saenz", "salas", "salazar", "salcedo", "salgado", "salinas", "sanchez",
    "sandoval", "santana", "santiago", "santos", "sierra", "silva", "solis", "sosa", "soto", "suarez", "tapia",
    "tejada", "tellez", "toledo", "torres", "trejo", "trevino", "trujillo", "urbina", "valdez", "valencia",
    "valenzuela", "varela", "vargas", "vasquez", "vazquez", "vega", "vela", "velasquez", "velazquez", "vera", "vigil",
    "villa", "villanueva", "villarreal", "yanez", "zamora", "zapata", "zavala", "zuniga",
})  # fmt: skip


@dataclass(frozen=True)
class Name:
    """Places are within the text that was taken apart. A company has its name alone."""

    start: int
    end: int
    company: str | None = None
    first: str | None = None
    last: str | None = None
    last_start: int = 0  # where the last name begins, which may be shared: of `Bill and Joan Archer`

    @property
    def key(self) -> str:
        return folded(self.company or f"{self.first or ''} {self.last or ''}")


def names(text: str) -> list[Name]:
    """Everyone whom a text like `Bill and Joan Archer` names; what is no name is left out."""
    if not any(map(str.isupper, text)):
        return []
    if is_company(text):
        return [Name(0, len(text), company=" ".join(text.split()))]
    found = [each for start, end in _parts(text) if (each := _person(text, start, end))]
    for index in range(len(found) - 2, -1, -1):
        one, following = found[index], found[index + 1]
        if one.last is None and one.company is None and following.last:  # Bill, of Bill and Joan Archer
            found[index] = Name(
                one.start, one.end, first=one.first, last=following.last, last_start=following.last_start
            )
    return found


def is_company(text: str) -> bool:
    return bool(_COMPANY.search(text))


def is_name(text: str) -> bool:
    """Whether it could be one: no words in small letters."""
    return any(map(str.isupper, text)) and _is_written_as_name(text)


def _is_written_as_name(text: str) -> bool:
    return is_company(text) or bool(_NAME.fullmatch(" ".join(text.split())))


def _parts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for each in [*_BETWEEN.finditer(text), None]:
        end = each.start() if each else len(text)
        if text[start:end].strip():
            lead = len(text[start:end]) - len(text[start:end].lstrip())
            yield start + lead, start + len(text[start:end].rstrip())
        start = each.end() if each else end


def _person(text: str, start: int, end: int) -> Name | None:
    from nameparser import HumanName

    written = text[start:end]
    if is_company(written):
        return Name(start, end, company=" ".join(written.split()))
    if not _NAME.fullmatch(" ".join(written.split())):
        return None
    name = HumanName(" ".join(written.split()))
    middle, last = name.middle, name.last
    *given, second = middle.split() or [""]
    if second and folded(second) in _SURNAMES and folded(last).split()[:1] and folded(last).split()[-1] in _SURNAMES:
        middle, last = " ".join(given), f"{second} {last}"
    first = " ".join(part for part in (name.first, middle) if part) or None
    last = " ".join(part for part in (last, name.suffix) if part)
    if not (first or last):
        return None
    return Name(start, end, first=first, last=last or None, last_start=end - len(last) if last else end)
