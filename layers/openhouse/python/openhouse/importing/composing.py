"""A row on its way to a document: what its cells say, part by part, and how the parts come together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from openhouse.importing import addresses, days, people
from openhouse.importing.cells import UnreadableCell, one_line
from openhouse.importing.targets import ADDRESSES, BATHS, NAME_PARTS, STREET_PARTS, Target
from openhouse.importing.values import Context, moment

Warn = Callable[[str, str], None]  # a field, and what is wrong


@dataclass
class Composed:
    """`fields`: what single cells say, by target; `parts`: texts that make a field together; `contacts`: telephone
    numbers and e-mail addresses with their labels, the main one first; `notes`: with what comes before each.
    """

    targets: Mapping[str, Target]
    context: Context
    fields: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    contacts: defaultdict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    notes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    called: dict[str, str] = field(default_factory=dict)  # the first telephone number and e-mail address, as written
    period: str = ""  # of a fee, where its cell or its column says it

    def document(self, warn: Warn) -> dict[str, Any]:
        found = {name: value for name, value in self.fields.items() if "." not in name and name != "price"}
        found |= (
            self._whole_names(found)
            | self._names()
            | self._place(found, warn)
            | self._baths()
            | self._moments(found, warn)
        )
        found |= {name: "\n\n".join(texts) for name, texts in self.notes.items()}
        for name in list(self.contacts):
            found |= self._contacts(name, warn)
        if "price" in self.fields:
            found[_price_of(found)] = self.fields["price"]
        if self.period and found.get("hoaFeeCents") and "hoaFrequency" in self.targets:
            found.setdefault("hoaFrequency", self.period)
        return {name: value for name, value in found.items() if value not in (None, "", {})}

    # People ----------------------------------------------------------------------------------------------------------

    def _names(self) -> dict[str, str]:
        first = " ".join(filter(None, [self.parts.get("firstName"), self.parts.get("firstName.middle")]))
        last = " ".join(filter(None, [self.parts.get("lastName"), self.parts.get("lastName.suffix")]))
        company = self.parts.get("company", "")
        if first and not company and people.is_legal_form(last):
            first, last, company = "", "", f"{first} {last}"
        named = {"firstName": first, "lastName": last, "company": company}
        whole = self.parts.get("fullName", "")
        if whole and not (self.parts.get("firstName") or self.parts.get("lastName")) and whole != company:
            split = people.split_name(whole) if any(map(str.isalpha, whole)) else {"lastName": whole}
            if company and "company" in split:
                split = {"lastName": split["company"]}
            named |= split
        return {name: value for name, value in named.items() if value}

    def _whole_names(self, found: Mapping[str, Any]) -> dict[str, str]:
        """Of people who are one field here, and two columns there."""
        cut = {target.field for target in self.targets.values() if target.part in NAME_PARTS} - found.keys()
        parts = {name: [self.parts.get(f"{name}.{part}", "") for part in NAME_PARTS] for name in sorted(cut)}
        return {name: " ".join(filter(None, both)) for name, both in parts.items() if any(both)}

    def _contacts(self, name: str, warn: Warn) -> dict[str, Any]:
        """The first is the main one, the others are kept beside it, each once."""
        once = dict(reversed(self.contacts[name]))
        first, *others = list(dict.fromkeys(value for value, _ in self.contacts[name]))
        more = f"{name}s"
        if not others:
            return {name: first}
        if more not in self.context.module.fields:
            warn(name, f"only one is kept, without {', '.join(others)}")
            return {name: first}
        kept = {
            str(number): {**({"label": once[value]} if once[value] else {}), "value": value}
            for number, value in enumerate(others, 1)
        }
        return {name: first, more: kept}

    # Addresses -------------------------------------------------------------------------------------------------------

    def _place(self, found: Mapping[str, Any], warn: Warn) -> dict[str, str]:
        place = {name: self.parts[name] for name in ("city", "state", "zip") if self.parts.get(name)}
        in_city = addresses.split_place(place["city"]) if "," in place.get("city", "") else {}
        place = {**in_city, **self._split_place(), **place, **({"city": in_city["city"]} if in_city else {})}
        if address := next((name for name in ADDRESSES if name in self.targets), None):
            place = self._street(address, place)
        if foreign := self.parts.get("country?"):
            for name in sorted({"state", "zip"} & place.keys()):
                del place[name]
                warn(name, f"is left out, as we keep no addresses in {foreign}")
        if "zip" in place and found.get("country", "US") == "US":
            place["zip"] = addresses.with_zeros(place["zip"], place.get("state", ""))
        return place

    def _split_place(self) -> dict[str, str]:
        text = self.parts.get("place", "")
        return (addresses.split_place(text) or {"city": text}) if text else {}

    def _street(self, address: str, place: dict[str, str]) -> dict[str, str]:
        line = one_line(self.parts.get(address, ""))
        whole = addresses.split_address(self.parts.get(address, ""))
        if whole and all(
            place.get(name, whole[name]).casefold() == whole[name].casefold()
            for name in ("city", "state")
            if name in whole
        ):
            line, place = (
                whole["street"],
                {**{name: value for name, value in whole.items() if name != "street"}, **place},
            )
        parts = {part: self.parts.get(f"{address}.{part}", "") for part in STREET_PARTS}
        number = parts["number"].removesuffix(".0")
        order = [part for part in STREET_PARTS if part != "unit"]
        if not line and (parts["name"] or number):
            line = addresses.street_line({**parts, "number": number}, order)
        elif line and number and not line[0].isdigit():
            line = f"{number} {line}"
        line = addresses.with_unit(line, parts["unit"]) if line else ""
        return {**place, **({address: line} if line else {})}

    # Numbers and times -----------------------------------------------------------------------------------------------

    def _baths(self) -> dict[str, float]:
        counted = {part: self.fields[f"bathrooms.{part}"] for part in BATHS if f"bathrooms.{part}" in self.fields}
        is_complete = "full" in counted and len(counted) > 1
        if not counted or ("bathrooms" in self.fields and not is_complete):
            return {}
        return {"bathrooms": float(sum(Decimal(BATHS[part]) * count for part, count in counted.items()))}

    def _moments(self, found: Mapping[str, Any], warn: Warn) -> dict[str, str]:
        zone = found.get("timeZone") or self.context.time_zone
        made: dict[str, str] = {}
        for name in ("startsAt", "endsAt"):
            try:
                made |= dict(self._moment(name, zone, all_day=bool(found.get("allDay"))))
            except UnreadableCell as error:
                warn(name, f"is not {error}")
        if made and zone and "timeZone" in self.targets and "timeZone" not in found:
            made["timeZone"] = zone
        return made

    def _moment(self, name: str, zone: str | None, *, all_day: bool) -> Iterator[tuple[str, str]]:
        if name in self.fields:
            return
        day = self.fields.get(f"{name}.day") or (self.fields.get("startsAt.day") if name == "endsAt" else None)
        text = self.parts.get(f"{name}.time", "")
        if day is None or not (text or all_day):
            return
        on = date.fromisoformat(day)
        at = days.time_of(text or "0:00")
        begun = self.fields.get("startsAt.day")
        if all_day and name == "endsAt" and (not text or day == begun):
            on += timedelta(days=1)  # its last day is named, and it ends with it
        yield name, moment(on, at, zone)


def _price_of(found: Mapping[str, Any]) -> str:
    """A price is what was paid for what is sold: by its status, else by a day of sale."""
    is_sold = found["status"] == "sold" if "status" in found else "soldDate" in found
    return "soldPriceCents" if is_sold else "listPriceCents"
