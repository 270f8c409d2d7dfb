"""What each thing that people do takes of AWS: counts of this very version, from `counted.json`.

`python -m bench.acts` makes that file by running the functions' own code; a test counts again. Nothing is typed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

FILE = Path(__file__).with_name("counted.json")
MEMBERS = (5, 50)  # sockets in a room that is written to: what lies between and beyond is on the line through both
OTHERS = (0, 4)  # who look at the same record
PRESENT = (20, 50, 200)  # people of a brokerage, who are seen


@dataclass(frozen=True)
class Takes:
    """`calls`, `milliseconds`: by function. `reads`, `writes`: DynamoDB's units. `requests`: of REST. `received`,
    `posts`: messages from and to sockets. `sent`, `logged`: bytes. `queued`: requests of SQS.
    """

    calls: Mapping[str, float] = field(default_factory=dict)
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    reads: float = 0.0
    writes: float = 0.0
    requests: float = 0.0
    received: float = 0.0
    posts: float = 0.0
    sent: float = 0.0
    queued: float = 0.0
    logged: float = 0.0

    def times(self, number: float) -> Takes:
        return self._with(self, lambda one, _: one * number)

    def __add__(self, other: Takes) -> Takes:
        return self._with(other, lambda one, two: one + two)

    def towards(self, other: Takes, share: float) -> Takes:
        """On the line from here (0) to there (1), and beyond."""
        return self._with(other, lambda one, two: one + (two - one) * share)

    def _with(self, other: Takes, join: Callable[[float, float], float]) -> Takes:
        found: dict[str, Any] = {}
        for name, mine in vars(self).items():
            theirs = getattr(other, name)
            if isinstance(mine, Mapping):
                keys = sorted({*mine, *theirs})
                found[name] = {key: join(mine.get(key, 0.0), theirs.get(key, 0.0)) for key in keys}
            else:
                found[name] = join(mine, theirs)
        return Takes(**found)


class Counted:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    @classmethod
    def read(cls) -> Self:
        return cls(json.loads(FILE.read_text()))

    def write(self, what: str, members: float) -> Takes:
        """`create`, `save`, `edit` (locked, then saved) or `imported row`, in a room of so many sockets."""
        few, many = (Takes(**self._document["writes"][str(number)][what]) for number in MEMBERS)
        return few.towards(many, _share(MEMBERS, members))

    def announcement(self, members: float) -> Takes:
        """Of a commit of presence to so many sockets: its delivery alone."""
        few, many = (Takes(**self._document["announcement"][str(number)]["told"]) for number in MEMBERS)
        return few.towards(many, _share(MEMBERS, members))

    @property
    def run_milliseconds(self) -> float:
        """Of a run that looks who is there."""
        return float(self._document["announcement"][str(MEMBERS[1])]["run"])

    def hint(self, what: str, others: float) -> Takes:
        """`look`, `again`, `again and beat`, `leave` or `typing`, where so many others look."""
        none, some = (Takes(**self._document["hints"][str(number)][what]) for number in OTHERS)
        return none.towards(some, _share(OTHERS, others))

    def person(self, what: str) -> Takes:
        return Takes(**self._document["person"][what])

    def presence(self, people: float) -> dict[str, float]:
        """Of an hour of a brokerage: `commits`, `changes`, `runs`, `timers`, `read`, `written`, `bytes`."""
        sizes = [number for number in PRESENT if number < people] or [PRESENT[0]]
        low = min(sizes[-1], PRESENT[-2])
        high = PRESENT[PRESENT.index(low) + 1]
        few, many = self._document["presence"][str(low)], self._document["presence"][str(high)]
        share = _share((low, high), people)
        return {name: max(0.0, few[name] + (many[name] - few[name]) * share) for name in few}

    @cached_property
    def stored(self) -> Mapping[str, float]:
        """Bytes of a `record` that stays, and of an `entry` of a log."""
        return {name: float(value) for name, value in self._document["stored"].items()}


def _share(ends: tuple[int, int], number: float) -> float:
    return (number - ends[0]) / (ends[1] - ends[0])
