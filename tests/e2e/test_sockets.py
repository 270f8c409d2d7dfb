"""Sockets over the deployed stack: who hears what, and what is said to bad frames."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from websockets.exceptions import ConnectionClosed

from cli.operating.installation import Installation
from local.stack import RunningStack
from tests.e2e.conftest import Caller, RawSocket, for_everyone, on_aws_too, until

Opener = Callable[[Caller], RawSocket]


def silent(socket: RawSocket, seconds: float = 1.0) -> bool:
    try:
        socket.read(timeout=seconds)
    except TimeoutError:
        return True
    return False


@on_aws_too
def test_a_change_reaches_team_and_broker_once_and_no_other_team(
    ava: Caller, ben: Caller, mia: Caller, dana: Caller, zed: Caller, joined: Opener
) -> None:
    north = [joined(ava), joined(ben)]
    south, broker, rival = joined(mia), joined(dana), joined(zed)
    made = ava.create()
    after = ben("PATCH", f"/escrows/{made['id']}", {"notes": "seen at once"}).json()
    for socket in (*north, broker):
        first, second = socket.wait_for_commits(2)
        assert second["seq"] == first["seq"] + 1
        assert first["events"][0]["data"]["escrow"] == for_everyone(made)
        data = second["events"][0]["data"]
        assert (data["version"], data["changes"]["notes"], second["by"]) == (2, after["notes"], ben.user_id)
    assert silent(south)
    assert silent(rival, 0.2)
    assert all(len(socket.commits) == 2 for socket in (*north, broker))


@on_aws_too
def test_a_private_record_stays_with_its_owner_and_sharing_it_reaches_everyone(
    ava: Caller, ben: Caller, mia: Caller, joined: Opener
) -> None:
    own, mate, other = joined(ava), joined(ben), joined(mia)
    made = ava.create(visibility="private")
    own.wait_for_commits(1)
    shared = ava("PATCH", f"/escrows/{made['id']}", {"visibility": "broker"}).json()
    types = [commit["events"][0]["type"] for commit in own.wait_for_commits(3)]
    assert sorted(types) == ["escrow:created", "escrow:created", "escrow:deleted"]
    for socket in (mate, other):
        (commit,) = socket.wait_for_commits(1)
        assert (commit["room"], commit["events"][0]["data"]["escrow"]) == ("broker:harbor", for_everyone(shared))


@on_aws_too
def test_a_socket_that_was_away_gets_what_it_missed_in_order(
    ava: Caller, ben: Caller, opened: Opener, joined: Opener
) -> None:
    gone = joined(ben)
    before = gone.ask("ping")["rooms"]
    gone.connection.close()
    made = [ava.create()["id"] for _ in range(3)]
    back = opened(ben)
    reply = back.ask("sync", positions=before)
    assert [commit["events"][0]["data"]["escrowId"] for commit in back.commits] == made
    at = reply["rooms"]["team:north"]
    assert (at["seq"], at["reset"], reply["more"]) == (before["team:north"]["seq"] + 3, False, False)


def test_positions_of_a_list_lead_on_without_a_gap(ava: Caller, ben: Caller, opened: Opener) -> None:
    positions = ben("GET", "/escrows", params={"limit": "1"}).json()["positions"]
    made = ava.create()
    socket = opened(ben)
    reply = socket.ask("sync", positions=positions)
    assert [commit["events"][0]["data"]["escrowId"] for commit in socket.commits] == [made["id"]]
    assert not any(room["reset"] for room in reply["rooms"].values())


@on_aws_too
def test_a_new_ticket_prolongs_a_socket_in_band(ava: Caller, ben: Caller, joined: Opener) -> None:
    socket = joined(ava)
    assert socket.ask("auth", ticket=ava.ticket().split("ticket=")[1])["ok"]
    refused = socket.ask("auth", ticket=ben.ticket().split("ticket=")[1])
    assert refused["error"]["code"] == "ticket_invalid"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", "bad_frame"),
        ("[1, 2]", "bad_frame"),
        ('{"action": "explode", "id": "7"}', "unknown_action"),
        ('{"id": "7"}', "unknown_action"),
        ('{"action": "sync", "id": "7", "positions": 5}', "invalid_message"),
        ('{"action": "ping", "id": 7}', "invalid_message"),
        (json.dumps({"action": "ping", "id": "7", "pad": "x" * 33_000}), "frame_too_large"),
    ],
)
def test_a_bad_frame_gets_one_clear_reply_and_the_socket_lives_on(
    ava: Caller, joined: Opener, frame: str, code: str
) -> None:
    socket = joined(ava)
    socket.say(frame)
    answer = socket.read()
    assert (answer["ok"], answer["error"]["code"], answer["error"]["retryable"]) == (False, code, False)
    assert socket.ask("ping")["ok"]


@on_aws_too
def test_changing_someones_team_closes_their_sockets_and_takes_the_rooms(
    ava: Caller, admin: Caller, caller: Callable[[str], Caller], joined: Opener
) -> None:
    josh = caller("josh@demo.test")
    entry = {"email": "josh@demo.test", "name": "Josh", "role": "agent"}
    socket = joined(josh)
    moved = admin("PUT", f"/directory/users/{josh.user_id}", {**entry, "teamIds": ["south"]})
    assert moved.status_code == 200
    try:
        with pytest.raises(ConnectionClosed):
            socket.read()
        made = ava.create()
        assert josh("GET", f"/escrows/{made['id']}").status_code == 404
        assert "team:south" in joined(josh).ask("ping")["rooms"]
    finally:
        admin("PUT", f"/directory/users/{josh.user_id}", {**entry, "teamIds": ["north"]})


@on_aws_too
def test_the_tables_stream_closes_the_sockets_of_who_has_moved_should_whoever_moved_them_not_have_done_it(
    stack: RunningStack, caller: Callable[[str], Caller], joined: Opener
) -> None:
    josh = caller("josh@demo.test")
    directory = Installation(stack.cloud, stack.deployment).services.directory
    before = directory.some_users("harbor", [josh.user_id])[josh.user_id]
    socket = joined(josh)
    try:
        directory.put_user("harbor", replace(before, team_ids=("south",)))
        with pytest.raises(ConnectionClosed):
            socket.read()
        assert "team:south" in joined(josh).ask("ping")["rooms"]
    finally:
        directory.put_user("harbor", before)


@on_aws_too
def test_a_closed_socket_leaves_no_row_behind(ava: Caller, stack: RunningStack, joined: Opener) -> None:
    joined(ava).connection.close()
    client = stack.cloud.session.client("dynamodb", endpoint_url=stack.cloud.endpoint)
    members = {"S": f"M#user:{ava.user_id}#0"}
    query = partial(
        client.query,
        TableName=stack.deployment.table_name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": members},
    )
    until(lambda: not query()["Items"])
