"""What people do in Openhouse, each counted on the functions' own code: `python -m bench.acts` writes the counts down.

`openhouse cost` multiplies them by what a month has of each; a test counts them again, and fails where they differ.
Averages of several times are taken where one time is not like the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import Any

from bench import presence
from bench.meter import row_of
from bench.stage import Spent, Stage, stage
from cli.costs.counted import FILE, MEMBERS, OTHERS, PRESENT
from deployed.terminal import say
from openhouse.api.actions import ACTIONS as _ALL_ACTIONS
from openhouse.collaboration.canary import EVENT
from openhouse.collaboration.views import COST_OF_WRITE
from openhouse.core.principal import Principal
from openhouse.core.room_names import user_room
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.identity.authorizer_context import socket_context
from openhouse.identity.directory import Team, User
from openhouse.rooms.allowance import LUMP
from openhouse.rooms.draft import Draft
from openhouse.storage.item_size import size
from openhouse.storage.keys import INDEXES

TIMES = 32  # as many posts as a process owes before it asks for the limit of them (decision 036)
SECONDS = 8  # from one time to the next: as often as a client says what it looks at
LISTED = 50  # records of a list
EDITED = 8
SETTLED = 3  # runs, after which all of them have been told of each other
LOOKING_ALONE = 40  # seconds more from one time to the next
PERSON_MINUTES = 3_000  # of presence, in a brokerage of any size
IMPORTED = 60  # rows of an import that is counted
TEAM, BROKERAGE = "01a20594-c049-7800-a03d-aaaaaaaaaaaa", "01a20594-c049-7800-a03d-bbbbbbbbbbbb"
ACTIONS = {action.name: action for action in _ALL_ACTIONS}
_MORE = 4  # people of a brokerage who are not there
_ABOVE = 100  # bytes that DynamoDB adds to each item, and to each row of an index

Act = Callable[[Stage], None]


def person(number: int) -> Principal:
    return Principal(
        user_id=f"a4582428-d0a1-7001-0000-{number:012d}",  # as Cognito chooses them
        brokerage_id=BROKERAGE,
        role="agent",
        team_ids=(TEAM,),
        expires_at=2_000_000_000,
        name=f"Agent Number {number}",
        email=f"agent.{number}@example.com",
    )


AVA = person(0)


def escrow(number: int) -> dict[str, Any]:
    """Of some 780 bytes as an item, as 985 real sales have on average (decision 036)."""
    return {
        "propertyAddress": f"{1_000 + number} Harbor Way",
        "city": "Sacramento",
        "state": "CA",
        "zip": "95838",
        "purchasePriceCents": 42_500_000 + 100 * number,
        "closeOfEscrowDate": f"2026-0{1 + number % 9}-14",
    }


def socket_of(number: int) -> str:
    return f"ZxCvBnM0={number:07d}"


@contextmanager
def brokerage(members: int) -> Iterator[Stage]:
    """All of one team; so many sockets are open, the first is Ava's."""
    with stage() as made:
        directory = made.services.directory
        admin = User(user_id=person(10_000).user_id, email="admin@example.com", name="Alex", role="admin")
        directory.found(BROKERAGE, "Harbor Realty", admin)
        directory.put_team(BROKERAGE, Team(team_id=TEAM, name="North"))
        for number in range(members + _MORE):
            who = person(number)
            directory.put_user(
                BROKERAGE,
                User(user_id=who.user_id, email=who.email, name=who.name, role="agent", team_ids=who.team_ids),
            )
        for number in range(members):
            join(made, number)
        for _ in range(SETTLED):
            made.run_timers()
            made.follow({})
        made.spent = Spent()
        yield made


def join(made: Stage, number: int) -> None:
    who = person(number)
    ticket = made.rest(who, "POST", "/realtime/tickets", function="directory")["url"].rpartition("=")[2]
    principal = made.redeem(ticket)
    made.socket("CONNECT", socket_of(number), context={"authorizer": socket_context(principal)})
    made.say(socket_of(number), action="sync")


@contextmanager
def apart(made: Stage) -> Iterator[None]:
    """What is done here is not counted."""
    before, made.spent = made.spent, Spent()
    try:
        yield
    finally:
        made.spent = before


def times(
    made: Stage, act: Callable[[int], None], count: int = TIMES, *, passes: Callable[[], None] | None = None
) -> dict[str, Any]:
    """The average of so many, with all that follows of each. `passes`: what happens before each, and is not counted."""
    made.spent = Spent()
    for number in range(count):
        made.clock.advance(SECONDS)
        if passes:
            with apart(made):
                before = made.images()
                passes()
                made.follow(before)
        before = made.images()
        act(number)
        made.follow(before)
    spent, made.spent = made.spent, Spent()
    return spent.wire(count)


def said(
    made: Stage, action: str, act: Callable[[int], None], count: int = 4, *, passes: Callable[[], None] | None = None
) -> dict[str, Any]:
    """The same of messages, with what their part of the allowance comes to, which is written down by chance."""
    found = times(made, act, count, passes=passes)
    news = COST_OF_WRITE if action in ("view", "typing") and found["writes"] else 0
    found["writes"] = round(found["writes"] * (1 + news / LUMP) + ACTIONS[action].cost / LUMP, 3)
    return found


def _goes_by(made: Stage, seconds: float) -> None:
    """In which somebody beats, and is looked after."""
    for _ in range(2):
        made.run_timers()
        made.say(socket_of(0), action="presence", active=True)
        made.clock.advance(seconds / 2)


def _and_beat(found: dict[str, Any]) -> dict[str, Any]:
    """With the allowance that a beat takes; what it writes takes none beside that."""
    less = COST_OF_WRITE - ACTIONS["presence"].cost
    return {**found, "writes": round(found["writes"] - less / LUMP, 3)}


def of_writes(members: int) -> dict[str, Any]:
    """In a team's room of so many sockets."""
    path = f"/{ESCROWS.path}"
    with brokerage(members) as made:
        ids = [made.rest(AVA, "POST", path, escrow(number))["id"] for number in range(EDITED)]
        made.follow({})

        def edit(number: int) -> None:
            before = made.images()
            made.say(socket_of(0), action="lock", noun="escrow", recordId=ids[number])
            made.follow(before)
            made.clock.advance(60)
            before = made.images()
            made.rest(AVA, "PATCH", f"{path}/{ids[number]}", _change(number), headers={"lock-token": "1"})
            made.follow(before)
            made.run_timers("lock", within=600)  # which finds that it has ended

        def load(_number: int) -> None:
            entries = [{"record": escrow(1_000 + number)} for number in range(IMPORTED)]
            made.rest(AVA, "POST", f"{path}/bulk", {"entries": entries})

        found = {
            "create": times(made, lambda n: made.rest(AVA, "POST", path, escrow(100 + n))),
            "save": times(made, lambda n: made.rest(AVA, "PATCH", f"{path}/{ids[n % 4]}", _change(n))),
            "edit": said(made, "lock", edit, EDITED),
        }
        return {**found, "imported row": _each(times(made, load, 1), IMPORTED)}


def of_one_person() -> dict[str, Any]:
    """What concerns nobody else."""
    path = f"/{ESCROWS.path}"
    with brokerage(5) as made:
        ids = [made.rest(AVA, "POST", path, escrow(number))["id"] for number in range(LISTED)]
        made.follow({})
        after = [*range(5, 5 + _MORE)]
        return {
            # Before anything is due of what watches who is there: `presence` counts that.
            "beat": said(made, "presence", lambda _: made.say(socket_of(0), action="presence", active=True), 1),
            "silent beat": said(
                made,
                "presence",
                lambda _: made.say(socket_of(0), action="presence", active=True, silent=True),
                1,
            ),
            "list": times(made, lambda _: made.rest(AVA, "GET", path, query={"limit": str(LISTED)}), 2),
            "record": times(made, lambda n: made.rest(AVA, "GET", f"{path}/{ids[n]}"), 2),
            "notifications": times(made, lambda _: made.rest(AVA, "GET", "/notifications"), 2),
            "token": times(made, lambda _: made.authorize(AVA), 2),
            "ping": said(made, "ping", lambda _: made.say(socket_of(0), action="ping")),
            "connect": times(made, lambda n: join(made, after[n]), 2),
            "disconnect": times(made, lambda n: made.socket("DISCONNECT", socket_of(after[n])), 2),
            "report": times(made, lambda _: report(made), 2),
            "song": times(made, lambda _: sing(made), 2),
        }


def report(made: Stage) -> None:
    """What a browser has measured."""
    measured = {"commitToScreen": [140, 152, 310], "reconnects": 0, "errors": 0}
    made.clock.advance(60)
    made.rest(AVA, "POST", "/metrics", measured, function="directory")


def sing(made: Stage) -> None:
    """The canary's commit, of which its own socket hears; that it connects is counted by itself."""
    with made.call("canary"):
        made.services.log.commit(lambda _: Draft(None, {user_room(AVA.user_id): [EVENT]}), by=AVA.user_id)


def of_hints(others: int) -> dict[str, Any]:
    """Where so many others look at the record: what is said first, again, with a beat, and at the end."""
    with brokerage(others + 1) as made:
        record = {"noun": "escrow", "recordId": made.rest(AVA, "POST", f"/{ESCROWS.path}", escrow(0))["id"]}
        made.follow({})

        def others_look() -> None:
            with apart(made):
                for number in range(1, others + 1):
                    made.say(socket_of(number), action="view", quiet=True, **record)

        def say(**more: Any) -> None:
            made.say(socket_of(0), action="view", **record, **more)

        def begin(_number: int) -> None:
            with apart(made):
                say(leave=True)
            others_look()
            say(quiet=True)

        def again(**more: Any) -> None:
            others_look()
            say(quiet=True, silent=True, **more)

        def again_with_beat(_number: int) -> None:
            again(active=True)

        def leave(_number: int) -> None:
            others_look()
            with apart(made):
                say(quiet=True)
            say(leave=True, silent=True)

        def type_(_number: int) -> None:
            made.clock.advance(3 - SECONDS)
            with apart(made):
                others_look()
                say(quiet=True)
            made.say(socket_of(0), action="typing", field="notes", silent=True, **record)

        passes = partial(_goes_by, made, 0 if others else LOOKING_ALONE)
        with apart(made):
            say(quiet=True)
        return {
            "look": said(made, "view", begin),
            "again": said(made, "view", lambda _: again(), passes=passes),
            "again and beat": _and_beat(said(made, "view", again_with_beat, passes=passes)),
            "leave": said(made, "view", leave),
            "typing": said(made, "typing", type_),
        }


def of_announcements(members: int) -> dict[str, Any]:
    """That one person is away is told to so many in the brokerage's room. `run`: milliseconds of one."""
    with brokerage(members) as made:
        for number in range(members):
            made.say(socket_of(number), action="presence", active=True)
        made.clock.advance(SECONDS)
        made.say(socket_of(0), action="presence", active=False)
        made.spent = Spent()
        made.run_timers()
        run, made.spent = made.spent, Spent()
        made.follow({})
        return {"run": run.milliseconds["timers"], "told": made.spent.wire()}


def of_storage() -> dict[str, float]:
    """Bytes of a record that stays, with its rows in indexes and the words that it is found by; and of a log entry."""
    with brokerage(5) as made:
        path = f"/{ESCROWS.path}"
        before = made.images()
        beside = sum(_stored(item) for item in made.stored())
        for number in range(LISTED):
            made.rest(AVA, "POST", path, escrow(number))
        made.follow(before)
        after = made.stored()
        logged = [_stored(item) for item in after if item["pk"]["S"].startswith("L#team") and "commit" in item]
        ends = [_stored(item) for item in after if item["pk"]["S"][0] in "LIP"]
        kept = sum(map(_stored, after)) - sum(ends) - beside
        return {"record": round(kept / LISTED), "entry": round(sum(logged) / len(logged))}


def count() -> dict[str, Any]:
    return {
        "writes": {str(members): of_writes(members) for members in MEMBERS},
        "person": of_one_person(),
        "hints": {str(others): of_hints(others) for others in OTHERS},
        "announcement": {str(members): of_announcements(members) for members in MEMBERS},
        "presence": {str(people): an_hour(people) for people in PRESENT},
        "stored": of_storage(),
    }


def an_hour(people: int) -> dict[str, float]:
    """Of a brokerage, each of whom goes away and comes back now and then: of all of them together."""
    day = presence.a_day(people, minutes=PERSON_MINUTES / people)
    return {name: round(value * 3_600 / day.seconds, 3) for name, value in asdict(day).items() if name != "seconds"}


def _change(number: int) -> dict[str, Any]:
    """As people change: a price, a date, a note."""
    match number % 3:
        case 0:
            return {"purchasePriceCents": 42_600_000 + 1_000 * number}
        case 1:
            return {"closeOfEscrowDate": f"2026-1{number % 3}-{10 + number % 18}"}
        case _:
            return {"escrowCompany": f"Pacific Escrow, desk {number}"}


def _each(spent: dict[str, Any], rows: int) -> dict[str, Any]:
    return {
        name: {key: round(one / rows, 5) for key, one in value.items()}
        if isinstance(value, dict)
        else round(value / rows, 5)
        for name, value in spent.items()
    }


def _stored(item: Any) -> int:
    rows = [row for index in INDEXES if (row := row_of(item, index))]
    return size(item) + _ABOVE + sum(size(row) + _ABOVE for row in rows)


def main() -> None:
    FILE.write_text(json.dumps({"generated by": "python -m bench.acts", **count()}, indent=1) + "\n")
    say(f"Wrote {FILE}.")


if __name__ == "__main__":
    main()
