"""Clients and leads that are the same person: pairs with reasons and a confidence, for a person to confirm. Pure.

People are compared only with those who have a value or a name in common, so 50,000 take seconds. A value that many
have, such as an office's telephone, makes nobody the same.
"""
# ruff: noqa: PLC0415 - rapidfuzz is in the layer of those functions alone that compare names

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from openhouse.core.folding import folded

MOST_WITH_A_VALUE = 8  # people who have one e-mail address or telephone number, beyond which it is nobody's own
MOST_WITH_A_NAME = 12
_NICKNAMES = (
    "alexander alex", "andrew andy drew", "anthony tony", "barbara barb", "benjamin ben",
    "catherine cathy kate katherine",
    "charles charlie chuck", "christopher chris", "daniel dan danny", "david dave", "deborah deb debbie",
    "dorothy dot dottie", "edward ed eddie", "elizabeth liz beth betty", "eugene gene", "francisco paco pancho",
    "guadalupe lupe", "gregory greg", "ignacio nacho", "james jim jimmy", "jennifer jen jenny", "jeffrey jeff",
    "john jack jon", "jose pepe", "joseph joe", "joshua josh", "kenneth ken", "kimberly kim", "lawrence larry",
    "margaret maggie peggy", "matthew matt", "michael mike", "nancy nan", "nicholas nick", "pamela pam",
    "patricia pat patty",
    "peter pete", "philip phil", "rebecca becky", "richard rick dick", "robert bob rob", "ronald ron", "samuel sam",
    "stephen steve steven", "susan sue", "theodore ted", "thomas tom", "timothy tim", "victoria vicky", "walter walt",
    "william bill will",
)  # fmt: skip
_FORMAL = {name: line.split()[0] for line in _NICKNAMES for name in line.split()}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Of a client or a lead; addresses and numbers as they are stored. `became`: the client that a lead is by now."""

    noun: str
    id: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    zip: str = ""
    became: str | None = None

    @classmethod
    def of(cls, noun: str, record: Mapping[str, Any]) -> Person:
        """`record` in wire form."""
        return cls(
            noun=noun,
            id=record["id"],
            first_name=record.get("firstName") or "",
            last_name=record.get("lastName") or "",
            company=record.get("company") or "",
            emails=_values(record, "email", "emails"),
            phones=_values(record, "phone", "phones"),
            zip=record.get("zip") or "",
            became=record.get("clientId"),
        )

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Person:
        """Of `dataclasses.asdict`, also without what is empty."""
        several = {name: tuple(document.get(name, ())) for name in ("emails", "phones")}
        return cls(**{**document, **several})

    @property
    def key(self) -> tuple[str, str]:
        return self.noun, self.id

    @property
    def name(self) -> str:
        return folded(f"{self.first_name} {self.last_name}".strip() or self.company)


class Reason(NamedTuple):
    """`kind`: email, phone, name. `text` for people."""

    kind: str
    text: str


@dataclass(frozen=True)
class Pair:
    """`confidence`: 0 to 1; from 0.9 on two things agree that few people share."""

    one: tuple[str, str]  # noun and id
    other: tuple[str, str]
    confidence: float
    reasons: tuple[Reason, ...]


def find_duplicates(people: Iterable[Person], *, least: float = 0.5) -> list[Pair]:
    """The surest first. Time and memory grow with the number of people, not with its square."""
    known = {person.key: person for person in people}
    candidates: set[tuple[tuple[str, str], tuple[str, str]]] = set()
    for values, most in ((_emails, MOST_WITH_A_VALUE), (_numbers, MOST_WITH_A_VALUE), (_names, MOST_WITH_A_NAME)):
        candidates.update(_together(known.values(), values, most))
    shared = _everyones(known.values())
    pairs = (_pair(known[one], known[other], shared) for one, other in sorted(candidates))
    return sorted(
        (pair for pair in pairs if pair and pair.confidence >= least),
        key=lambda pair: (-pair.confidence, pair.one, pair.other),
    )


def _together(
    people: Iterable[Person], values: Callable[[Person], set[str]], most: int
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    blocks: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for person in people:
        for value in values(person):
            blocks[value].append(person.key)
    for keys in blocks.values():
        if len(keys) <= most:
            yield from combinations(sorted(keys), 2)


def _everyones(people: Iterable[Person]) -> frozenset[str]:
    """Addresses and numbers that too many have."""
    counts: dict[str, int] = defaultdict(int)
    for person in people:
        for value in _emails(person) | _numbers(person):
            counts[value] += 1
    return frozenset(value for value, count in counts.items() if count > MOST_WITH_A_VALUE)


def _pair(one: Person, other: Person, shared: frozenset[str]) -> Pair | None:
    if other.became == one.id:  # clients come before leads
        return None
    emails = (_emails(one) & _emails(other)) - shared
    phones = (_numbers(one) & _numbers(other)) - shared
    alike, how = _likeness(one, other)
    reasons = [
        *(Reason("email", f"both have {value}") for value in sorted(emails)),
        *(Reason("phone", f"both have {value}") for value in sorted(phones)),
        *([Reason("name", how)] if how else []),
    ]
    confidence = _confidence(bool(emails), bool(phones), alike, one, other)
    return Pair(one.key, other.key, confidence, tuple(reasons)) if reasons else None


def _confidence(email: bool, phone: bool, alike: float, one: Person, other: Person) -> float:
    """Couples share addresses and telephones: where the first names say that they are two, no value makes them one."""
    if email or phone:
        if alike >= 0.8:
            return 0.99 if email and phone else 0.95 if email else 0.92
        if not (one.name and other.name):
            return 0.9 if email else 0.8
        return 0.45 if _are_two(one, other) else 0.75 if email and phone else 0.6
    if alike < 0.8:
        return 0.0
    if one.zip and one.zip[:5] == other.zip[:5]:
        return 0.8 if alike == 1 else 0.65
    contradicted = (one.emails and other.emails) or (one.phones and other.phones)
    return (0.5 if contradicted else 0.6) if alike == 1 else (0.35 if contradicted else 0.5)


def _likeness(one: Person, other: Person) -> tuple[float, str]:
    """How alike two names are, 0 to 1, and how to say it."""
    a, b = one.name, other.name
    if not a or not b:
        return 0.0, ""
    if sorted(a.split()) == sorted(b.split()):
        return 1.0, "the same name" if a == b else "the same names in another order"
    if one.company or other.company:
        ratio = _ratio_of_words(folded(one.company or a), folded(other.company or b))
        return (ratio, "almost the same name") if ratio >= 0.9 else (0.0, "")
    return _likeness_of_people(one, other)


def _likeness_of_people(one: Person, other: Person) -> tuple[float, str]:
    firsts = folded(one.first_name), folded(other.first_name)
    lasts = folded(one.last_name), folded(other.last_name)
    if lasts[0] == lasts[1] and _formal(firsts[0]) == _formal(firsts[1]):
        return 0.95, "a short form of the same name"
    if lasts[0] == lasts[1] and min(map(len, firsts)) == 1 and firsts[0][0] == firsts[1][0]:
        return 0.8, "the same last name, and an initial"
    same_first, same_last = firsts[0] == firsts[1], lasts[0] == lasts[1]
    if (same_last and _is_a_slip(*firsts)) or (same_first and _is_a_slip(*lasts)):
        return 0.9, "the same name but for a letter"
    return 0.0, ""


def _are_two(one: Person, other: Person) -> bool:
    first, second = _formal(folded(one.first_name)), _formal(folded(other.first_name))
    return bool(first and second) and _ratio(first, second) < 0.7


def _is_a_slip(one: str, other: str) -> bool:
    from rapidfuzz.distance import DamerauLevenshtein

    return min(len(one), len(other)) > 3 and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def _ratio(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) / 100


def _ratio_of_words(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.token_set_ratio(one, other) / 100


def _formal(name: str) -> str:
    first, *rest = name.split() or [""]
    return " ".join([_FORMAL.get(first, first), *rest])


def _emails(person: Person) -> set[str]:
    return {email.casefold() for email in person.emails if email}


def _numbers(person: Person) -> set[str]:
    """Without extensions: colleagues have one number with several, and are told apart by their names."""
    return {phone.partition(";")[0] for phone in person.phones if phone}


def _names(person: Person) -> set[str]:
    """Under which somebody is looked for: all words of the name in any order; the last name with the first letters."""
    words = person.name.split()
    if not words:
        return set()
    found = {" ".join(sorted(words))}
    first, last = _formal(folded(person.first_name)), folded(person.last_name)
    if first and last:
        found |= {f"{last}/{first[:1]}", f"{last[:3]}{last[-1]}/{first}"}
    return found


def _values(record: Mapping[str, Any], main: str, further: str) -> tuple[str, ...]:
    values = [record.get(main), *(item.get("value") for item in (record.get(further) or {}).values())]
    return tuple(dict.fromkeys(value for value in values if value))
