"""What a cell looks like: the name of a column, or data. Pure.

Only to find out where a header is and which character separates cells; what a column means is decided elsewhere.
"""

from __future__ import annotations

import re
from enum import Enum, auto

_LONGEST_LABEL = 60  # characters; names of columns are shorter, but for some with an address in brackets

# Words of which the names of columns are made, in the languages people's own spreadsheets are in.
_WORDS_OF_NAMES = """
account acreage acres added addr address adresse age agent agents agreement amount anniversary apellido apellidos apt
area asking assigned assistant assoc associated association attendees balance bath bathroom bathrooms baths bed
bedroom bedrooms beds billing birth birthdate birthday broker brokerage budget building business buyer buyers call
calle calls categories category cell celular city ciudad client clients close closed closing co code codigo comment
comments commission company condition contact contacts contract correo country county courriel created creator
cumpleaños currency custom código date dates datum day days deal deals department deposit description detail details
dir dirección direction dob dom down due earnest email emails employer empresa end escrow estado event expiration
expires external factor fax fecha fee fees field file first floor form full garage geburtstag gender given gross group
groups hashtags hausnummer height hoa home house id income info initials inspection interest interested job key
keywords kind kunde kunden käufer label labels land language last lat latitude lead lender level line link list listed
listing listings lng loan location lon long longitude lot mail mailing manager market marketing max member message
method middle min mls mobil mobile modified nachname naissance name named names net next nickname no nom nombre
nombres note notes notiz notizen nr num number occupation office on open opened options order org organisation
organization original ort own owner owners package pager parcel parking partner party payment pays pending percent
period person persona phone phones photo photos pipeline place plan plz poblacion points pool postal posted
postleitzahl precio prefix preis prenom price primary priority private product profession profile project properties
property province provincia prénom public purchase quantity quelle rate rating reason ref reference referral referred
referrer region registered relationship remarks rent role rooms sale sales salutation score search secondary seller
sellers service share side size société sold source split spouse sq sqft square stadt stage standard start state
status strasse strasze straße street style subject suburb suffix suite summary summe surname tag tags task tax team
tel telefon telefone telefono telephon telephone teléfono template tenant term text time timeframe timeline titel
title to total town tract transaction type téléphone unit units unparsed updated url user username vacation value
vendor verkäufer version view views village ville volume vorname web website whatsapp width work worth year yr
zestimate zip zipcode zone
"""
_WORDS = frozenset(_WORDS_OF_NAMES.split())
_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_SEPARATORS = re.compile(r"[\W_]+")
_MARKS = re.compile(r"[#$%?*]")  # `MLS #`, `$/SqFt`, `Commission %`

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
# numbers, money, dates and telephone numbers
_NUMERIC = re.compile(
    r"[-+()$€£\s.,/:'#*%\d]*\d[-+()$€£\s.,/:'#%\d]*(?:(?:a\.?m\.?|p\.?m\.?|z|k|m|usd|eur|x\s*\d+)\s*)?", re.IGNORECASE
)
_NUMBERED = re.compile(r"\d+\S*\s+\S")  # an address


class Looks(Enum):
    EMPTY = auto()
    WORDS = auto()
    EMAIL = auto()
    URL = auto()
    NUMERIC = auto()
    NUMBERED = auto()


DATA = frozenset({Looks.EMAIL, Looks.URL, Looks.NUMERIC, Looks.NUMBERED})


def looks_of(cell: str) -> Looks:
    text = cell.strip()[:200]
    if not text:
        return Looks.EMPTY
    if _EMAIL.fullmatch(text):
        return Looks.EMAIL
    if _URL.match(text):
        return Looks.URL
    if _NUMERIC.fullmatch(text):
        return Looks.NUMERIC
    return Looks.NUMBERED if _NUMBERED.match(text) else Looks.WORDS


def is_usual_name(cell: str) -> bool:
    """Whether it is what columns are called: at least half of its words are such words."""
    text = cell.strip().partition("(")[0] or cell.strip("( )")
    if not text or len(text) > _LONGEST_LABEL or looks_of(text) in DATA:
        return False
    words = [word for word in _SEPARATORS.split(_CAMEL.sub(" ", text).lower()) if word and not word.isdigit()]
    known = sum(word in _WORDS or (word.endswith("s") and word[:-1] in _WORDS) for word in words)
    return bool(words) and (2 * known >= len(words) or bool(known and _MARKS.search(text)))
