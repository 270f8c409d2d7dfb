"""What a notification is, and what its reader has read. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from openhouse.core import clock, ids
from openhouse.core.levels import Level
from openhouse.core.merge_patch import Document
from openhouse.core.wire import Wire
from openhouse.crm.fields import Id, Remark, RequiredText
from openhouse.rooms.draft import Addition, Event
from openhouse.rooms.live_states import LiveEntity, OwnTypes, State, StateChange
from openhouse.storage.keys import Item

Kind = Literal["assigned", "mentioned", "task_failed", "lock_taken", "reminder", "daily_brief", "message"]
KINDS: tuple[Kind, ...] = get_args(Kind)

LONGEST_TITLE = 300  # characters, as RequiredText
KEPT = timedelta(days=30)
MOST_READ = 100  # that a reader's state names: those before the oldest of so many count as read, too
NOTIFIED = "notified"  # in a room's HEAD: when the last of its notifications is over, in seconds since 1970


class About(Wire):
    """A record."""

    noun: str
    id: Id


class Notification(State):
    """To whoever is in its room. `from`: the person behind it. Its id sorts by its time."""

    level: Level
    kind: Kind
    title: RequiredText
    text: Remark
    about: About | None = None
    from_: Annotated[str | None, Field(alias="from")] = None


class Reading(State):
    """What somebody has read: all up to `allUntil`, and `ids` of what came later."""

    all_until: str | None = None
    ids: Annotated[list[str], Field(max_length=MOST_READ)] = []

    def covers(self, id_: str) -> bool:
        return id_ in self.ids or (self.all_until is not None and id_ <= self.all_until)


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a notification says. Names and titles that the product puts in go through `text.quoted` first: they may be
    older than what is asked of input.
    """

    kind: Kind
    level: Level
    title: str
    text: str
    about: About | None = None
    from_: str | None = None

    def fields(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "level": self.level,
            "title": self.title,
            "text": self.text,
            "about": self.about,
            "from_": self.from_,
        }


_EXAMPLE: Document = {
    "level": "info",
    "kind": "assigned",
    "title": "Ben assigned an escrow to you",
    "text": "12 Harbor Way Sacramento",
    "about": {"noun": "escrow", "id": "0199c2a0-0000-7000-8000-000000000001"},
    "from": "u-456",
}

NOTIFICATIONS = LiveEntity(
    noun="notification",
    path="notifications",
    model=Notification,
    example=_EXAMPLE,
    more_examples=(
        {
            **_EXAMPLE,
            "level": "warning",
            "kind": "lock_taken",
            "title": "Ben took over an escrow that you were editing",
        },
        {"level": "error", "kind": "task_failed", "title": "The import failed", "text": "Line 24 has no address."},
        {"level": "success", "kind": "message", "title": "Sold!", "text": "All units are sold.", "from": "u-456"},
    ),
    own_types=OwnTypes(
        all=tuple(f"notification:{level}" for level in get_args(Level)),
        of=lambda before, after: f"notification:{(after or before).level}",
    ),
    over=lambda state: state.updated_at + KEPT,
    listed=False,
)

READINGS = LiveEntity(
    noun="reading",
    path="readings",
    model=Reading,
    example={"allUntil": "0199c2a0-0000-7000-8000-000000000002", "ids": ["0199c2a0-0000-7000-8000-000000000009"]},
    own_types=OwnTypes(all=("notification:read",), of=lambda _before, _after: "notification:read"),
    kept_in=("user",),
    listed=False,
)


def same_id(moment: datetime, *what: str) -> str:
    """The id of a notification that must be told once, however often its cause comes: of its time and its cause."""
    return ids.uuid7(moment, lambda count: sha256("\0".join(what).encode()).digest()[:count])


def first_step(room: str, id_: str, message: Message, *, by: str, now: datetime) -> StateChange:
    """A new notification, to be written unless it is there."""
    about = {"id": id_, "version": 1, "room": room, "updated_at": now, "updated_by": by}
    state = Notification.model_validate({**message.fields(), **about})
    return StateChange(NOTIFICATIONS, room, id_, 1, None, state, by, now)


def addition(steps: Sequence[StateChange]) -> Addition:
    """New notifications as a part of a commit. HEADs tell later which rooms have some at all."""
    events: dict[str, list[Event]] = {}
    for step in steps:
        events.setdefault(step.room, []).append(step.event)
    kept: Mapping[str, Item] = {step.room: {NOTIFIED: clock.seconds(step.at + KEPT)} for step in steps}
    return Addition(events, [step.write for step in steps], kept)


def read_up_to(reading: Reading | None, id_: str) -> dict[str, Any]:
    """The fields of a reading that covers everything up to `id_`, too."""
    until = max(id_, reading.all_until or "") if reading else id_
    return {"all_until": until, "ids": [each for each in (reading.ids if reading else []) if each > until]}


def read_one(reading: Reading | None, id_: str) -> dict[str, Any]:
    """The same of a single notification."""
    if reading and reading.covers(id_):
        return {"all_until": reading.all_until, "ids": reading.ids}
    ids_ = sorted([*(reading.ids if reading else []), id_])
    until = reading.all_until if reading else None
    if len(ids_) > MOST_READ:
        until, ids_ = ids_[0], ids_[1:]
    return {"all_until": until, "ids": ids_}
