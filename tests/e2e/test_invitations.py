"""An invitation over the deployed stack, from the administrator's request to the first sign-in."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.stack import RunningStack
from tests.e2e.conftest import Caller

OWN_PASSWORD = "Openhouse-own-1"


class Mails:
    """What the emulator would have mailed."""

    def __init__(self, stack: RunningStack) -> None:
        self._url = f"{stack.emulator.url}/_ministack/ses/messages"

    def passwords(self, email: str) -> list[str]:
        """First passwords, in the order of their mails."""
        by_account: dict[str, list[dict[str, Any]]] = httpx.get(self._url).json()["messages"]
        return [
            found[1]
            for mail in chain(*by_account.values())
            if email in mail["To"] and (found := re.search(r"good for 3 days: (\S+)$", mail["BodyText"]))
        ]


@pytest.fixture
def mails(stack: RunningStack) -> Mails:
    return Mails(stack)


def invite(admin: Caller, email: str) -> Any:
    body = {"email": email, "name": "Sam", "role": "agent", "teamIds": ["north"]}
    return admin("POST", "/directory/invitations", body)


def invited(caller: Caller) -> dict[str, bool]:
    users = caller("GET", "/directory").json()["users"]
    return {user["userId"]: user["invitedAt"] is not None for user in users}


def sign_in_first(stack: RunningStack, email: str, password: str) -> Caller:
    """With the password of the mail, which one of one's own takes the place of."""
    endpoints, cognito = stack.deployment.endpoints, stack.cloud.cognito()
    asked = cognito.initiate_auth(
        ClientId=endpoints.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    done = cognito.respond_to_auth_challenge(
        ClientId=endpoints.client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": email, "NEW_PASSWORD": OWN_PASSWORD},
    )
    return Caller(endpoints.http_url, done["AuthenticationResult"]["IdToken"])


def test_who_is_invited_signs_in_with_what_was_mailed_and_is_in_their_team(
    stack: RunningStack, mails: Mails, admin: Caller, ava: Caller
) -> None:
    email = f"{uuid4().hex}@invited.test"
    answer = invite(admin, email)
    assert answer.status_code == 201, answer.text
    sam = answer.json()["userId"]
    assert invited(ava)[sam] is True
    (password,) = mails.passwords(email)
    caller = sign_in_first(stack, email, password)
    me = caller("GET", "/me").json()
    assert (me["userId"], me["teamIds"], me["brokerageId"]) == (sam, ["north"], "harbor")
    assert invited(ava)[sam] is False
    record = caller.create()
    assert ava("GET", f"/escrows/{record['id']}").status_code == 200
    for method, path in (("POST", f"/directory/invitations/{sam}/resend"), ("DELETE", f"/directory/invitations/{sam}")):
        refusal = admin(method, path)
        assert (refusal.status_code, refusal.json()["code"]) == (409, "conflict")
    assert admin("DELETE", f"/directory/users/{sam}").status_code == 204


def test_an_invitation_is_sent_again_and_taken_back(
    stack: RunningStack, mails: Mails, admin: Caller, ava: Caller, zed: Caller
) -> None:
    email = f"{uuid4().hex}@invited.test"
    tim = invite(admin, email).json()["userId"]
    path = f"/directory/invitations/{tim}"
    for who, status in ((ava, 403), (zed, 404)):
        assert who("POST", f"{path}/resend").status_code == status
        assert who("DELETE", path).status_code == status
    assert admin("POST", f"{path}/resend").status_code == 200
    *_, password = passwords = mails.passwords(email)
    assert len(passwords) == 2
    assert admin("DELETE", path).status_code == 204
    assert tim not in invited(ava)
    cognito = stack.cloud.cognito()
    with pytest.raises((cognito.exceptions.NotAuthorizedException, cognito.exceptions.UserNotFoundException)):
        sign_in_first(stack, email, password)
