"""Invitations: logins in a user pool (moto's), and the entries of those whom they are of."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.cognitoidp.exceptions import ResourceNotFoundError
from moto.cognitoidp.models import CognitoIdpBackend

from openhouse.core.errors import Busy
from openhouse.core.principal import Principal
from openhouse.identity.directory import Team, User
from openhouse.identity.logins import Logins
from tests.fakes import AVA, principal
from tests.functional.conftest import World
from tests.functional.test_http import call, problem

ADMIN, RIVAL = principal("root", role="admin"), principal("zed", role="admin", brokerage_id="other")
SAM = {"email": "sam@demo.test", "name": "Sam", "role": "agent", "teamIds": ["north"]}
INVITATIONS = "/directory/invitations"


class Pool:
    """`mailed`: to whom, in which order."""

    def __init__(self, client: Any) -> None:
        self.client = client
        made = client.create_user_pool(PoolName="users", UsernameAttributes=["email"])
        self.id: str = made["UserPool"]["Id"]
        self.mailed: list[tuple[str, str]] = []  # an address, and what for
        self.fails: Exception | None = None
        client.meta.events.register("before-parameter-build.cognito-idp.AdminCreateUser", self._asked)

    def _asked(self, params: Any, **_: Any) -> None:
        if self.fails:
            raise self.fails
        if params.get("MessageAction") != "SUPPRESS":
            self.mailed.append((params["Username"], params.get("MessageAction", "first")))
            assert params["DesiredDeliveryMediums"] == ["EMAIL"]

    def emails(self) -> list[str]:
        users = self.client.list_users(UserPoolId=self.id)["Users"]
        return [one["Value"] for user in users for one in user["Attributes"] if one["Name"] == "email"]

    def signs_in(self, user_id: str) -> None:
        """Which takes a password of one's own."""
        self.client.admin_set_user_password(
            UserPoolId=self.id, Username=user_id, Password="Openhouse-own-1", Permanent=True
        )


@pytest.fixture
def pool(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Pool:
    create = CognitoIdpBackend.admin_create_user

    @functools.wraps(create)
    def create_or_resend(self: Any, pool_id: str, name: str, action: str, *others: Any) -> Any:
        """moto makes another login where it should mail the one there is again."""
        return (
            self.admin_get_user(pool_id, name) if action == "RESEND" else create(self, pool_id, name, action, *others)
        )

    monkeypatch.setattr(CognitoIdpBackend, "admin_create_user", create_or_resend)
    return Pool(boto3.client("cognito-idp", region_name="us-east-1"))


@pytest.fixture
def world(dynamodb: Any, pool: Pool) -> World:
    world = World(dynamodb, logins=lambda: Logins(pool.client, pool.id))
    world.directory.found("harbor", "Harbor", User(user_id="root", email="r@x", name="Root", role="admin"))
    world.directory.found("other", "Other", User(user_id="zed", email="z@x", name="Zed", role="admin"))
    world.directory.put_team("harbor", Team(team_id="north", name="North"))
    return world


def invite(world: World, who: Principal = ADMIN, key: str = "", **others: Any) -> tuple[int, Any, Any]:
    headers = {"idempotency-key": key} if key else {}
    return call(world, "POST", INVITATIONS, {**SAM, **others}, who=who, headers=headers)


def invited(world: World) -> str:
    status, entry, _ = invite(world)
    assert status == 201
    return str(entry["userId"])


def users(world: World) -> dict[str, Any]:
    return {user["userId"]: user for user in call(world, "GET", "/directory", who=ADMIN)[1]["users"]}


def test_who_is_invited_gets_a_mail_and_is_known_as_invited_until_they_come(world: World, pool: Pool) -> None:
    status, entry, _ = invite(world)
    assert (status, entry) == (201, {"userId": entry["userId"], **SAM, "invitedAt": "2026-03-02T12:00:00.000Z"})
    assert pool.mailed == [("sam@demo.test", "first")]
    assert users(world)[entry["userId"]] == entry
    sam = world.directory.principal(entry["userId"], 2**31)
    assert (sam.brokerage_id, sam.role, sam.team_ids) == ("harbor", "agent", ("north",))
    body = {**SAM, "role": "lead"}
    assert call(world, "PUT", f"/directory/users/{sam.user_id}", body, who=ADMIN)[1]["invitedAt"] == entry["invitedAt"]
    assert call(world, "GET", "/me", who=sam)[0] == 200
    assert users(world)[sam.user_id] == {"userId": sam.user_id, **body, "invitedAt": None}


def test_an_invitation_that_was_cut_off_is_completed_by_the_same_one(
    world: World, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> None:
        raise Busy("cut off")

    with monkeypatch.context() as during:
        during.setattr(world.directory, "put_invited", dies)
        assert problem(invite(world, key="one")) == (503, "busy")
    assert pool.emails() == ["sam@demo.test"]
    status, entry, _ = invite(world, key="one")
    assert (status, entry["invitedAt"] is None) == (201, False)
    assert pool.mailed == [("sam@demo.test", "first"), ("sam@demo.test", "first"), ("sam@demo.test", "RESEND")]
    assert invite(world, key="one")[:2] == (201, entry)
    assert pool.emails() == ["sam@demo.test"]
    assert len(pool.mailed) == 3


def test_nobody_is_invited_twice_or_from_another_brokerage(world: World, pool: Pool) -> None:
    sam = invited(world)
    assert problem(invite(world)) == (409, "conflict")
    assert problem(invite(world, email="SAM@demo.test")) == (409, "conflict")
    status, refusal, _ = invite(world, RIVAL, teamIds=[])
    assert (status, refusal["detail"]) == (
        409,
        "sam@demo.test belongs to another brokerage: invite them by another address",
    )
    assert len(pool.mailed) == 2  # the second is what Cognito refused
    for method, path in (("POST", f"{INVITATIONS}/{sam}/resend"), ("DELETE", f"{INVITATIONS}/{sam}")):
        assert problem(call(world, method, path, who=RIVAL)) == (404, "not_found")
    assert list(users(world)) == sorted([sam, "root"])


def test_a_login_that_is_in_no_brokerage_is_added_as_it_is_if_its_address_is_its_own(world: World, pool: Pool) -> None:
    known = invited(world)
    pool.signs_in(known)
    world.directory.remove_user("harbor", known)
    status, entry, _ = invite(world, role="lead")
    assert (status, entry) == (201, {"userId": known, **SAM, "role": "lead", "invitedAt": None})
    world.directory.remove_user("harbor", known)
    unverified = [{"Name": "email_verified", "Value": "false"}]
    pool.client.admin_update_user_attributes(UserPoolId=pool.id, Username=known, UserAttributes=unverified)
    assert "never verified" in invite(world)[1]["detail"]


def test_an_invitation_is_sent_again_until_it_was_followed(world: World, pool: Pool) -> None:
    sam = invited(world)
    world.clock.advance(3600)
    status, entry, _ = call(world, "POST", f"{INVITATIONS}/{sam}/resend", who=ADMIN)
    assert (status, entry["invitedAt"]) == (200, "2026-03-02T13:00:00.000Z")
    assert users(world)[sam] == entry
    assert pool.mailed[1:] == [("sam@demo.test", "RESEND")]
    pool.signs_in(sam)
    assert problem(call(world, "POST", f"{INVITATIONS}/{sam}/resend", who=ADMIN)) == (409, "conflict")
    assert users(world)[sam]["invitedAt"] is None
    assert problem(call(world, "POST", f"{INVITATIONS}/nobody/resend", who=ADMIN)) == (404, "not_found")


def test_an_invitation_is_taken_back_until_it_was_followed(
    world: World, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = invited(world)

    def dies(*_: Any, **__: Any) -> None:
        raise Busy("cut off")

    with monkeypatch.context() as during:
        during.setattr(world.directory, "remove_user", dies)
        assert problem(call(world, "DELETE", f"{INVITATIONS}/{sam}", who=ADMIN)) == (503, "busy")
    assert (pool.emails(), sam in users(world)) == ([], True)
    for _ in range(2):
        assert call(world, "DELETE", f"{INVITATIONS}/{sam}", who=ADMIN)[0] == 204
    assert list(users(world)) == ["root"]
    again = invited(world)
    assert again != sam
    pool.signs_in(again)
    assert problem(call(world, "DELETE", f"{INVITATIONS}/{again}", who=ADMIN)) == (409, "conflict")
    assert pool.emails() == ["sam@demo.test"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": f"{'x' * 60}@{'y' * 60}.example.test"}, "email"),
        ({"teamIds": ["nowhere"]}, "teamIds"),
        ({"role": "king"}, "role"),
    ],
    ids=str,
)
def test_what_cannot_be_invited_is_said_before_a_login_is_made(world: World, pool: Pool, body: Any, field: str) -> None:
    status, refusal, _ = invite(world, **body)
    assert (status, refusal["errors"][0]["field"]) == (422, field)
    assert pool.emails() == []


@pytest.mark.parametrize(
    ("code", "status", "told"),
    [
        ("TooManyRequestsException", 503, "sign_in_busy"),
        ("LimitExceededException", 503, "sign_in_busy"),
        ("CodeDeliveryFailureException", 503, "sign_in_busy"),
        ("InvalidParameterException", 422, "invalid"),
        ("AccessDeniedException", 500, "internal"),
    ],
)
def test_what_cognito_refuses_is_told_in_words_of_ours(
    world: World, pool: Pool, code: str, status: int, told: str
) -> None:
    pool.fails = ClientError({"Error": {"Code": code, "Message": "Not for clients."}}, "AdminCreateUser")
    answered = invite(world)
    assert problem(answered) == (status, told)
    assert answered[1]["retryable"] is (status != 422)
    assert "Not for clients" not in str(answered)
    assert list(users(world)) == ["root"]


ACTS: list[Callable[[World, Principal], Any]] = [
    invite,
    lambda world, who: call(world, "POST", f"{INVITATIONS}/root/resend", who=who),
    lambda world, who: call(world, "DELETE", f"{INVITATIONS}/root", who=who),
]


@pytest.mark.parametrize("act", ACTS, ids=["invite", "resend", "revoke"])
def test_only_administrators_invite(world: World, pool: Pool, act: Callable[[World, Principal], Any]) -> None:
    for who in (AVA, principal("ava", "north", role="broker")):
        assert problem(act(world, who)) == (403, "forbidden")
    assert pool.mailed == []


@pytest.mark.parametrize("act", ACTS, ids=["invite", "resend", "revoke"])
def test_where_another_issuers_people_sign_in_nobody_can_be_invited(
    dynamodb: Any, act: Callable[[World, Principal], Any]
) -> None:
    status, refusal, _ = act(World(dynamodb), ADMIN)
    assert (status, refusal["code"], refusal["retryable"]) == (501, "not_supported", False)
    assert "sign in elsewhere" in refusal["detail"]


def test_a_pool_that_is_gone_is_our_fault_and_says_nothing_of_it(world: World, pool: Pool) -> None:
    pool.id = "us-east-1_gone"
    with pytest.raises((ClientError, ResourceNotFoundError)):
        Logins(pool.client, pool.id).find("x@demo.test")
    assert problem(invite(world)) == (500, "internal")
