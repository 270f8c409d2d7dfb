"""What is said about people over REST is what the documents say."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.api.http import MAX_BODY_BYTES
from openhouse.core import errors
from openhouse.core.errors import OpenhouseError
from openhouse.crm.modules import MODULES
from openhouse.identity import directory
from openhouse.storage.table import WriteConflict
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import check_model, rest_examples
from tests.contract.module_contract import documented_of
from tests.contract.requests import USED, WAYS, table_put_off
from tests.fakes import AVA, STRANGER, FakeLogins, principal
from tests.functional.brokerage import staff
from tests.functional.conftest import World

ROOT = principal("root", role="admin")
TEAM = {"name": "East"}
USER = {"email": "new@x", "name": "New", "role": "agent", "teamIds": ["north"]}
CALLS: dict[str, tuple[str, str, Any]] = {
    "getMe": ("GET", "/me", None),
    "createTicket": ("POST", "/realtime/tickets", None),
    "reportMetrics": ("POST", "/metrics", {"commitToScreen": [140], "reconnects": 1, "errors": 0}),
    "getDirectory": ("GET", "/directory", None),
    "listAudit": ("GET", "/directory/audit", None),
    "createTeam": ("POST", "/directory/teams", TEAM),
    "renameTeam": ("PUT", "/directory/teams/north", TEAM),
    "putUser": ("PUT", "/directory/users/new", USER),
    "removeUser": ("DELETE", "/directory/users/new", None),
    "inviteUser": ("POST", "/directory/invitations", {**USER, "email": "invited@demo.test"}),
    "resendInvitation": ("POST", "/directory/invitations/login-1/resend", None),
    "revokeInvitation": ("DELETE", "/directory/invitations/login-1", None),
}


@pytest.fixture
def logins() -> FakeLogins:
    return FakeLogins()


@pytest.fixture
def checked(dynamodb: Any, logins: FakeLogins) -> CheckedWorld:
    world = World(dynamodb, logins=lambda: logins)
    staff(world)
    return CheckedWorld(world, documented_of(MODULES))


def test_every_call_is_answered_as_documented(checked: CheckedWorld) -> None:
    for method, path, body in CALLS.values():
        checked.call(method, path, body, who=ROOT)
    assert {name: set(seen) for name, seen in checked.seen.items()} == {
        call.name: {call.status} for call, _ in checked.documented.operations if call.tag == "people"
    }


def test_every_example_is_as_its_schema_and_its_model_say() -> None:
    documented = documented_of(MODULES)
    for where, schema, model, value in rest_examples(documented, "people"):
        assert documented.openapi.faults(schema, value) == [], where
        check_model(model, value)


def test_every_refusal_is_as_documented_and_every_documented_one_happens(
    checked: CheckedWorld, logins: FakeLogins
) -> None:
    ways: dict[type[OpenhouseError], dict[str, Any]] = {
        **{error: how for error, how in WAYS.items() if error is not errors.NotFound},
        errors.TooLarge: {"body": "x" * (MAX_BODY_BYTES + 1)},
        errors.Invalid: {"body": {}},
        errors.Forbidden: {"who": AVA},
    }
    calls = {call.name: call for call, _ in checked.documented.operations if call.tag == "people"}
    for name, call in calls.items():
        for error in call.problems:
            if error in ways:
                ask(checked, name, **ways[error])
    checked.call("PUT", f"/directory/teams/{STRANGER.team_ids[0]}", TEAM, who=ROOT)
    checked.call("PUT", f"/directory/users/{STRANGER.user_id}", USER, who=ROOT)
    checked.call("POST", "/directory/teams", {"name": "West"}, who=ROOT, headers=USED)
    for _ in range(2):
        ask(checked, "reportMetrics")
    ask(checked, "createTeam", headers=USED)
    ask(checked, "createTeam", headers={"idempotency-key": "a b"})
    ask(checked, "listAudit", query={"limit": "0"})
    checked.call("PUT", "/directory/users/\f", USER, who=ROOT)
    checked.call("DELETE", "/directory/users/root", who=ROOT)
    checked.call("DELETE", "/directory/users/nobody", who=ROOT)
    refuse_invitations(checked, logins)
    most, directory.MOST_TEAMS = directory.MOST_TEAMS, 0
    ask(checked, "createTeam")
    directory.MOST_TEAMS = most
    transact = checked.world.table.transact
    checked.world.table.transact = contended  # type: ignore[assignment]
    for name in ("createTeam", "renameTeam", "putUser", "inviteUser"):
        ask(checked, name)
    checked.call("DELETE", "/directory/users/ben", who=ROOT)
    checked.world.table.transact = transact
    with table_put_off(checked):
        for name in calls:
            ask(checked, name)
    checked.world.client.delete_table(TableName="openhouse")
    for name in calls:
        ask(checked, name)
    for name, call in calls.items():
        assert checked.seen[name] - {call.status} == {error.code for error in call.problems}, name


def refuse_invitations(checked: CheckedWorld, logins: FakeLogins) -> None:
    """For what only an invitation can be refused."""
    inviting = ("inviteUser", "resendInvitation", "revokeInvitation")
    ask(checked, "inviteUser", headers=USED)
    ask(checked, "inviteUser", headers={"idempotency-key": "a b"})
    for name in inviting[1:]:
        ask(checked, name)
    ask(checked, "inviteUser")
    ask(checked, "inviteUser")
    logins.sign_in("login-1")
    for name in inviting[1:]:
        ask(checked, name)
    logins.busy = True
    ask(checked, "inviteUser", body={**USER, "email": "another@demo.test"})
    for name in inviting[1:]:
        ask(checked, name)
    logins.busy = False
    elsewhere = CheckedWorld(World(checked.world.client), checked.documented)
    for name in inviting:
        ask(elsewhere, name)
        checked.seen[name] |= elsewhere.seen[name]


def ask(checked: CheckedWorld, name: str, **how: Any) -> None:
    method, path, body = CALLS[name]
    checked.call(method, path, **{"body": body, "who": ROOT, **how})


def contended(*_: Any) -> None:
    raise WriteConflict("TransactionConflict")
