"""What an operator and an administrator do to a brokerage: found it, then add its teams and its people.

Founding one and creating logins takes AWS credentials. All else goes through the REST API with the administrator's
token, as from any client.
"""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from deployed.cloud import Cloud, add_option, aws_failures_in_a_sentence
from deployed.endpoints import Deployment, Endpoints
from deployed.sign_in import Session, sign_in
from deployed.terminal import CommandFailed, exit_with
from openhouse.core.errors import OpenhouseError, UserUnknown
from openhouse.core.principal import Role
from openhouse.identity.directory import Team, User

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

ROLES: tuple[Role, ...] = ("agent", "lead", "broker", "admin")


@dataclass(frozen=True, kw_only=True)
class Person:
    email: str
    name: str
    role: Role = "agent"
    team_ids: tuple[str, ...] = ()


class Operator:
    """Someone with AWS credentials for the deployment."""

    def __init__(self, cloud: Cloud, deployment: Deployment) -> None:
        self._cognito = cloud.cognito()
        self._directory = cloud.directory(deployment.table_name)
        self._pool = deployment.endpoints.user_pool_id

    @contextmanager
    def login(self, person: Person, password: str) -> Iterator[str]:
        """The user id of a login with this permanent password; one that exists already keeps its password.

        A new login goes away again if the block fails, so that another attempt starts afresh.
        """
        pool, email = self._pool, person.email
        attributes = {"email": email, "email_verified": "true", "name": person.name}
        try:
            login = self._cognito.admin_create_user(
                UserPoolId=pool,
                Username=email,
                UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
                MessageAction="SUPPRESS",  # no mail: the operator hands the password over
            )["User"]["Attributes"]
        except self._cognito.exceptions.UsernameExistsException:
            known = self._cognito.admin_get_user(UserPoolId=pool, Username=email)["UserAttributes"]
            self._refuse_borrowed(email, known)
            yield _user_id(known)
            return
        try:
            self._cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)
            yield _user_id(login)
        except BaseException:
            self._cognito.admin_delete_user(UserPoolId=pool, Username=email)
            raise

    def _refuse_borrowed(self, email: str, attributes: Sequence[AttributeTypeTypeDef]) -> None:
        """A login is adopted only if the address is surely its own: else it would get somebody else's role."""
        values = {attribute["Name"]: attribute["Value"] for attribute in attributes}
        if values.get("email_verified") != "true":
            raise CommandFailed(f"The login {email} has never verified its address: delete it, or verify it first.")
        try:
            entry = self._directory.principal(values["sub"], expires_at=0)
        except UserUnknown:
            return
        if entry.email.casefold() != email.casefold():
            raise CommandFailed(f"The login {email} is known in a directory as {entry.email}: this is somebody else.")

    def found(self, brokerage_id: str, name: str, admin: Person, password: str) -> None:
        """A new brokerage with its first administrator, who can sign in. Raises CommandFailed if it exists."""
        with self.login(admin, password) as user_id:
            user = User(user_id=user_id, email=admin.email, name=admin.name, role="admin", team_ids=admin.team_ids)
            try:
                self._directory.found(brokerage_id, name, user)
            except OpenhouseError as error:
                raise CommandFailed(f"Cannot found {brokerage_id}: {error.message}.") from error

    def put_team(self, brokerage_id: str, team_id: str, name: str) -> None:
        """A team whose id the operator chooses. Raises Conflict when it is another brokerage's."""
        self._directory.put_team(brokerage_id, Team(team_id=team_id, name=name))


def _user_id(attributes: Sequence[AttributeTypeTypeDef]) -> str:
    return next(attribute["Value"] for attribute in attributes if attribute["Name"] == "sub")


class Administrator(AbstractContextManager["Administrator"]):
    """Someone signed in with the role admin, until the end of the block."""

    def __init__(self, endpoints: Endpoints, session: Session, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(
            base_url=endpoints.http_url,
            headers={"Authorization": f"Bearer {session.token}"},
            timeout=30,
            transport=transport,
        )

    def __exit__(self, *_failure: object) -> None:
        self._client.close()

    def directory(self) -> dict[str, Any]:
        """`{broker, teams, users}` as the API answers it."""
        document: dict[str, Any] = self._call("GET", "/directory").json()
        return document

    def create_team(self, name: str) -> str:
        """Its id."""
        return str(self._call("POST", "/directory/teams", {"name": name}).json()["teamId"])

    def rename_team(self, team_id: str, name: str) -> None:
        self._call("PUT", f"/directory/teams/{quote(team_id, safe='')}", {"name": name})

    def put_user(self, user_id: str, person: Person) -> None:
        body = {
            "email": person.email,
            "name": person.name,
            "role": person.role,
            "teamIds": list(person.team_ids),
        }
        self._call("PUT", f"/directory/users/{quote(user_id, safe='')}", body)

    def remove_user(self, user_id: str) -> None:
        self._call("DELETE", f"/directory/users/{quote(user_id, safe='')}")

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Raises CommandFailed with the API's own explanation."""
        try:
            response = self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise CommandFailed(f"{method} {path} got no answer: {error or type(error).__name__}.") from error
        if response.is_error:
            problem = response.json() if "json" in response.headers.get("content-type", "") else {}
            reason = problem.get("detail") or problem.get("title") or HTTPStatus(response.status_code).phrase
            raise CommandFailed(f"{method} {path} is refused: {reason}")
        return response


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    with aws_failures_in_a_sentence():
        cloud = Cloud.chosen(options)
        deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
        if options.command == "found":
            admin = Person(email=options.admin, name=options.admin_name, role="admin")
            password = _password("OPENHOUSE_NEW_PASSWORD", f"Password for the new login {admin.email}")
            Operator(cloud, deployment).found(options.brokerage_id, options.name, admin, password)
            print(f"{options.name} is founded; {admin.email} can sign in and administers it.")
            return 0
        session = sign_in(
            deployment.endpoints, options.as_, _password("OPENHOUSE_PASSWORD", f"Password of {options.as_}")
        )
        with Administrator(deployment.endpoints, session) as administrator:
            _administer(options, Operator(cloud, deployment), administrator)
    return 0


def _administer(options: argparse.Namespace, operator: Operator, administrator: Administrator) -> None:
    match options.command:
        case "show":
            _print_directory(administrator.directory())
        case "team" if options.rename:
            administrator.rename_team(options.rename, options.name)
            print(f"{options.rename} is called {options.name} now.")
        case "team":
            print(f"{options.name} is a team. Its id is {administrator.create_team(options.name)}.")
        case "user":
            team_ids = _team_ids(administrator.directory()["teams"], options.team or ())
            person = Person(email=options.email, name=options.name, role=options.role, team_ids=team_ids)
            password = _password("OPENHOUSE_NEW_PASSWORD", f"Password for the login {person.email}, if it is new")
            with operator.login(person, password) as user_id:
                administrator.put_user(user_id, person)
            print(f"{person.name} can sign in as {person.email}.")
        case "remove":
            users = administrator.directory()["users"]
            found = [user["userId"] for user in users if user["email"] == options.email]
            if not found:
                raise CommandFailed(f"Nobody in this brokerage has the address {options.email}.")
            for user_id in found:
                administrator.remove_user(user_id)
            print(f"{options.email} no longer belongs to this brokerage. The login remains.")


def _team_ids(teams: Sequence[dict[str, str]], wanted: Sequence[str]) -> tuple[str, ...]:
    """Of teams that are named by their ids, or by names that only one of them has."""
    found: list[str] = []
    for name in wanted:
        ids = [team["teamId"] for team in teams if name in (team["teamId"], team["name"])]
        if len(ids) != 1:
            raise CommandFailed(f"{len(ids) or 'No'} teams are called {name}.")
        found += ids
    return tuple(found)


def _print_directory(directory: dict[str, Any]) -> None:
    print(f"{directory['brokerage']['name']} ({directory['brokerage']['brokerageId']})")
    for team in directory["teams"]:
        print(f"  team  {team['teamId']:<12} {team['name']}")
    for user in directory["users"]:
        print(f"  user  {user['email']:<28} {user['name']:<20} {user['role']:<8} {', '.join(user['teamIds'])}")


def _password(variable: str, prompt: str) -> str:
    """Passwords are never arguments: those show in the list of processes."""
    try:
        return os.environ.get(variable) or getpass.getpass(f"{prompt}: ")
    except EOFError as error:
        raise CommandFailed(f"No password: there is no terminal to ask at, and {variable} is not set.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deployed.people",
        description="Found a brokerage, and add its teams and people.",
        epilog="Works on the AWS account and region of your usual AWS settings, or on an emulator. Asks for passwords, "
        "unless OPENHOUSE_PASSWORD (yours) and OPENHOUSE_NEW_PASSWORD (the new login's) are set.",
    )
    add_option(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    found = commands.add_parser("found", help="a new brokerage and its first administrator")
    found.add_argument("brokerage_id", help="its short id, such as harbor")
    found.add_argument("name", help="such as Harbor")
    found.add_argument("--admin", required=True, metavar="EMAIL")
    found.add_argument("--admin-name", required=True, metavar="NAME")

    team = commands.add_parser("team", help="add or rename a team")
    team.add_argument("name", help="such as North")
    team.add_argument("--rename", metavar="TEAM_ID", help="give this team the name, instead of adding one")

    user = commands.add_parser("user", help="add or change a person, with a login")
    user.add_argument("email")
    user.add_argument("name")
    user.add_argument("--role", choices=ROLES, default="agent")
    user.add_argument("--team", action="append", metavar="TEAM", help="its name or id; may be given several times")

    remove = commands.add_parser("remove", help="take a person out of the brokerage")
    remove.add_argument("email")

    show = commands.add_parser("show", help="list the teams and people")
    for administrative in (team, user, remove, show):
        administrative.add_argument("--as", dest="as_", required=True, metavar="EMAIL", help="an administrator")
    return parser


if __name__ == "__main__":
    exit_with(main)
