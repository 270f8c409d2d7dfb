"""Who may do what, by our own account: docs/access.md row by row, and not the product's code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tests.simulator.brokerages import BROKERAGE, TEAMS

READ, EDIT, DELETE, SHARE, REASSIGN, REOPEN = "read", "edit", "delete", "share", "reassign", "reopen"

TABLE = {
    "owner": {READ, EDIT, DELETE, SHARE},
    "owner who is a lead": {REOPEN},
    "member of its team": {READ, EDIT},
    "lead of its team": {READ, EDIT, DELETE, SHARE, REASSIGN, REOPEN},
    "anyone else": {READ},
    "broker": {READ, EDIT, DELETE, SHARE, REASSIGN, REOPEN},
}


@dataclass(frozen=True)
class Person:
    """As the directory has them at one moment. `brokerage`: empty for one who is removed."""

    id: str
    brokerage: str
    role: str
    teams: frozenset[str]

    @classmethod
    def of(cls, entry: dict[str, Any]) -> Person:
        if entry.get("removed"):
            return cls(entry["user_id"], "", "", frozenset())
        teams = TEAMS[entry["brokerage_id"]] if entry["role"] == "broker" else entry["team_ids"]
        return cls(entry["user_id"], entry["brokerage_id"], entry["role"], frozenset(teams))


@dataclass(frozen=True)
class Place:
    """Whose a record is, and who sees it."""

    owner: str
    team: str | None
    visibility: str
    taken: bool = False

    @classmethod
    def of(cls, item: dict[str, Any]) -> Place:
        return cls(item["owner_id"], item.get("team_id"), item["visibility"], item["taken_over"])

    @property
    def room(self) -> str:
        if self.visibility == "private":
            return f"user:{self.owner}"
        return f"team:{self.team}" if self.visibility == "team" else f"broker:{BROKERAGE[self.owner]}"


@cache
def rows(person: Person, place: Place) -> frozenset[str]:
    """Those of the table that hold; none for a record that is hidden from them."""
    owns = person.id == place.owner
    in_team = place.team in person.teams
    sees = {"private": owns, "team": in_team, "broker": True}[place.visibility]
    if person.brokerage != BROKERAGE[place.owner] or not sees:
        return frozenset()
    found = {"owner"} if owns else set()
    found |= {"owner who is a lead"} if owns and person.role == "lead" else set()
    if place.visibility != "private":
        if person.role == "broker":
            found.add("broker")
        elif in_team:
            found.add("lead of its team" if person.role == "lead" else "member of its team")
        else:
            found.add("anyone else")
    return frozenset(found)


@cache
def rights(person: Person, place: Place) -> frozenset[str]:
    return frozenset[str]().union(*(TABLE[row] for row in rows(person, place)))


@cache
def may_move(person: Person, before: Place, after: Place) -> bool:
    """In one request: judged by team and visibility first, then by the owner."""
    shared = replace(after, owner=before.owner, taken=before.taken)
    if shared != before:
        to_another_team = shared.team != before.team
        hides = shared.visibility == "private"
        if (
            SHARE not in rights(person, before)
            or (to_another_team and (shared.team is None or shared.team not in person.teams))
            or (hides and (before.taken or before.owner != person.id))
            or READ not in rights(person, shared)
        ):
            return False
    if after.owner == before.owner:
        return after.taken == before.taken
    given = REASSIGN in rights(person, shared) and shared.visibility != "private"
    return given and after.taken == (after.owner == person.id)


def may_create(person: Person, place: Place) -> bool:
    """One's own first, and then what one may make of it."""
    own = Place(person.id, place.team, place.visibility)
    known = place.team is None or place.team in person.teams
    return bool(person.brokerage) and known and READ in rights(person, own) and may_move(person, own, place)


def may_own(owner: Person, place: Place, brokerage: str) -> bool:
    """The owner of a record is of its brokerage, and in its team, whenever either is named."""
    return owner.brokerage == brokerage and (place.team is None or place.team in owner.teams)
