"""A brokerage, its teams and its people, as an operator and an administrator change them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cli.operating.look import table
from cli.passwords import code_of, new_password, password_of
from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.people import Administrator, Operator, Person
from deployed.sign_in import sign_in
from deployed.terminal import CommandFailed, say


@dataclass(frozen=True)
class Administering:
    """An administrator at work; `operator` is whose AWS credentials make logins."""

    administrator: Administrator
    operator: Operator


@contextmanager
def administering(cloud: Cloud, email: str) -> Iterator[Administering]:
    """Raises CommandFailed if they cannot sign in."""
    deployment = _deployment(cloud)
    session = sign_in(deployment.endpoints, email, password_of(email), code=code_of)
    with Administrator(deployment.endpoints, session) as administrator:
        yield Administering(administrator, Operator(cloud, deployment))


def found(cloud: Cloud, brokerage_id: str, name: str, admin: Person, password: str) -> None:
    Operator(cloud, _deployment(cloud)).found(brokerage_id, name, admin, password)
    say(f"{name} is founded; {admin.email} can sign in and administers it.")


def put_team(session: Administering, name: str, team_id: str | None) -> None:
    """A new team, or another name for one. Raises CommandFailed if there is a team of that name."""
    others = [team for team in session.administrator.directory()["teams"] if team["teamId"] != team_id]
    if same := [team["teamId"] for team in others if team["name"].casefold() == name.casefold()]:
        raise CommandFailed(f"There is a team {name} already: its id is {', '.join(same)}.")
    if team_id:
        session.administrator.rename_team(team_id, name)
        say(f"{team_id} is called {name} now.")
    else:
        say(f"{name} is a team. Its id is {session.administrator.create_team(name)}.")


def put_user(session: Administering, person: Person, teams: Sequence[str]) -> None:
    """`teams`: their ids, or names that only one of them has. Raises CommandFailed if a team is not found."""
    known = session.administrator.directory()["teams"]
    person = replace(person, team_ids=tuple(_team_id(known, team) for team in teams))
    password = new_password(f"Password for the login {person.email}, if it is new")
    with session.operator.login(person, password) as user_id:
        session.administrator.put_user(user_id, person)
    say(f"{person.name} can sign in as {person.email}.")


def remove_user(session: Administering, email: str) -> None:
    users = session.administrator.directory()["users"]
    found = [user["userId"] for user in users if user["email"] == email]
    if not found:
        raise CommandFailed(f"Nobody in this brokerage has the address {email}.")
    for user_id in found:
        session.administrator.remove_user(user_id)
    say(f"{email} no longer belongs to this brokerage. The login remains.")


def show_directory(session: Administering) -> None:
    directory = session.administrator.directory()
    names = {team["teamId"]: team["name"] for team in directory["teams"]}
    say(f"{directory['brokerage']['name']} ({directory['brokerage']['brokerageId']})")
    if names:
        say(*table(("team", "id"), sorted((name, id_) for id_, name in names.items()), indent="  "))
    people = [
        (user["name"], user["email"], user["role"], ", ".join(names.get(id_, id_) for id_ in user["teamIds"]))
        for user in directory["users"]
    ]
    say(*table(("person", "e-mail", "role", "teams"), sorted(people), indent="  "))


def _deployment(cloud: Cloud) -> Deployment:
    return Deployment.read(cloud.cloudformation(), cloud.emulator_url)


def _team_id(teams: Sequence[dict[str, str]], wanted: str) -> str:
    ids = [team["teamId"] for team in teams if wanted in (team["teamId"], team["name"])]
    if not ids:
        known = ", ".join(sorted(team["name"] for team in teams)) or "none yet"
        raise CommandFailed(f"There is no team {wanted}. There are: {known}.")
    if len(ids) > 1:
        raise CommandFailed(f"{len(ids)} teams are called {wanted}. Name one by its id: {', '.join(ids)}.")
    return ids[0]
