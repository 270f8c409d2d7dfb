"""Stand-ins for what the product talks to: a clock that moves when told, sockets in memory, people."""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from openhouse.core.clock import Clock
from openhouse.core.errors import SignInBusy
from openhouse.core.principal import Principal
from openhouse.delivery.queues import ShardTask
from openhouse.identity.logins import Login, Logins
from openhouse.rooms.gateway import Delivery, Missed, Outcome
from openhouse.rooms.timers import Timer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class FakeClock:
    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class FakeGateway:
    """Sockets in memory. `outcomes`: what a post to a connection ends with, when it is not delivered."""

    def __init__(self) -> None:
        self.posted: dict[str, list[bytes]] = defaultdict(list)
        self.open: set[str] = set()
        self.outcomes: dict[str, Outcome] = {}

    def post(self, deliveries: Sequence[Delivery]) -> list[Missed]:
        return [self._deliver(delivery) for delivery in deliveries]

    def close(self, connection_ids: Sequence[str]) -> None:
        self.open.difference_update(connection_ids)

    def _deliver(self, delivery: Delivery) -> Missed:
        missed: Missed = {}
        for connection_id in delivery.connection_ids if delivery.frames else ():
            outcome = self.outcomes.get(connection_id)
            if outcome is None and connection_id not in self.open:
                outcome = Outcome.GONE
            if outcome is None:
                self.posted[connection_id] += [frame.body for frame in delivery.frames]
            else:
                missed[connection_id] = outcome
        return missed

    def frames(self, connection_id: str) -> list[Any]:
        return [json.loads(frame) for frame in self.posted[connection_id]]

    def commits(self, connection_id: str) -> list[Any]:
        return [commit for frame in self.frames(connection_id) for commit in frame.get("commits", [])]

    def replies(self, connection_id: str) -> list[Any]:
        return [frame for frame in self.frames(connection_id) if "reply" in frame]


class FakeQueues:
    """What the fan-out handed on, in order. A cause that was there before brings nothing again, as in SQS."""

    def __init__(self) -> None:
        self.tasks: list[ShardTask] = []
        self.aside: list[tuple[str, int]] = []
        self.shortened: list[str] = []
        self._seen: set[tuple[ShardTask, str]] = set()

    def send(self, tasks: Sequence[ShardTask], *, cause: str) -> None:
        for task in tasks:
            if (task, cause) not in self._seen:
                self._seen.add((task, cause))
                self.tasks.append(task)

    def shorten_visibility(self, receipts: Sequence[str]) -> None:
        self.shortened += receipts

    def dead_letter(self, room: str, seq: int, why: str) -> None:
        self.aside.append((room, seq))

    def take(self) -> list[ShardTask]:
        taken, self.tasks = self.tasks, []
        return taken


class FakeTimers:
    """What was set, in order."""

    def __init__(self) -> None:
        self.waiting: list[Timer] = []

    def set(self, timers: Sequence[Timer]) -> None:
        self.waiting += timers

    @property
    def next(self) -> datetime | None:
        return min((timer.due for timer in self.waiting), default=None)

    def take(self, until: datetime) -> list[Timer]:
        """Those that are due by then, the earliest first."""
        due = sorted((timer for timer in self.waiting if timer.due <= until), key=lambda timer: timer.due)
        self.waiting = [timer for timer in self.waiting if timer.due > until]
        return due


class FakeSchedules:
    """As EventBridge Scheduler: each is invoked once or more (`times`), `late` by up to a minute, and then it is gone.
    It takes none whose time has passed.
    """

    def __init__(self, now: Clock) -> None:
        self.waiting: dict[str, tuple[Timer, datetime]] = {}
        self.late = 0.0
        self.times = 1
        self.calls = 0
        self._now = now

    def put(self, name: str, timer: Timer, at: datetime) -> None:
        self.calls += 1
        if at < self._now():
            raise ValueError("it must not be in the past")
        assert len(name) <= 64
        self.waiting.setdefault(name, (timer, at))

    @property
    def next(self) -> datetime | None:
        """When the next one is invoked."""
        return min((self._invoked(at) for _, at in self.waiting.values()), default=None)

    def take(self, until: datetime) -> list[Timer]:
        """Those that are invoked by then."""
        due = {name: timer for name, (timer, at) in self.waiting.items() if self._invoked(at) <= until}
        for name in due:
            del self.waiting[name]
        return [timer for timer in due.values() for _ in range(self.times)]

    def _invoked(self, at: datetime) -> datetime:
        return at + timedelta(seconds=self.late)


class FakeWorkflows:
    """What was begun, in order: each name once. None can be while it is `busy`."""

    def __init__(self) -> None:
        self.busy = False
        self.begun: dict[str, dict[str, Any]] = {}
        self.waiting: list[str] = []

    def start(self, name: str, about: Mapping[str, Any]) -> bool:
        if self.busy:
            raise OSError("for a test")
        if name in self.begun:
            return False
        assert re.fullmatch(r"[\w-]{1,80}", name)
        self.begun[name] = {**about}
        self.waiting.append(name)
        return True

    def take(self) -> list[dict[str, Any]]:
        """What the executions that have begun since are about."""
        taken, self.waiting = self.waiting, []
        return [self.begun[name] for name in taken]


class FakeLogins(Logins):
    """A user pool that mails nobody. The first one who is invited is `login-1`; none can be while it is `busy`."""

    def __init__(self) -> None:
        self.busy = False
        self._by_email: dict[str, Login] = {}

    def invite(self, email: str, name: str) -> Login | None:
        if self.find(email):
            return None
        login = Login(user_id=f"login-{len(self._by_email) + 1}", email=email, invited=True, verified=True)
        return self._by_email.setdefault(email, login)

    def sign_in(self, user_id: str) -> None:
        self._by_email = {
            email: login._replace(invited=login.invited and login.user_id != user_id)
            for email, login in self._by_email.items()
        }

    def mail_again(self, email: str) -> None:
        assert self._by_email[email].invited

    def find(self, name: str) -> Login | None:
        if self.busy:
            raise SignInBusy("for a test")
        return next((login for login in self._by_email.values() if name in (login.email, login.user_id)), None)

    def delete(self, user_id: str) -> None:
        self._by_email = {email: login for email, login in self._by_email.items() if login.user_id != user_id}


def counting(prefix: str) -> Callable[..., str]:
    """Ids prefix-1, prefix-2, ... whose order is that of their making."""
    numbers = itertools.count(1)
    return lambda *_: f"{prefix}-{next(numbers):04d}"


def principal(user_id: str, *team_ids: str, role: Any = "agent", brokerage_id: str = "harbor") -> Principal:
    return Principal(
        user_id=user_id,
        brokerage_id=brokerage_id,
        role=role,
        team_ids=team_ids,
        expires_at=int(NOON.timestamp()) + 3600,
        name=user_id.title(),
        email=f"{user_id}@demo.test",
    )


AVA = principal("ava", "north")
BEN = principal("ben", "north")
MIA = principal("mia", "south")
DANA = principal("dana", "north", "south", role="broker")
STRANGER = principal("zed", "west", brokerage_id="other")
