"""What people do with records, what administrators do to people, and what operators and time do to logs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from openhouse.core.principal import Principal
from openhouse.core.room_names import brokerage_room, team_room, user_room
from openhouse.crm.record_items import from_item
from openhouse.identity.directory import User
from openhouse.storage.keys import Item, head_key, user_key
from tests.simulator.functions import Answer
from tests.simulator.world import BROKERAGE, DEAL, PEOPLE, TEAMS, World

ADMIN = Principal(user_id="admin-harbor", brokerage_id="harbor", role="admin", team_ids=(), expires_at=0)
TOKEN_SECONDS = 3600
CITIES = ("Davis", "Chico", "Fresno", None)
TOO_LARGE_FOR_AN_EVENT = "Los Angeles " * 2_600
EVERYONE = tuple(BROKERAGE)
BUSY = ("ava", "ben", "dana", "ava", "ben", "dana", "zed")
ROOMS = (
    *(user_room(user_id) for user_id in EVERYONE),
    *(team_room(team) for teams in TEAMS.values() for team in teams),
    *(brokerage_room(broker) for broker in TEAMS),
)


def rooms_of(world: World, user_id: str) -> tuple[str, ...]:
    """As the directory has it now, by our own account."""
    entry = world.table.peek(user_key(user_id))
    assert entry is not None
    if entry.get("removed"):
        return ()
    broker, teams = entry["brokerage_id"], tuple(entry["team_ids"])
    if entry["role"] == "broker":
        teams = TEAMS[broker]
    return (user_room(user_id), *map(team_room, teams), brokerage_room(broker))


class People:
    """`told(call, document, kind)` hears how each write ended."""

    def __init__(self, world: World, told: Callable[[int, str, Answer[Any]], None]) -> None:
        self._world = world
        self._choices = world.choices
        self._told = told
        self._calls = 0
        self.unfinished: dict[str, User] = {}  # by id, what an administrator began and must repeat

    # Records ---------------------------------------------------------------------------------------------------------

    def create(self) -> None:
        user_id = self._choices.pick(BUSY)
        document: dict[str, Any] = {"visibility": self._choices.pick(("team", "broker", "private"))}
        document["city"] = self._city()

        def work() -> dict[str, Any]:
            principal = self._principal(user_id)
            teams = [team for team in principal.team_ids if document["visibility"] == "team"]
            where = {"teamId": self._choices.pick(teams)} if teams else {}
            filled = {name: value for name, value in (document | where).items() if value is not None}
            return self._world.records.create(DEAL, principal, filled)

        self._write(f"{user_id} creates {_short(document)}", "create", work)

    def change(self) -> None:
        self._patch(lambda _record: {"city": self._city()})

    def shut(self) -> None:
        self._patch(lambda record: {"status": "open" if record["status"] == "shut" else "shut"})

    def move(self) -> None:
        def patch(record: Item) -> dict[str, Any]:
            if record["visibility"] == "team" and self._choices.chance(40):
                return {"teamId": self._choices.pick(TEAMS["harbor"])}
            others = [each for each in ("team", "broker", "private") if each != record["visibility"]]
            return {"visibility": self._choices.pick(others)}

        self._patch(patch)

    def delete(self) -> None:
        found = self._some_record()
        if found:
            user_id, record = found
            self._write(
                f"{user_id} deletes {record['id']}",
                "delete",
                lambda: self._world.records.delete(DEAL, self._principal(user_id), record["id"]),
            )

    def _patch(self, patch_of: Callable[[Item], dict[str, Any]]) -> None:
        found = self._some_record()
        if found:
            user_id, record = found
            patch = patch_of(record)
            self._write(
                f"{user_id} patches {record['id']} with {_short(patch)}",
                "patch",
                lambda: self._world.records.patch(DEAL, self._principal(user_id), record["id"], patch),
            )

    def _some_record(self) -> tuple[str, Item] | None:
        """And someone who can reach it."""
        user_id = self._choices.pick(BUSY)
        found = _records(self._world, user_id)
        return (user_id, self._choices.pick(found)) if found else None

    def _write(self, words: str, kind: str, work: Callable[[], Any]) -> None:
        world = self._world
        self._calls += 1
        outer, call = world.call, self._calls
        world.say(words)
        world.call = call
        answer = world.functions.invoke(f"call {call}", _as_call(world, call, work))
        world.call = outer
        if answer.error is not None:
            world.say(f"call {call} is refused: {type(answer.error).__name__}")
        self._told(call, kind, answer)

    def _city(self) -> str | None:
        return TOO_LARGE_FOR_AN_EVENT if self._choices.chance(2) else self._choices.pick(CITIES)

    def _principal(self, user_id: str) -> Principal:
        """As the authorizer finds it."""
        return self._world.directory.principal(user_id, self.token_end())

    def token_end(self) -> int:
        return int(self._world.clock.now.timestamp()) + TOKEN_SECONDS

    # The directory ---------------------------------------------------------------------------------------------------

    def change_teams(self) -> None:
        """Of one of a brokerage's people: gains or loses a team, or becomes a broker, or is one no more."""
        user = self._choices.pick(PEOPLE["harbor"])
        if self._choices.chance(10):
            self._remove(user)
            return
        options = [("north",), ("south",), ("north", "south"), ()]
        role = "broker" if self._choices.chance(15) else "agent" if user.role == "broker" else user.role
        self._put(replace(user, team_ids=self._choices.pick(options), role=role))

    def repeat_unfinished(self) -> None:
        for user in list(self.unfinished.values()):
            self._put(user)
        for user in PEOPLE["harbor"]:
            if not rooms_of(self._world, user.user_id):
                self._put(user)

    def _remove(self, user: User) -> None:
        """For now: in the end they are added again."""
        world = self._world
        world.say(f"an administrator removes {user.user_id}")
        world.functions.invoke("directory", lambda: world.administration.remove_user(ADMIN, user.user_id))

    def _put(self, user: User) -> None:
        world = self._world
        world.say(f"an administrator puts {user.user_id} into {', '.join(user.team_ids) or 'no team'} as {user.role}")
        answer = world.functions.invoke("directory", lambda: world.administration.put_user(ADMIN, user))
        if answer.ok:
            self.unfinished.pop(user.user_id, None)
        else:
            self.unfinished[user.user_id] = user
        for device in world.devices:
            device.ever |= set(rooms_of(world, device.user_id))


def _as_call(world: World, call: int, work: Callable[[], Any]) -> Callable[[], Any]:
    def again() -> Any:
        world.call = call
        return work()

    return again


def _short(document: dict[str, Any]) -> str:
    return str({name: value if len(str(value)) < 40 else "..." for name, value in document.items()})


def rebuild(world: World) -> None:
    """An operator begins a log anew: what it held is gone, and older positions mean nothing."""
    room = world.choices.pick(ROOMS)
    head = world.table.peek(head_key(room))
    if head is not None:
        life = world.new_life()
        world.say(f"the log of {room} is rebuilt: {life}")
        for sk in list(world.table.rows(head["pk"])):
            world.table.drop({"pk": head["pk"], "sk": sk})
        world.table.put({**head_key(room), "epoch": life, "seq": 0})
        world.sockets.lose(world.sockets.all)  # nobody is told


def lose_entries(world: World) -> None:
    """The oldest entries of a log are deleted before their time."""
    room = world.choices.pick(ROOMS)
    entries = [sk for sk in world.table.rows(head_key(room)["pk"]) if sk.startswith("C#")]
    if entries:
        count = 1 + world.choices.below(len(entries))
        world.say(f"{room} loses its {count} oldest entries")
        for sk in sorted(entries)[:count]:
            world.table.drop({"pk": head_key(room)["pk"], "sk": sk})
        world.sockets.lose(world.sockets.all)  # a worker may not find them any more


def sweep(world: World) -> None:
    """DynamoDB deletes what has expired."""
    now = world.clock.now.timestamp()
    for item in [item for item in world.table.items() if item.get("ttl", now + 1) <= now]:
        world.table.drop({"pk": item["pk"], "sk": item["sk"]})
        if item["pk"].startswith("L#"):
            world.sockets.lose(world.sockets.all)


def everything(world: World, user_id: str) -> dict[str, dict[str, Any]]:
    """What someone would be shown now, by id."""
    return {item["id"]: _wire(world, item) for item in _records(world, user_id)}


def _records(world: World, user_id: str) -> list[Item]:
    """Those in someone's rooms, without the deleted ones, which lie there too."""
    rows = [item for room in rooms_of(world, user_id) for item in world.table.rows(f"R#{room}").values()]
    return [item for item in rows if item["sk"].startswith(f"{DEAL.noun}#")]


def _wire(world: World, item: Item) -> dict[str, Any]:
    """Worked out once."""
    key = item["pk"], item["id"], item["version"]
    if key not in world.wires:
        world.wires[key] = from_item(DEAL, item).wire()
    return world.wires[key]
