"""What whoever runs the installation says to everybody: that there will be maintenance, or anything else.

It is told in each brokerage's room, one commit each, by a command (`openhouse broadcast`, `openhouse maintenance`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from openhouse.core.levels import Level
from openhouse.core.text import quoted
from openhouse.core.wire import Moment
from openhouse.crm.fields import Remark
from openhouse.identity.audit import OPERATOR, Act, AuditTrail, Deed
from openhouse.rooms.live_states import Fields, LiveEntity, LiveStates, OwnTypes, State, StateChange
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.writes import Write

SHOWN = timedelta(days=1)  # a broadcast after it was made, and maintenance after it was to end

MAINTENANCE_ID = "maintenance"
BY = OPERATOR.id  # who commits
_QUOTED = 200  # characters of an announcement that the audit trail repeats


class System(State):
    """`maintenance` has `startsAt` and `endsAt`, a `broadcast` its `level`."""

    kind: Literal["maintenance", "broadcast"]
    text: Remark
    level: Level | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None

    @property
    def over(self) -> datetime:
        return (self.ends_at or self.updated_at) + SHOWN


SYSTEM = LiveEntity(
    noun="system",
    path="system",
    model=System,
    example={
        "kind": "maintenance",
        "text": "We are moving to a larger database.",
        "startsAt": "2026-03-07T06:00:00.000Z",
        "endsAt": "2026-03-07T06:30:00.000Z",
    },
    more_examples=({"kind": "broadcast", "text": "Search is back.", "level": "success"},),
    own_types=OwnTypes(
        all=("system:maintenance", "system:broadcast"),
        of=lambda before, after: f"system:{(after or before).kind}",
    ),
    over=lambda state: state.over,
    kept_in=("broker",),
)


@dataclass
class Announced:
    """`brokerages`: that there are; `told`: those that did not know yet."""

    brokerages: int = 0
    told: int = 0


class Announcements:
    """`parallel_map`: a `map`, such as that of a thread pool, for telling many brokerages at once."""

    def __init__(
        self,
        log: RoomLog,
        live_states: LiveStates,
        audit: AuditTrail,
        *,
        parallel_map: Callable[..., Iterable[Any]] = map,
    ) -> None:
        self._log = log
        self._live_states = live_states
        self._audit = audit
        self._parallel_map = parallel_map

    def broadcast(self, id_: str, text: str, level: Level, tell: Callable[[Announced], None]) -> Announced:
        """Repeated with the same id, it tells those who were not told yet. Raises Busy."""
        return self._tell(id_, {"kind": "broadcast", "text": text, "level": level}, tell)

    def maintain(
        self, text: str, starts_at: datetime, ends_at: datetime, tell: Callable[[Announced], None]
    ) -> Announced:
        """Of several that are announced only the last counts. Raises Busy."""
        fields = {"kind": "maintenance", "text": text, "starts_at": starts_at, "ends_at": ends_at}
        return self._tell(MAINTENANCE_ID, fields, tell)

    def end_maintenance(self, tell: Callable[[Announced], None]) -> Announced:
        """Also of one that was announced and does not come. Raises Busy."""
        return self._tell(MAINTENANCE_ID, None, tell)

    def _tell(self, id_: str, fields: Fields | None, tell: Callable[[Announced], None]) -> Announced:
        """Each brokerage for itself: interrupted, the same again goes on where it ended."""
        rooms = self._log.brokerage_rooms()
        done = Announced(len(rooms))
        for is_new in self._parallel_map(lambda room: self._tell_one(room, id_, fields), rooms):
            done.told += is_new
            tell(done)
        return done

    def _tell_one(self, room: str, id_: str, fields: Fields | None) -> bool:
        """Whether it was news."""
        return self._live_states.changed(SYSTEM, room, id_, lambda _before, _now: fields, by=BY, also=self._told)

    def _told(self, change: StateChange) -> Sequence[Write]:
        """For the administrators of that brokerage."""
        state = change.after or change.before
        assert isinstance(state, System)
        about: Act = "announcement_made" if change.after else "announcement_ended"
        deed = Deed(act=about, subject=state.kind, name=quoted(state.text, _QUOTED))
        return [self._audit.entry(change.room.removeprefix("broker:"), OPERATOR, deed)]
