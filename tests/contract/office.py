"""Both brokerages of the tests of rights: who is in them, their records, and what each may do with these by hand.

Whatever somebody asks of them, `check_writes` and `check_reads` must hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from contractgen.examples import bodies_of
from contractgen.lifecycle import way
from openhouse import wiring
from openhouse.api.rest import RestApi
from openhouse.contract.operations import DocumentedOperation, documented_operations
from openhouse.core.principal import Principal
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.entities import ENTITIES
from openhouse.identity.directory import Team, User
from openhouse.identity.invitations import Invitation
from openhouse.storage.keys import Item
from tests.fakes import AVA, FakeLogins, principal
from tests.functional.conftest import World
from tests.memory_table import MemoryTable

HARBOR: dict[str, Principal] = {
    "ava": AVA,
    "ben": principal("ben", "north"),
    "lee": principal("lee", "north", role="lead"),
    "mia": principal("mia", "south"),
    "sue": principal("sue", "south", role="lead"),
    "dana": principal("dana", "north", "south", role="broker"),
    "root": principal("root", role="admin"),
    "adam": principal("adam", "north", role="admin"),
}
OTHER: dict[str, Principal] = {
    who.user_id: who
    for who in (
        principal("zed", "west", brokerage_id="other"),
        principal("zoe", "west", role="lead", brokerage_id="other"),
        principal("zak", "west", role="broker", brokerage_id="other"),
        principal("zia", "west", role="admin", brokerage_id="other"),
    )
}
EVERYONE = HARBOR | OTHER
TEAMS = {"harbor": ("north", "south"), "other": ("west",)}

# What someone may do with Ava's records of the team north, by who sees these.
_ALL = {"read", "edit", "delete", "reopen"}
RIGHTS: dict[str, dict[str, set[str]]] = {
    "ava": dict.fromkeys(("private", "team", "broker"), _ALL - {"reopen"}),
    "ben": {"team": {"read", "edit"}, "broker": {"read", "edit"}},
    "lee": {"team": _ALL, "broker": _ALL},
    "mia": {"broker": {"read"}},
    "sue": {"broker": {"read"}},
    "dana": {"team": _ALL, "broker": _ALL},
    "root": {"broker": {"read"}},
    "adam": {"team": {"read", "edit"}, "broker": {"read", "edit"}},
}
# The same of Zed's, which all of the other brokerage see, and whose team they are all of.
RIGHTS_THERE = {"zed": _ALL - {"reopen"}, "zoe": _ALL, "zak": _ALL, "zia": {"read", "edit"}}
NEEDS = {
    "GET /{id}": "read",
    "GET /{id}/history": "read",
    "PATCH /{id}": "edit",
    "POST /{id}/archive": "edit",
    "POST /{id}/restore": "edit",
    "POST /{id}/convert": "edit",
    "DELETE /{id}": "delete",
    "POST /{id}/recover": "delete",
    "POST /{id}/reopen": "reopen",
    "POST /{id}/lock": "edit",
    "DELETE /{id}/lock": "read",  # whoever has no lock releases none
}
# That a record must be in, by the call.
STATES = {
    "/restore": "archived",
    "/recover": "deleted",
    "/reopen": "final",
    "/convert": "qualified",
}  # that a record must be in, by the call


class Target(NamedTuple):
    """A record, which holds its number as a text."""

    noun: str
    state: str
    visibility: str
    owner: str
    id: str
    mark: str

    def rights(self, user_id: str) -> set[str]:
        if self.owner == "zed":
            return RIGHTS_THERE.get(user_id, set())
        return RIGHTS.get(user_id, {}).get(self.visibility, set())


def text_of(module: Module) -> str:
    """A field that may hold any text."""
    return "notes" if "notes" in module.model.model_fields else "description"


class Office:
    """Both brokerages, each with records; as they were, whenever one asks."""

    def __init__(self, table: MemoryTable | None = None) -> None:
        self.logins = FakeLogins()
        self.world = World(None, table or MemoryTable(), logins=lambda: self.logins)
        self.world.crm = RestApi(wiring.crm_operations(ENTITIES), self.world)
        self.world.people = RestApi(wiring.directory_operations(ENTITIES), self.world)
        self.changed: list[Item] = []
        self._found("harbor", HARBOR, "root")
        self._found("other", OTHER, "zia")
        self.targets = list(self._records())
        self.base = MemoryTable()
        self.base.copy(self.table)
        self.table.told = lambda old, new: self.changed.append(new or _key(old or {}))

    @property
    def table(self) -> MemoryTable:
        assert isinstance(self.world.table, MemoryTable)
        return self.world.table

    def begin_anew(self) -> None:
        self.table.copy(self.base)
        self.logins = FakeLogins()
        invited = Invitation(email="new@x.test", name="New", role="agent", team_ids=("north",))
        self.world.invitations.invite(HARBOR["root"], invited)
        self.changed.clear()

    def target(self, noun: str, state: str) -> list[Target]:
        return [target for target in self.targets if (target.noun, target.state) == (noun, state)]

    def _found(self, brokerage_id: str, people: dict[str, Principal], founder: str) -> None:
        directory = self.world.directory
        users = {
            who.user_id: User(
                user_id=who.user_id,
                email=who.email,
                name=who.name,
                role=who.role,
                team_ids=() if who.role == "broker" else who.team_ids,
            )
            for who in people.values()
        }
        founding = User(user_id=founder, email=f"{founder}@x.test", name=founder, role="admin")
        directory.found(brokerage_id, brokerage_id.title(), founding)
        for team in TEAMS[brokerage_id]:
            directory.put_team(brokerage_id, Team(team_id=team, name=team.title()))
        for user in users.values():
            directory.put_user(brokerage_id, user)

    def _records(self) -> Iterator[Target]:
        numbers = count()
        for module in MODULES:
            states = ["plain", "archived", "deleted", *(["qualified"] if module.conversion else [])]
            states += ["final"] if any(map(module.is_final, module.transitions)) else []
            for state in states:
                for visibility, owner in (("private", "ava"), ("team", "ava"), ("broker", "ava"), ("broker", "zed")):
                    number = f"mark{next(numbers)}x"
                    who = EVERYONE[owner]
                    fields = {**module.example, text_of(module): number, "visibility": visibility}
                    id_ = str(self.world.records.create(module, who, fields)["id"])
                    self._bring(module, who, id_, state)
                    yield Target(module.noun, state, visibility, owner, id_, number)

    def _bring(self, module: Module, who: Principal, id_: str, state: str) -> None:
        records = self.world.records
        if state == "archived":
            records.patch(module, who, id_, {"archived": True})
        elif state == "deleted":
            records.delete(module, who, id_)
        elif state == "qualified":
            self._lead(module, who, id_, "qualified")
        elif state == "final" and module.conversion:
            self._lead(module, who, id_, "qualified")
            records.convert(module, who, id_, {})
        elif state == "final":
            self._lead(module, who, id_, next(filter(module.is_final, module.transitions)))

    def _lead(self, module: Module, who: Principal, id_: str, status: str) -> None:
        (patch,) = [each for each in calls() if each.patch and each.tag == module.path]
        patches = bodies_of(patch, ENTITIES)
        for step in way(module, status):
            self.world.records.patch(module, who, id_, patches.get(module.verbs.get(step, ""), {"status": step}))


@cache
def calls() -> list[DocumentedOperation]:
    return documented_operations(ENTITIES)


def brokerages_in(pk: str) -> set[str]:
    """Whose partition that is."""
    homes = {f"user:{who.user_id}": who.brokerage_id for who in EVERYONE.values()}
    homes |= {f"team:{team}": broker for broker, teams in TEAMS.items() for team in teams}
    homes |= {f"broker:{broker}": broker for broker in TEAMS}
    return {homes[room] for room in re.findall(r"(?:user|team|broker):[^#]+", pk) if room in homes}


def check_writes(office: Office, who: Principal) -> None:
    """All is in one's own brokerage and in one's own name."""
    for item in office.changed:
        if item["pk"].startswith("I#"):  # it goes on with a text of theirs
            assert item["pk"].startswith(f"I#{who.user_id}#")
            continue
        assert brokerages_in(item["pk"]) <= {who.brokerage_id}, f"{who.user_id} has changed {item['pk']}"
        if item["pk"].startswith("L#") and "commit" in item:
            assert json.loads(item["commit"])["by"] == who.user_id
        if item["pk"][:2] in ("X#", "T#", "M#") or "user_id" in item:
            assert item["user_id"] == who.user_id
        if item["pk"].startswith("R#"):
            assert who.user_id in (item.get("updated_by", who.user_id), holder_in(item))


def holder_in(item: Item) -> str | None:
    """Who has locked a record, which is no change of it."""
    lease = item.get("_lock", {}).get("lease")
    return str(lease["holder"]) if lease else None


def check_reads(office: Office, who: Principal, content: Any) -> None:
    """Nothing of a record is told that is hidden from them."""
    told = set(re.findall(r"mark\d+x", json.dumps(content)))
    hidden = {target.mark for target in office.targets if "read" not in target.rights(who.user_id)}
    assert not told & hidden


def _key(item: Item) -> Item:
    """Of one that was deleted, whose content was others'."""
    return {name: item[name] for name in ("pk", "sk", "user_id") if name in item}


def written(office: Office) -> list[Item]:
    """What was changed, but that a room of one's own has got a log, which is empty."""
    return [item for item in office.changed if item.get("seq") != 0 and not item["pk"].startswith("Y#")]
