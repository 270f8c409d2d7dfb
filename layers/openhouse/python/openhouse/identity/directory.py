"""The directory: who is in which brokerage and teams, with which role. The token says who, this says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, get_args

from openhouse.core.errors import (
    Busy,
    Conflict,
    Forbidden,
    NotFound,
    OpenhouseError,
    TokenExpired,
    UserUnknown,
    invalid,
)
from openhouse.core.ids import MAX_ID_LENGTH
from openhouse.core.principal import Principal, Role
from openhouse.core.room_names import brokerage_room
from openhouse.core.text import is_seen
from openhouse.identity.audit import OPERATOR, Act, AuditTrail, Author, Deed
from openhouse.storage.keys import Item, Key, RosterKind, brokerage_key, installed_key, roster_key, team_key, user_key
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import (
    ABSENT,
    AllOf,
    AnyOf,
    AtMost,
    Check,
    Condition,
    Delete,
    Equals,
    Lacks,
    Put,
    Update,
    Write,
    absent_or,
    equals,
)

ID = re.compile(r"[^\s#:/]{1,128}")  # `#` and `:` divide keys and rooms, `/` divides paths


@dataclass(frozen=True, kw_only=True)
class User:
    """`user_id` is the `sub` of their tokens."""

    user_id: str
    email: str
    name: str
    role: Role
    team_ids: tuple[str, ...] = ()
    invited_at: str | None = None  # when they were sent their first password, unless they have come since
    refused_until: int | None = None  # tokens that end by then (seconds since 1970) were revoked

    def wire(self) -> dict[str, Any]:
        return {
            "userId": self.user_id,
            "email": self.email,
            "name": self.name,
            "role": self.role,
            "teamIds": list(self.team_ids),
            "invitedAt": self.invited_at,
        }


@dataclass(frozen=True, kw_only=True)
class Team:
    team_id: str
    name: str

    def wire(self) -> dict[str, Any]:
        return {"teamId": self.team_id, "name": self.name}


class Membership(NamedTuple):
    """`user`: None of one who was removed; the login is the brokerage's all the same."""

    brokerage_id: str
    user: User | None


_BEING_CHANGED = "the directory is being changed by someone else; try again"
MOST_TEAMS = 1_000  # of one brokerage: a broker is in the rooms of all of them


class Directory:
    """`trust_claims`: people without an entry are whom their token's issuer says they are.

    Whatever changes is told in the brokerage's audit trail, in the same transaction.
    """

    def __init__(self, table: Table, *, trust_claims: bool = False, audit: AuditTrail | None = None) -> None:
        self._table = table
        self._trust_claims = trust_claims
        self._audit = audit or AuditTrail(table)

    def principal(self, user_id: str, expires_at: int, *, claimed: Principal | None = None) -> Principal:
        """Who this user is now; if claims are trusted, `claimed` stands for an entry. Raises UserUnknown."""
        return self._principal(self._entry(user_id), expires_at, claimed)

    def bearer(self, user_id: str, expires_at: int, *, claimed: Principal | None = None) -> Principal:
        """The same of whoever has a token that ends then. Raises also TokenExpired, of one that was revoked."""
        item = self._entry(user_id)
        if item and expires_at <= item.get("refused_until", 0):
            raise TokenExpired("your sessions were ended; sign in again")
        return self._principal(item, expires_at, claimed)

    def _principal(self, item: Item | None, expires_at: int, claimed: Principal | None) -> Principal:
        if item is None and claimed and self._trust_claims:
            return replace(claimed, team_ids=self.reach(claimed.brokerage_id, claimed.role, claimed.team_ids))
        if item is None or item.get("removed"):
            raise UserUnknown("ask an administrator of your brokerage to add you")
        return self.principal_of(item["brokerage_id"], _user(item), expires_at)

    def principal_of(self, brokerage_id: str, user: User, expires_at: int = 0) -> Principal:
        """Who a user of the brokerage is, by the entry that was read."""
        return Principal(
            user_id=user.user_id,
            brokerage_id=brokerage_id,
            role=user.role,
            team_ids=self.reach(brokerage_id, user.role, user.team_ids),
            expires_at=expires_at,
            name=user.name,
            email=user.email,
        )

    def reach(self, brokerage_id: str, role: Role, team_ids: tuple[str, ...]) -> tuple[str, ...]:
        """The teams that someone with this role and these teams is in: a broker is in all of the brokerage's."""
        return tuple(team.team_id for team in self.teams(brokerage_id)) if role == "broker" else team_ids

    def brokerage_name(self, brokerage_id: str) -> str:
        item = self._table.get(brokerage_key(brokerage_id))
        return str(item["name"]) if item else brokerage_id

    def brokerage_of(self, room: str) -> str | None:
        """Whose room it is; None of one that the directory does not know."""
        kind, _, id_ = room.partition(":")
        if kind == "broker":
            return id_
        item = self._table.get(team_key(id_) if kind == "team" else user_key(id_))
        return str(item["brokerage_id"]) if item else None

    def teams(self, brokerage_id: str) -> list[Team]:
        return [Team(team_id=item["team_id"], name=item["name"]) for item in self._roster(brokerage_id, "team")]

    def users(self, brokerage_id: str) -> list[User]:
        return [_user(item) for item in self._roster(brokerage_id, "user")]

    def some_users(self, brokerage_id: str, user_ids: Iterable[str]) -> dict[str, User]:
        """Those of the named people who are in the brokerage, by id."""
        keys = [roster_key(brokerage_id, "user", user_id) for user_id in set(user_ids) if is_id(user_id)]
        return {item["user_id"]: _user(item) for item in self._table.get_many(keys)}

    def removed(self, brokerage_id: str, user_ids: Iterable[str]) -> set[str]:
        """Those of these people who were removed from the brokerage. Whoever has no entry never was."""
        items = self._table.get_many([user_key(user_id) for user_id in set(user_ids)])
        return {item["user_id"] for item in items if item.get("removed") or item["brokerage_id"] != brokerage_id}

    def found(self, brokerage_id: str, name: str, admin: User) -> None:
        """A new brokerage and its first administrator. Raises Conflict when either exists."""
        _check_id("brokerageId", brokerage_id)
        _check_user(admin)
        brokerage: Item = {**brokerage_key(brokerage_id), "brokerage_id": brokerage_id, "name": name}
        deed = Deed(act="brokerage_founded", subject=brokerage_id, name=name, after={"administrator": admin.name})
        room = brokerage_room(brokerage_id)
        listed = Put({**installed_key(brokerage_id), "room": room}, absent_or(room=room))
        writes = [Put(brokerage, ABSENT), listed, *_user_writes(brokerage_id, admin, first=True)]
        try:
            self._table.transact([*writes, self._told(brokerage_id, None, deed)])
        except WriteConflict as conflict:
            raise Conflict(f"the brokerage {brokerage_id} or the user {admin.user_id} exists already") from conflict

    def put_team(self, brokerage_id: str, team: Team) -> None:
        """Adds or renames a team; an operator chose its id.

        Raises Conflict when it is another brokerage's, or one too many; Invalid.
        """
        _check_id("teamId", team.team_id)
        if len(team.team_id) > MAX_ID_LENGTH:  # a frame tells of all rooms of a broker
            raise invalid(("teamId", f"must be at most {MAX_ID_LENGTH} characters"))
        names = self._team_names(brokerage_id)
        _check_number(names, team.team_id)
        own = absent_or(brokerage_id=brokerage_id)
        told = self._told_of_team(brokerage_id, team, names, None)
        self._write([*_team_writes(brokerage_id, team, own), *told], Conflict("this team id is taken"), None)

    def create_team(self, brokerage_id: str, team: Team, *, by: str, also: Sequence[Write] = ()) -> None:
        """A team with a new id. `by`: the administrator who does this; `also`: what is written with it.

        Raises Forbidden when `by` is no administrator any more, Conflict when it is one too many.
        """
        names = self._team_names(brokerage_id)
        _check_number(names, team.team_id)
        again = Busy("the same request is being answered; try again")
        told = self._told_of_team(brokerage_id, team, names, by)
        writes = [*_team_writes(brokerage_id, team, ABSENT), *also, *told]
        self._write(writes, again, self._authority(brokerage_id, by))

    def rename_team(self, brokerage_id: str, team: Team, *, by: str) -> None:
        """Raises NotFound for anyone else's team, as if it did not exist, Forbidden as above."""
        missing = NotFound("there is no such team in your brokerage")
        if not is_id(team.team_id):
            raise missing
        own = equals(brokerage_id=brokerage_id)
        told = self._told_of_team(brokerage_id, team, self._team_names(brokerage_id), by)
        writes = [*_team_writes(brokerage_id, team, own), *told]
        self._write(writes, missing, self._authority(brokerage_id, by))

    def put_user(self, brokerage_id: str, user: User, *, by: str | None = None) -> User:
        """Adds or replaces a user, and returns them as they are kept.

        `by`: the administrator who does this; None for an operator of the deployment.

        Raises Invalid for unknown teams, Conflict if they ever were another brokerage's, Forbidden as for a team.
        """
        _check_user(user)
        teams = self.check_teams(brokerage_id, user.team_ids)
        known = self._entry(user.user_id) or {}
        user = replace(user, team_ids=tuple(dict.fromkeys(user.team_ids)), **_kept(known))
        before = {} if not known or known.get("removed") else _in_words(_user(known), teams)
        about: Act = "user_changed" if before else "user_added"
        deed = Deed(act=about, subject=user.user_id, name=user.name, before=before, after=_in_words(user, teams))
        self._write(
            [*_user_writes(brokerage_id, user), *([self._told(brokerage_id, by, deed)] if deed.changes else [])],
            Busy(_BEING_CHANGED)
            if known.get("brokerage_id") == brokerage_id
            else Conflict("this user belongs to another brokerage"),
            self._authority(brokerage_id, by),
        )
        return user

    def check_teams(self, brokerage_id: str, team_ids: Iterable[str]) -> dict[str, str]:
        """The names of all teams of the brokerage. Raises Invalid for those that it does not have."""
        names = self._team_names(brokerage_id)
        if unknown := set(team_ids) - names.keys():
            raise invalid(("teamIds", f"no such team in your brokerage: {', '.join(sorted(unknown))}"))
        return names

    def put_invited(self, brokerage_id: str, user: User, *, by: str, also: Sequence[Write] = ()) -> None:
        """Adds a user whose login may have been made just now, with teams that have been checked.

        `also`: what is written with it. Raises Forbidden as for a team, Busy if somebody else adds them now.
        """
        again = Busy("the same person is being invited; try again")
        after = _in_words(user, self._team_names(brokerage_id))
        deed = Deed(act="user_invited", subject=user.user_id, name=user.name, after=after)
        writes = [*_user_writes(brokerage_id, user), *also, self._told(brokerage_id, by, deed)]
        self._write(writes, again, self._authority(brokerage_id, by))

    def membership(self, user_id: str) -> Membership | None:
        """Where a user is, or was."""
        item = self._entry(user_id)
        if item is None:
            return None
        return Membership(item["brokerage_id"], None if item.get("removed") else _user(item))

    def note_invited(self, brokerage_id: str, user: User, at: str, *, by: str) -> None:
        """That they were sent another first password then. Raises NotFound when they are removed meanwhile, Forbidden
        as for a team.
        """
        missing = NotFound("there is no such user in your brokerage")
        deed = Deed(act="invitation_resent", subject=user.user_id, name=user.name)
        writes = _invited_writes(brokerage_id, user.user_id, at, equals(brokerage_id=brokerage_id))
        told = self._told(brokerage_id, by, deed)
        self._write([*writes, told], missing, self._authority(brokerage_id, by))

    def note_arrived(self, user_id: str) -> None:
        """That they have signed in: mostly known, and then it is one read."""
        item = self._entry(user_id)
        if item is None or item.get("invited_at") is None:
            return
        unchanged = equals(brokerage_id=item["brokerage_id"], invited_at=item["invited_at"])
        with suppress(WriteConflict):  # somebody changes their entry: next time
            self._table.transact(_invited_writes(item["brokerage_id"], user_id, None, unchanged))

    def revoke_tokens(self, brokerage_id: str, user_id: str, ending_by: int) -> None:
        """Those of this user that end by then (in seconds since 1970). May be repeated, and is never taken back.

        Raises NotFound if they are not of the brokerage.
        """
        known = self._theirs(brokerage_id, user_id)
        keys = (user_key(user_id), roster_key(brokerage_id, "user", user_id))
        own = equals(brokerage_id=brokerage_id)
        later = AllOf((own, AnyOf((Lacks("refused_until"), AtMost("refused_until", ending_by)))))
        deed = Deed(act="sessions_ended", subject=user_id, name=known.get("name", ""))
        told = self._told(brokerage_id, None, deed)
        try:
            self._table.transact([*(Update(key, {"refused_until": ending_by}, later) for key in keys), told])
        except WriteConflict as conflict:
            if self._theirs(brokerage_id, user_id).get("refused_until", 0) < ending_by:
                raise Busy(_BEING_CHANGED) from conflict

    def remove_user(self, brokerage_id: str, user_id: str, *, by: str | None = None, act: Act = "user_removed") -> None:
        """May be repeated. `act`: what the audit trail calls it.

        Raises NotFound for anyone else's user, as if they did not exist, Forbidden as for a team. A mark stays: the
        login belongs to this brokerage for good, as the private records under its id do.
        """
        known = self._theirs(brokerage_id, user_id, or_was=True)
        own = equals(brokerage_id=brokerage_id)
        item = {**user_key(user_id), "user_id": user_id, "brokerage_id": brokerage_id, "removed": True}
        mark = Put(item | {name: value for name, value in known.items() if name == "refused_until"}, own)
        roster = roster_key(brokerage_id, "user", user_id)
        writes: list[Write] = [mark, Delete(roster, absent_or(brokerage_id=brokerage_id))]
        if not known.get("removed"):
            user = _user(known)
            before = _in_words(user, self._team_names(brokerage_id))
            deed = Deed(act=act, subject=user_id, name=user.name, before=before)
            writes.append(self._told(brokerage_id, by, deed))
        refusal = Conflict("this user belongs to another brokerage")
        self._write(writes, refusal, self._authority(brokerage_id, by))

    def _team_names(self, brokerage_id: str) -> dict[str, str]:
        return {team.team_id: team.name for team in self.teams(brokerage_id)}

    def _theirs(self, brokerage_id: str, user_id: str, *, or_was: bool = False) -> Item:
        """The entry of somebody who is in the brokerage, `or_was` and is removed. Raises NotFound."""
        known = self._entry(user_id)
        if known is None or known["brokerage_id"] != brokerage_id or (known.get("removed") and not or_was):
            raise NotFound("there is no such user in your brokerage")
        return known

    def _entry(self, user_id: str) -> Item | None:
        """Also of a removed user. A text that is no id has none: it may come from a token."""
        return self._table.get(user_key(user_id)) if is_id(user_id) else None

    def _is_admin(self, key: Key) -> bool:
        entry = self._table.get(key)
        return entry is None or entry.get("role") == "admin"

    def _roster(self, brokerage_id: str, kind: RosterKind) -> list[Item]:
        low, high = roster_key(brokerage_id, kind, ""), roster_key(brokerage_id, kind, "\U0010ffff")
        return list(self._table.query(low["pk"], low["sk"], high["sk"]))

    def _told(self, brokerage_id: str, by: str | None, deed: Deed) -> Put:
        """The entry of the audit trail. `by`: as for `put_user`."""
        author = OPERATOR if by is None else Author(by, (self._entry(by) or {}).get("name", ""))
        return self._audit.entry(brokerage_id, author, deed)

    def _told_of_team(self, brokerage_id: str, team: Team, names: Mapping[str, str], by: str | None) -> list[Put]:
        """Nothing of one that is called so already."""
        before = names.get(team.team_id)
        was = {} if before is None else {"name": before}
        about: Act = "team_created" if before is None else "team_renamed"
        deed = Deed(act=about, subject=team.team_id, name=team.name, before=was, after={"name": team.name})
        return [self._told(brokerage_id, by, deed)] if deed.changes else []

    def _authority(self, brokerage_id: str, by: str | None) -> Check | None:
        """That whoever does this administers the brokerage, still when it is written.

        So of two administrators who remove each other at the same time one remains. Whom a trusted issuer alone calls
        an administrator has no entry.
        """
        return None if by is None else Check(user_key(by), absent_or(role="admin", brokerage_id=brokerage_id))

    def _write(self, writes: Sequence[Write], refusal: OpenhouseError, authority: Check | None) -> None:
        try:
            self._table.transact(_under(authority, writes) if authority else writes)
        except WriteConflict as conflict:
            if "ConditionalCheckFailed" in str(conflict):
                if authority and not self._is_admin(authority.key):
                    raise Forbidden("only an administrator may change the directory") from conflict
                raise refusal from conflict
            raise Busy(_BEING_CHANGED) from conflict


def _under(authority: Check, writes: Sequence[Write]) -> list[Write]:
    """A transaction touches an item once: who writes their own entry does so under both conditions."""
    own = [write for write in writes if write.key == authority.key]
    others = [write for write in writes if write.key != authority.key]
    return [*others, *(replace(write, when=AllOf((write.when, authority.when))) for write in own or [authority])]


def _check_number(known: Mapping[str, str], team_id: str) -> None:
    """Two who add the last one at the same time may both do so: what the limit is for has room for some more."""
    if team_id not in known and len(known) >= MOST_TEAMS:
        raise Conflict(f"a brokerage has {MOST_TEAMS:,} teams at most")


def _team_writes(brokerage_id: str, team: Team, when: Condition) -> list[Write]:
    item = {"brokerage_id": brokerage_id, "team_id": team.team_id, "name": team.name}
    keys = (team_key(team.team_id), roster_key(brokerage_id, "team", team.team_id))
    return [Put({**key, **item}, when) for key in keys]


def _user_writes(brokerage_id: str, user: User, *, first: bool = False) -> list[Write]:
    item: Item = {**asdict(user), "team_ids": list(user.team_ids), "brokerage_id": brokerage_id}
    item = {name: value for name, value in item.items() if value is not None}
    revoked = user.refused_until
    unchanged = Lacks("refused_until") if revoked is None else Equals("refused_until", revoked)
    when = ABSENT if first else AnyOf((ABSENT, AllOf((equals(brokerage_id=brokerage_id), unchanged))))
    return [
        Put({**user_key(user.user_id), **item}, when),
        Put({**roster_key(brokerage_id, "user", user.user_id), **item}, when),
    ]


def _invited_writes(brokerage_id: str, user_id: str, at: str | None, when: Condition) -> list[Write]:
    keys = (user_key(user_id), roster_key(brokerage_id, "user", user_id))
    return [Update(key, {"invited_at": at}, when) for key in keys]


def _user(item: Item) -> User:
    return User(
        user_id=item["user_id"],
        email=item["email"],
        name=item["name"],
        role=item["role"],
        team_ids=tuple(item["team_ids"]),
        **_kept(item),
    )


def _in_words(user: User, team_names: Mapping[str, str]) -> dict[str, str]:
    """What an administrator decides of somebody."""
    teams = ", ".join(sorted(team_names.get(team_id, team_id) for team_id in user.team_ids))
    return {"name": user.name, "email": user.email, "role": user.role, "teams": teams}


def _kept(item: Item) -> Item:
    """Of somebody's entry, what nobody decides who changes it."""
    return {name: item.get(name) for name in ("invited_at", "refused_until")}


def _check_user(user: User) -> None:
    _check_id("userId", user.user_id)
    if user.role not in get_args(Role):
        raise invalid(("role", f"must be one of {', '.join(get_args(Role))}"))


def is_id(text: str) -> bool:
    """Whether a text may be the id of a user, team or brokerage: nothing in it is invisible, or controls a terminal."""
    return ID.fullmatch(text) is not None and all(map(is_seen, text))


def _check_id(field: str, id_: str) -> None:
    if not is_id(id_):
        raise invalid((field, "must be 1 to 128 characters without spaces, '#', ':' and '/'"))
