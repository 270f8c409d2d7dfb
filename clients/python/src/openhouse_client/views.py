"""Looking at a record and typing in it, over a session, and who else does.

All of it is over by itself: what is not said again within ten seconds does not count any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from openhouse_client.clock import Clock
from openhouse_client.errors import ClientError
from openhouse_client.protocol import Event, read_time, reading
from openhouse_client.session import Session

LOOK_AGAIN = 8.0  # seconds
TYPE_AGAIN = 3.0


class Look:
    """That one looks at a record, as long as `run` does, and that one types in it."""

    def __init__(self, session: Session, noun: str, record_id: str, *, clock: Clock) -> None:
        self._session = session
        self._record = {"noun": noun, "recordId": record_id}
        self._clock = clock
        self._field: str | None = None
        self._typed_at = 0.0

    async def run(self) -> NoReturn:
        """Until cancelled; then say `leave`. Raises Refused if it is of no use, such as for a hidden record."""
        while True:
            await self._say("view")
            await self._clock.sleep(LOOK_AGAIN)

    async def leave(self) -> None:
        self._field = None
        await self._say("view", leave=True)

    async def types(self, field: str | None) -> None:
        """With every keystroke; None when one has stopped. Said no more often than it has to be."""
        now = self._clock.monotonic()
        if field == self._field and (field is None or now - self._typed_at < TYPE_AGAIN):
            return
        self._field, self._typed_at = field, now
        await self._say("typing", field=field)

    async def _say(self, action: str, **content: Any) -> None:
        """What does not get through now is said again soon, or over."""
        try:
            await self._session.request(action, **self._record, **content)
        except ClientError as error:
            if not error.retryable:
                raise


@dataclass
class _Person:
    looks_until: datetime
    typing: dict[str, datetime] = field(default_factory=dict)  # until when, by field


class Viewers:
    """Who looks at which record, by what a session hears and a list tells."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._people: dict[tuple[str, str], dict[str, _Person]] = {}

    def hear(self, event: Event) -> bool:
        """Whether it was a hint of these."""
        kind, _, verb = event.type.partition(":")
        if kind != "user" or verb not in ("viewing", "stopped_viewing", "typing", "stopped_typing"):
            return False
        data = event.data
        with reading("a hint"):
            people = self._people.setdefault((data["noun"], data["recordId"]), {})
            match verb:
                case "viewing":
                    self._looks(people, data)
                case "typing" if person := people.get(data["userId"]):
                    person.typing[data["field"]] = read_time(data["until"])
                case "stopped_typing" if person := people.get(data["userId"]):
                    person.typing.pop(data["field"], None)
                case "stopped_viewing":
                    people.pop(data["userId"], None)
        return True

    def load(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Those of `Rest.views`."""
        with reading("a list of viewers"):
            for item in items:
                person = self._looks(self._people.setdefault((item["noun"], item["recordId"]), {}), item)
                if name := item.get("field"):
                    person.typing[name] = person.looks_until

    def of(self, noun: str, record_id: str) -> dict[str, frozenset[str]]:
        """In which fields each person types who looks at the record now."""
        now = self._clock.now()
        people = self._people.get((noun, record_id), {})
        for user_id in [user_id for user_id, person in people.items() if person.looks_until <= now]:
            del people[user_id]
        if not people:
            self._people.pop((noun, record_id), None)
        return {
            user_id: frozenset(name for name, until in person.typing.items() if until > now)
            for user_id, person in people.items()
        }

    def _looks(self, people: dict[str, _Person], data: Mapping[str, Any]) -> _Person:
        person = people.setdefault(data["userId"], _Person(self._clock.now()))
        person.looks_until = max(person.looks_until, read_time(data["until"]))
        return person
