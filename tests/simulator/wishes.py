"""What somebody asks for in one write, and whether the table of rights has it, by our own account."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tests.simulator.access import (
    DELETE,
    EDIT,
    READ,
    REOPEN,
    Person,
    Place,
    may_create,
    may_move,
    may_own,
    rights,
)
from tests.simulator.ledger import State
from tests.simulator.world import DEAL


@dataclass
class Wish:
    """`kind`: create, patch, delete, recover or reopen. `document`: of a new record, or the patch. `token`: of a lock
    under which it is done.
    """

    user_id: str
    kind: str
    id: str | None = None
    document: dict[str, Any] = field(default_factory=dict)
    token: int | None = None

    @property
    def owner(self) -> str | None:
        """Whom it names as owner."""
        return self.document.get("ownerId")

    def __str__(self) -> str:
        told = {name: value if len(str(value)) < 40 else "..." for name, value in self.document.items()}
        token = f"with token {self.token}" if self.token else None
        words = (f"{self.user_id} {self.kind}s", self.id, str(told) if told else None, token)
        return " ".join(word for word in words if word)


def may_have(wish: Wish, person: Person, state: State | None, owner: Person) -> bool:
    """Whether the table lets this person have it. `owner`: whoever would own the record then."""
    if not person.brokerage:
        return False
    if wish.kind == "create":
        place = _new_place(wish, person)
        return may_create(person, place) and (owner.id == person.id or may_own(owner, place, person.brokerage))
    if state is None or state.deleted != (wish.kind == "recover"):
        return False
    held = rights(person, state.place)
    if wish.kind == "patch":
        return READ in held and _may_patch(wish, person, state, owner)
    return REOPEN in held and is_final(state) if wish.kind == "reopen" else DELETE in held


def _may_patch(wish: Wish, person: Person, state: State, owner: Person) -> bool:
    place, before = state.place, state.item["status"]
    after, status = _moved(wish, person, place), wish.document.get("status", before)
    edits = any(state.fields[name] != value for name, value in wish.document.items() if name in state.fields)
    is_named = (after.owner, after.team) != (place.owner, place.team) and after.owner != person.id
    return (
        (not is_named or may_own(owner, after, person.brokerage))
        and (after == place or may_move(person, place, after))
        and (not edits or EDIT in rights(person, place))
        and (status == before or status in DEAL.transitions[before])
    )


def may_step(person: Person, before: State | None, after: State) -> bool:
    """Whether the table lets this person make the one of the other, whatever they asked for."""
    if before is None:
        return may_create(person, after.place)
    held = rights(person, before.place)
    if before.deleted or after.deleted:
        return DELETE in held and before.place == after.place and before.fields == after.fields
    if is_final(before) and not is_final(after):
        return REOPEN in held and before.place == after.place and before.item.get("city") == after.item.get("city")
    moved, edited = before.place != after.place, before.fields != after.fields
    status, next_ = before.item["status"], after.item["status"]
    return (
        READ in held
        and (not moved or may_move(person, before.place, after.place))
        and (not edited or EDIT in held)
        and (status == next_ or next_ in DEAL.transitions[status])
    )


def names_an_owner(user_id: str, before: State | None, after: State) -> bool:
    """Somebody else than whoever does it: they must be able to see the record from then on."""
    if after.place.owner == user_id or after.deleted or (before and before.deleted):
        return False
    old = (before.place.owner, before.place.team) if before else (user_id, after.place.team)
    return old != (after.place.owner, after.place.team)


def is_final(state: State) -> bool:
    return not DEAL.transitions[state.item["status"]]


def _new_place(wish: Wish, person: Person) -> Place:
    """In the team that is named, or in one's only one."""
    team = wish.document.get("teamId") or (next(iter(person.teams)) if len(person.teams) == 1 else None)
    owner = wish.owner or person.id
    return Place(owner, team, wish.document["visibility"])


def _moved(wish: Wish, person: Person, place: Place) -> Place:
    team, visibility = wish.document.get("teamId", place.team), wish.document.get("visibility", place.visibility)
    after = replace(place, team=team, visibility=visibility)
    if wish.owner in (None, place.owner):
        return after
    return replace(after, owner=wish.owner, taken=wish.owner == person.id)
