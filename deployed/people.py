"""What an operator and an administrator do to a brokerage: found it, then add its teams and its people.

Founding one and creating logins takes AWS credentials. All else goes through the REST API with the administrator's
token, as from any client.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from deployed.cloud import Cloud
from deployed.endpoints import Deployment, Endpoints
from deployed.sign_in import Session
from deployed.terminal import CommandFailed
from openhouse.core.errors import OpenhouseError, UserUnknown
from openhouse.core.principal import Role
from openhouse.identity.directory import Team, User

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef


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
        """`{brokerage, teams, users}` as the API answers it."""
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
