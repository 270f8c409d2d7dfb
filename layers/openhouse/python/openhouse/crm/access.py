"""Who may do what with a record: one table, and the only code that reads roles. Pure.

Visibility chooses the room of a record and so who reads it; what else someone may do follows from what they are to it.
Several rows of the table may hold for one person; they have the rights of all of them. docs/access.md is made of this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from openhouse.core.errors import Forbidden, invalid
from openhouse.core.principal import Principal, Role
from openhouse.core.room_names import Visibility, brokerage_room, team_room, user_room


class Right(StrEnum):
    READ = "read"
    EDIT = "edit"  # its fields and status, archive, restore
    DELETE = "delete"  # and recover
    SHARE = "share"  # its visibility, and its team among one's own
    REASSIGN = "reassign"  # its owner
    REOPEN = "reopen"  # from a final status


class Standing(StrEnum):
    """What someone is to a record that they can reach."""

    OWNER = "owner"
    LEADING_OWNER = "owner who is a lead"
    MEMBER = "member of the record's team"
    LEAD = "lead of the record's team"
    COLLEAGUE = "anyone else in the brokerage, visibility `broker`"
    BROKER = "broker"


_ALL = frozenset(Right)
RIGHTS: dict[Standing, frozenset[Right]] = {
    Standing.OWNER: frozenset({Right.READ, Right.EDIT, Right.DELETE, Right.SHARE}),
    Standing.LEADING_OWNER: frozenset({Right.REOPEN}),
    Standing.MEMBER: frozenset({Right.READ, Right.EDIT}),
    Standing.LEAD: _ALL,
    Standing.COLLEAGUE: frozenset({Right.READ}),
    Standing.BROKER: _ALL,
}

_REFUSALS = {
    Right.READ: "you cannot read this",
    Right.EDIT: "only its owner, its team and a broker may change this",
    Right.DELETE: "only its owner, a lead of its team and a broker may delete this",
    Right.SHARE: "only its owner, a lead of its team and a broker may change who sees this",
    Right.REASSIGN: "only a lead of its team and a broker may give this to another owner",
    Right.REOPEN: "only a lead and a broker may reopen this",
}


class Placed(Protocol):
    """Whose a record is and who sees it. A record is one itself."""

    @property
    def owner_id(self) -> str: ...
    @property
    def team_id(self) -> str | None: ...
    @property
    def visibility(self) -> Visibility: ...
    @property
    def taken_over(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Placement:
    owner_id: str
    team_id: str | None
    visibility: Visibility
    taken_over: bool = False  # its owner took it from somebody: it never becomes private through that

    @classmethod
    def of(cls, placed: Placed) -> Placement:
        return cls(
            owner_id=placed.owner_id,
            team_id=placed.team_id,
            visibility=placed.visibility,
            taken_over=placed.taken_over,
        )


class Colleague(Protocol):
    """Someone of the brokerage, as the directory knows them."""

    @property
    def role(self) -> Role: ...
    @property
    def team_ids(self) -> tuple[str, ...]: ...


def room_of(placed: Placed, brokerage_id: str) -> str:
    """The one room of a record. Raises Invalid if it needs a team and has none."""
    if placed.visibility == "private":
        return user_room(placed.owner_id)
    if placed.visibility == "broker":
        return brokerage_room(brokerage_id)
    if placed.team_id is None:
        raise invalid(("teamId", "name one of your teams, or choose another visibility"))
    return team_room(placed.team_id)


def standings(principal: Principal, placed: Placed) -> set[Standing]:
    """None for a record that they cannot reach."""
    if room_of(placed, principal.brokerage_id) not in principal.rooms:
        return set()
    owns, is_lead = placed.owner_id == principal.user_id, principal.role == "lead"
    found = {Standing.OWNER} if owns else set()
    if owns and is_lead:
        found.add(Standing.LEADING_OWNER)
    if placed.visibility == "private":
        return found
    if principal.role == "broker":
        found.add(Standing.BROKER)
    elif placed.team_id is not None and placed.team_id in principal.team_ids:
        found.add(Standing.LEAD if is_lead else Standing.MEMBER)
    elif not owns:
        found.add(Standing.COLLEAGUE)
    return found


def rights(principal: Principal, placed: Placed) -> frozenset[Right]:
    return frozenset(right for standing in standings(principal, placed) for right in RIGHTS[standing])


def can_read(who: Colleague, user_id: str, placed: Placed) -> bool:
    """Whether somebody of the record's brokerage is in its room."""
    if placed.visibility == "team":
        return who.role == "broker" or placed.team_id in who.team_ids
    return placed.visibility == "broker" or placed.owner_id == user_id


def abilities(principal: Principal, placed: Placed, *, is_final: bool, is_deleted: bool) -> list[str]:
    """What a screen may offer of a record, beside reading it."""
    held = rights(principal, placed)
    if is_deleted:
        return ["recover"] if Right.DELETE in held else []
    offered = [right for right in Right if right is not Right.READ and (is_final or right is not Right.REOPEN)]
    return [right.value for right in offered if right in held]


def authorize(principal: Principal, placed: Placed, right: Right) -> None:
    """Raises Forbidden."""
    if right not in rights(principal, placed):
        raise Forbidden(_REFUSALS[right])


def authorize_move(principal: Principal, before: Placed, after: Placed) -> Placement:
    """The placement to keep, if this person may bring a record from the one to the other in one step.

    Judged as two: team and visibility on the record as it was, then the owner. So what one request refuses, no
    sequence of requests of one person achieves: `tests/unit/openhouse/test_access.py` walks through all of them.
    Whether the owner fits is for the caller to ask (`fits`). Raises Forbidden or Invalid.
    """
    moved = replace(Placement.of(before), team_id=after.team_id, visibility=after.visibility)
    if moved != Placement.of(before):
        _authorize_sharing(principal, before, moved)
    if after.owner_id == before.owner_id:
        return moved
    authorize(principal, moved, Right.REASSIGN)
    if moved.visibility == "private":
        raise Forbidden("nobody may make a record private for somebody else")
    return replace(moved, owner_id=after.owner_id, taken_over=after.owner_id == principal.user_id)


def _authorize_sharing(principal: Principal, before: Placed, moved: Placement) -> None:
    authorize(principal, before, Right.SHARE)
    if moved.team_id != before.team_id:
        if moved.team_id is None:
            raise invalid(("teamId", "cannot be removed: name another team"))
        if moved.team_id not in principal.team_ids:
            raise invalid(("teamId", "this is not one of your teams"))
    if moved.visibility == "private" and (moved.owner_id != principal.user_id or moved.taken_over):
        raise Forbidden("only its owner may make a record private, and not one that they took from somebody")
    if room_of(moved, principal.brokerage_id) not in principal.rooms:
        raise Forbidden("it would go to a team that you are not in: name one of yours in teamId")


def authorize_creation(principal: Principal, wanted: Placed) -> Placement:
    """The placement of a new record: one's own first, and then what one may make of it. Raises Forbidden or Invalid."""
    team_id = _team_for(principal, wanted.team_id)
    own = Placement(owner_id=principal.user_id, team_id=team_id, visibility=wanted.visibility)
    if room_of(own, principal.brokerage_id) not in principal.rooms:
        raise Forbidden("it would go to a team that you are not in: name one of yours in teamId")
    return authorize_move(principal, own, replace(own, owner_id=wanted.owner_id))


def fits(owner: Colleague, team_id: str | None) -> bool:
    """Whether somebody may own a record of this team: its owner is in it."""
    return team_id is None or owner.role == "broker" or team_id in owner.team_ids


def _team_for(principal: Principal, wanted: str | None) -> str | None:
    """The team of a new record: the one named, else their only one; None when they have none, or several."""
    if wanted is None:
        return principal.team_ids[0] if len(principal.team_ids) == 1 else None
    if wanted not in principal.team_ids:
        raise invalid(("teamId", "this is not one of your teams"))
    return wanted
