"""Teams and users of another system: whom its rows name, as the directory here knows them or is to know them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from cli.migration import mapping as roles
from cli.migration.dumps import TEAMS, USERS, Dump, cells_of, elements
from cli.migration.ids import as_uuid, id_of
from cli.migration.mapping import TableMapping
from cli.migration.tables import Moved, is_deleted
from deployed.people import Person
from deployed.terminal import CommandFailed, Tell
from openhouse.core.errors import RequestError
from openhouse.core.principal import Principal, Role
from openhouse.crm import contact_details
from openhouse.identity.directory import Directory, Team, User

_ROLES: Mapping[str, Role] = {
    **dict.fromkeys(("admin", "administrator", "superadmin", "super_admin", "system_admin"), "admin"),
    **dict.fromkeys(("broker", "managing_broker", "principal_broker", "broker_owner", "owner"), "broker"),
    **dict.fromkeys(("lead", "team_lead", "team_leader", "team_owner", "manager"), "lead"),
    **dict.fromkeys(("agent", "user", "member", "realtor", "salesperson", "assistant"), "agent"),
}
_NO_END = 253_402_300_799  # the year 9999: nobody's token ends while a command runs

Login = Callable[[Person, str], AbstractContextManager[str]]  # its user id; made with this password if it is new


@dataclass
class People:
    """Whom rows name: teams by their key, users by key and by address."""

    brokerage_id: str
    teams: dict[str, str] = field(default_factory=dict)  # ids by key
    users: dict[str, User] = field(default_factory=dict)

    def user(self, named: str) -> User | None:
        return self.users.get(as_uuid(named)) or self.users.get(named.strip().casefold())

    def know(self, user: User, *keys: str) -> None:
        self.users |= {**dict.fromkeys(keys, user), user.email.casefold(): user}

    def principal(self, user: User, every_team: Sequence[str]) -> Principal:
        return Principal(
            user_id=user.user_id,
            brokerage_id=self.brokerage_id,
            role=user.role,
            team_ids=tuple(every_team) if user.role == "broker" else user.team_ids,
            expires_at=_NO_END,
            name=user.name,
            email=user.email,
        )


# Teams ----------------------------------------------------------------------------------------------------------------


def move_teams(
    dump: Dump, mapping: TableMapping, source: str, people: People, directory: Directory, *, dry: bool
) -> Moved:
    moved = Moved.of(dump)
    known = {team.team_id for team in directory.teams(people.brokerage_id)}
    for row in dump.rows:
        cells = cells_of(dump, row)
        key = as_uuid(cells.get(mapping.column(roles.KEY) or "", ""))
        name = cells.get(mapping.column(roles.NAME) or "", "").strip()
        if moved.leaves_out(row, key, deleted=is_deleted(mapping, cells)):
            continue
        if not name:
            moved.reject(row, key, "it has no name")
            continue
        team = Team(team_id=id_of(people.brokerage_id, f"{source}/{TEAMS}", key), name=name)
        moved.accept(team.team_id, there=team.team_id in known)
        people.teams[key] = team.team_id
        if not dry and team.team_id not in known:
            directory.put_team(people.brokerage_id, team)
    there = {team.team_id for team in directory.teams(people.brokerage_id)}
    moved.found = len(moved.ids if dry else moved.ids & there)
    return moved


# Users ----------------------------------------------------------------------------------------------------------------


def move_users(
    dump: Dump,
    mapping: TableMapping,
    people: People,
    directory: Directory,
    login: Login,
    tell: Tell,
    *,
    dry: bool,
) -> Moved:
    """Adds those who are not there yet, with a login that they get into by a new password."""
    moved = Moved.of(dump)
    for number, row in enumerate(dump.rows, 1):
        tell(f"{number:,} of {len(dump.rows):,} users")
        cells = cells_of(dump, row)
        key = as_uuid(cells.get(mapping.column(roles.KEY) or "", ""))
        if moved.leaves_out(row, key, deleted=is_deleted(mapping, cells)):
            continue
        try:
            wanted = _user(cells, mapping, people, moved, row.line, key)
        except ValueError as error:
            moved.reject(row, key, str(error))
            continue
        known = people.user(wanted.email)
        if known and wanted.email in moved.ids:
            moved.reject(row, key, f"a row before it has the address {wanted.email}; its records become that person's")
            people.know(known, key)
            continue
        moved.accept(wanted.email, there=known is not None)
        if known is None and not dry:
            try:
                wanted = _added(wanted, people.brokerage_id, directory, login)
            except (RequestError, CommandFailed) as error:
                moved.reject(row, key, str(error).rstrip("."), accepted=wanted.email)
                continue
        people.know(known or _with_an_id(wanted, people.brokerage_id), key)
    there = {user.email.casefold() for user in directory.users(people.brokerage_id)}
    moved.found = len(moved.ids if dry else moved.ids & there)
    return moved


def _with_an_id(user: User, brokerage_id: str) -> User:
    """In a dry run nobody has made them a login."""
    return user if user.user_id else replace(user, user_id=id_of(brokerage_id, USERS, user.email))


def _added(user: User, brokerage_id: str, directory: Directory, login: Login) -> User:
    """Raises RequestError."""
    if user.user_id:
        return directory.put_user(brokerage_id, user)
    person = Person(email=user.email, name=user.name, role=user.role, team_ids=user.team_ids)
    with login(person, new_password()) as user_id:
        return directory.put_user(brokerage_id, replace(user, user_id=user_id))


def new_password() -> str:
    """Which nobody is told: people choose theirs by `Forgotten your password?`."""
    return f"{secrets.token_urlsafe(24)}-Aa1"


def _user(cells: Mapping[str, str], mapping: TableMapping, people: People, moved: Moved, line: int, key: str) -> User:
    """Raises ValueError with why the row is nobody who can sign in."""

    def cell(role: str) -> str:
        return cells.get(mapping.column(role) or "", "").strip()

    try:
        email = contact_details.email(cell(roles.EMAIL))
    except ValueError:
        raise ValueError(f"{cell(roles.EMAIL)!r} is no e-mail address to sign in with") from None
    subject = mapping.constants.get(roles.SUBJECT, "")
    if subject and not cells.get(subject, "").strip():
        raise ValueError(f"{subject} is empty, which is what their tokens call them")
    name = cell(roles.NAME) or f"{cell(roles.FIRST)} {cell(roles.LAST)}".strip() or email
    teams = [people.teams.get(as_uuid(one), "") for one in elements(cell(roles.TEAM))]
    if "" in teams:
        moved.warn(line, key, f"their team {cell(roles.TEAM)} is none of those that are moved")
    return User(
        user_id=cells.get(subject, "").strip(),  # empty: that of a login which is made for them
        email=email.casefold(),
        name=name,
        role=_role(cell(roles.ROLE), mapping, moved, line, key),
        team_ids=tuple(filter(None, teams)),
    )


def _role(word: str, mapping: TableMapping, moved: Moved, line: int, key: str) -> Role:
    column = mapping.column(roles.ROLE) or ""
    said = mapping.words.get(column, {}).get(word) or word
    if found := _ROLES.get(roles.snake(said)):
        return found
    if word:
        moved.warn(line, key, f"their role {word} is none of ours: they are an agent")
    return "agent"
