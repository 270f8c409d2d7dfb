"""Logins in the user pool, as administrators of brokerages need them: made, mailed again, taken back.

Cognito mails the first password; nobody here ever knows it.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from openhouse.core.errors import SignInBusy, invalid

_LONGEST_NAME = 128  # of a login
_INVITED = "FORCE_CHANGE_PASSWORD"  # the first password is the only one
_BUSY = {
    "TooManyRequestsException": "too many logins are being made; try again in a moment",
    "LimitExceededException": "no more mails can be sent now; try again later, tomorrow at the latest",
    "CodeDeliveryFailureException": "the mail could not be sent; try again",
    "InternalErrorException": "the sign-in service has failed; try again",
}


class Login(NamedTuple):
    """`invited`: nobody has signed in with it yet. `verified`: the address is known to be its owner's."""

    user_id: str
    email: str
    invited: bool
    verified: bool


class Logins:
    """`client`: botocore's of Cognito. Every call raises SignInBusy."""

    def __init__(self, client: Any, pool_id: str) -> None:
        self._client = client
        self._pool_id = pool_id

    def invite(self, email: str, name: str) -> Login | None:
        """A new login, whose first password is on its way by mail; None if there is one with this address."""
        if len(email) > _LONGEST_NAME:
            raise invalid(("email", f"must be at most {_LONGEST_NAME} characters"))
        attributes = {"email": email, "email_verified": "true", "name": name}
        try:
            made = self._mail(
                email, UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()]
            )
        except ClientError as error:
            match _code(error):
                case "UsernameExistsException":
                    return None
                case "InvalidParameterException":
                    raise invalid(("email", "is not an address that can sign in")) from error
            raise
        return _login(made["User"], made["User"]["Attributes"])

    def mail_again(self, email: str) -> None:
        """Another first password instead of the one before, good for as long as a new one. For who is invited."""
        self._mail(email, MessageAction="RESEND")

    def find(self, name: str) -> Login | None:
        """By its address or its user id."""
        try:
            found = self._called(self._client.admin_get_user, Username=name)
        except ClientError as error:
            if _code(error) == "UserNotFoundException":
                return None
            raise
        return _login(found, found["UserAttributes"])

    def delete(self, user_id: str) -> None:
        """May be repeated."""
        try:
            self._called(self._client.admin_delete_user, Username=user_id)
        except ClientError as error:
            if _code(error) != "UserNotFoundException":
                raise

    def _mail(self, email: str, **more: Any) -> Any:
        return self._called(self._client.admin_create_user, Username=email, DesiredDeliveryMediums=["EMAIL"], **more)

    def _called(self, operation: Callable[..., Any], **parameters: Any) -> Any:
        try:
            return operation(UserPoolId=self._pool_id, **parameters)
        except ClientError as error:
            if message := _BUSY.get(_code(error)):
                raise SignInBusy(message) from error
            raise
        except BotoCoreError as error:
            raise SignInBusy("the sign-in service cannot be reached; try again") from error


def _login(user: Mapping[str, Any], attributes: Iterable[Mapping[str, str]]) -> Login:
    known = {attribute["Name"]: attribute["Value"] for attribute in attributes}
    return Login(
        user_id=known["sub"],
        email=known["email"],
        invited=user["UserStatus"] == _INVITED,
        verified=known.get("email_verified") == "true",
    )


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
