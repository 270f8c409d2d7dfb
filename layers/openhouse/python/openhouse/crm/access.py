"""Who may do what with a record, and which room it belongs to. Pure."""

from __future__ import annotations

from openhouse.core.errors import Forbidden, invalid
from openhouse.core.principal import Principal
from openhouse.core.room_names import Visibility, brokerage_room, team_room, user_room


def room_of(visibility: Visibility, *, owner_id: str, team_id: str | None, brokerage_id: str) -> str:
    """The one room of a record."""
    if visibility == "private":
        return user_room(owner_id)
    if visibility == "broker":
        return brokerage_room(brokerage_id)
    if team_id is None:
        raise invalid(("teamId", "name one of your teams, or choose another visibility"))
    return team_room(team_id)


def team_for(principal: Principal, wanted: str | None) -> str | None:
    """The team of a record that `principal` creates: the one named, else their only one.

    None when they have none, or several and named none.
    """
    if wanted is not None:
        if wanted not in principal.team_ids:
            raise invalid(("teamId", "this is not one of your teams"))
        return wanted
    return principal.team_ids[0] if len(principal.team_ids) == 1 else None


def check_may_move(principal: Principal, *, owner_id: str, to: Visibility, room: str) -> None:
    """The owner may; a lead or a broker may too, except that only owners make a record private.

    Nobody moves one into a `room` that they are not in, such as a team they have left.
    """
    if room not in principal.rooms and to != "private":
        raise Forbidden("it would go to a team that you are not in: name one of yours in teamId")
    if principal.user_id == owner_id:
        return
    if to == "private" or principal.role not in ("lead", "broker"):
        raise Forbidden("only the owner may make a record private; a lead or a broker may share it otherwise")


def check_may_reassign(principal: Principal, *, owner_id: str, team_id: str | None) -> None:
    """A broker may; a lead may with their own records, and with those of their own teams."""
    if principal.role == "broker":
        return
    if principal.role != "lead":
        raise Forbidden("only a lead or a broker may give a record to another owner or team")
    if principal.user_id != owner_id and team_id not in principal.team_ids:
        raise Forbidden("a lead may give records of their own teams to others")
