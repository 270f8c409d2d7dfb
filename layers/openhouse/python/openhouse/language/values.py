"""What an engine points at, read: one value for a label, or none and a doubt. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from openhouse.language import people, reading
from openhouse.language.engine import Mention
from openhouse.language.labels import DATES, PARTIES, Label

Place = tuple[int, int]  # in what the engine was shown


class Read(NamedTuple):
    value: Any
    place: Place
    note: str = ""


@dataclass(frozen=True)
class Doubt:
    label: Label
    place: Place
    reason: str


class Values:
    """`doubts`: what was pointed at and is not used."""

    def __init__(self, shown: str, mentions: Sequence[Mention]) -> None:
        self.shown = shown
        self.doubts: list[Doubt] = []
        self._mentions = sorted(set(mentions))
        self.country = reading.country_of(self._words("state"), self._words("zip"))
        self._known: dict[Label, list[Read]] = {}
        for mention in [each for each in self._mentions if each.label in PARTIES]:
            if not people.names(shown[mention.start : mention.end]):
                self._mentions.remove(mention)
                self.doubts.append(Doubt(mention.label, (mention.start, mention.end), "is no name"))
        for mention in self._mentions:
            if mention.label not in (*DATES, *PARTIES, "wants_to_buy", "wants_to_sell", "transaction"):
                self._read(mention)

    def one(self, label: Label) -> Read | None:
        """Its value, if the text has one only."""
        known = self._known.get(label, [])
        return known[0] if known and all(each.value == known[0].value for each in known) else None

    def all(self, label: Label) -> list[Read]:
        return self._known.get(label, [])

    def mentions(self, *labels: Label) -> list[Mention]:
        return [each for each in self._mentions if each.label in labels]

    def _read(self, mention: Mention) -> None:
        place = (mention.start, mention.end)
        value = reading.value(mention.label, self.shown[slice(*place)], self.country)
        if value is None:
            self.doubts.append(Doubt(mention.label, place, "cannot be read"))
            return
        known = self._known.setdefault(mention.label, [])
        if known and known[0].value != value and mention.label not in ("client_email", "client_phone"):
            self.doubts.append(
                Doubt(mention.label, place, "the text says something else in another place; it is left out")
            )
        known.append(Read(value, place))

    def _words(self, label: Label) -> str:
        return next((self.shown[each.start : each.end] for each in self._mentions if each.label == label), "")
