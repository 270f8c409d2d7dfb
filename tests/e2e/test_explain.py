"""What an operator is told of a deployment, from its tables and its functions' real logs; sessions that are ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner
from websockets.exceptions import ConnectionClosed

from cli.app import app
from deployed.sign_in import DEMO_PASSWORD, renewed, sign_in
from deployed.terminal import CommandFailed
from local.stack import RunningStack
from tests.e2e.conftest import PATIENCE, Caller, RawSocket, hired, until

Told = Callable[..., Any]


@pytest.fixture
def told(stack: RunningStack) -> Told:
    """`told("rooms")`: the document that the command prints; `plain=True`: its lines."""

    def of(*arguments: str, plain: bool = False) -> Any:
        form = [] if plain else ["--json"]
        result = CliRunner().invoke(app, [*arguments, "--emulator", stack.emulator.url, *form], prog_name="openhouse")
        assert result.exit_code == 0, result.output
        return result.stdout if plain else json.loads(result.stdout)

    return of


def until_closed(socket: RawSocket) -> list[dict[str, Any]]:
    """What it was told until then."""
    frames: list[dict[str, Any]] = []
    with suppress(ConnectionClosed):
        while True:
            frames.append(socket.read())
    return frames


def test_a_change_is_explained_from_its_request_to_the_sockets_it_came_to(
    ava: Caller, ben: Caller, joined: Callable[[Caller], RawSocket], told: Told
) -> None:
    socket = joined(ben)
    record = ava.create()
    (commit,) = socket.wait_for_commits(1)
    place = f"{commit['room']}#{commit['seq']}"

    def is_in_the_logs() -> bool:
        story = told("explain", place)
        if story["written"] and story["streamDelayMs"] is not None and story["postings"]:
            return True
        ava.create()  # the emulator may keep a line with the next call of its function
        return False

    until(is_in_the_logs)
    story = told("explain", commit["id"])
    assert story["commit"] == commit
    written = story["written"]
    assert (written["function"], written["operation"]) == ("crm", "createEscrow")
    assert written["commits"] == {commit["room"]: commit["seq"]}
    assert sum(posting["delivered"] for posting in story["postings"]) >= 1
    assert all(posting["afterMs"] > 0 for posting in story["postings"])
    assert "delivered" in [client["fate"] for client in story["clients"] if client["userId"] == ben.user_id]
    assert any("only that page knows" in sentence for sentence in story["unknown"])

    seen = told("explain", place, "--for", "ben@demo.test")["for"]
    assert (seen["userId"], seen["outcome"]) == (ben.user_id, "handed")

    about = told("explain", f"escrow:{record['id']}")
    assert (about["room"], about["version"], about["ownerId"]) == (commit["room"], 1, ava.user_id)
    assert about["steps"][0]["commit"]["id"] == commit["id"]
    assert about["latest"]["commit"]["id"] == commit["id"]

    person = told("explain", "ava@demo.test")
    assert person["login"] == {"status": "CONFIRMED", "enabled": True}
    assert record["room"] in [each["room"] for each in person["commits"]]

    lines = told("explain", place, "--for", "ben@demo.test", plain=True)
    assert lines.startswith("For Ben: handed")
    assert "createEscrow of crm" in lines


def test_an_operator_sees_rooms_connections_and_logs(
    ava: Caller, joined: Callable[[Caller], RawSocket], told: Told
) -> None:
    joined(ava)
    record = ava.create()
    (harbor,) = told("rooms", "harbor")["brokerages"]
    (north,) = [room for room in harbor["rooms"] if room["room"] == record["room"]]
    assert north["position"]["seq"] >= 1
    assert north["sockets"] >= 1

    mine = told("connections", "ava@demo.test")["connections"]
    assert {each["userId"] for each in mine} == {ava.user_id}
    assert record["room"] in [stand["room"] for each in mine for stand in each["rooms"] if not stand["lagging"]]

    replay = told("replay", record["room"], "--after", str(north["position"]["seq"] - 1))
    assert replay["commits"][0]["events"][0]["data"]["escrowId"] == record["id"]


def test_whose_sessions_are_ended_is_out_everywhere_and_may_sign_in_anew(
    stack: RunningStack, opened: Callable[[Caller], RawSocket], told: Told
) -> None:
    endpoints, email = stack.deployment.endpoints, f"{uuid4().hex}@demo.test"
    rita = hired(stack, email)
    session = sign_in(endpoints, email, DEMO_PASSWORD)
    assert rita("GET", "/me").status_code == 200
    socket = opened(rita)
    assert socket.ask("sync")["ok"]
    late = opened(rita)  # in no room yet

    done = told("revoke", email)
    assert len(done["closedConnections"]) == 1
    assert until_closed(socket)[-1]["closing"]["code"] == "session_expired"
    refused = rita("GET", "/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_expired")
    assert rita("POST", "/realtime/tickets").status_code == 401
    assert late.ask("sync")["error"]["code"] == "session_expired"
    with pytest.raises(CommandFailed):
        renewed(session, endpoints, email)

    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:  # of the same second, tokens are refused
        fresh = Caller(endpoints.http_url, sign_in(endpoints, email, DEMO_PASSWORD).token, rita.user_id)
        if fresh("GET", "/me").status_code == 200:
            break
    assert fresh("GET", "/me").status_code == 200
    assert opened(fresh).ask("sync")["ok"]
