"""Over the deployed stack: a task that Step Functions works on, seen on a socket and by a second device."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from deployed.endpoints import stack_outputs
from local.stack import RunningStack
from openhouse.storage.keys import running_key, work_key
from tests.e2e.conftest import Caller, RawSocket, until


def person() -> dict[str, str]:
    """Whom no record that is there resembles."""
    return {"lastName": uuid4().hex, "phone": f"+1415555{uuid4().int % 10_000:04}"}


def client(caller: Caller, **fields: Any) -> str:
    answer = caller("POST", "/clients", {"visibility": "private", **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def begin(caller: Caller) -> str:
    answer = caller("POST", "/tasks", {"kind": "find_duplicates", "input": {"among": ["client"]}})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def task(caller: Caller, id_: str) -> Any:
    return caller("GET", f"/tasks/{id_}").json()


def becomes(caller: Caller, id_: str, status: str) -> Any:
    until(lambda: task(caller, id_)["status"] == status)
    return task(caller, id_)


def told(socket: RawSocket, id_: str) -> list[str]:
    """The types of what the socket has heard of a task."""
    found = [event for commit in socket.commits for event in commit["events"] if event["type"].startswith("ai:task:")]
    return [event["type"] for event in found if event["data"]["taskId"] == id_]


def hears(socket: RawSocket, id_: str, type_: str) -> None:
    while type_ not in told(socket, id_):
        socket.read()


def executions(stack: RunningStack, id_: str) -> dict[str, str]:
    """The standing of those of a task, by their names."""
    states = stack.cloud.session.client("stepfunctions", endpoint_url=stack.cloud.endpoint)
    machine = stack_outputs(stack.cloud.cloudformation())["TasksMachineArn"]
    all_ = states.list_executions(stateMachineArn=machine)["executions"]
    return {each["name"].removeprefix(f"{id_}-"): each["status"] for each in all_ if each["name"].startswith(f"{id_}-")}


def test_duplicates_are_found_merged_and_taken_apart_while_two_devices_look_on(
    stack: RunningStack, kim: Caller, joined: Callable[[Caller], RawSocket]
) -> None:
    zoe = person()
    mail = f"{zoe['lastName']}@example.com"
    keep, drop = client(kim, **zoe, city="Davis"), client(kim, **zoe, email=mail)
    devices = [joined(kim), joined(kim)]
    id_ = begin(kim)
    for socket in devices:
        hears(socket, id_, "ai:task:proposed")
        assert told(socket, id_)[0] == "ai:task:started"
    proposed = task(kim, id_)
    assert [(pair["keep"], pair["drop"], pair["sure"]) for pair in proposed["proposal"]["pairs"]] == [
        (keep, drop, True)
    ]

    assert kim("POST", f"/tasks/{id_}/confirm").status_code == 200
    for socket in devices:
        hears(socket, id_, "ai:task:completed")
        assert told(socket, id_).count("ai:task:completed") == 1
    assert task(kim, id_)["counts"]["merged"] == 1
    assert kim("GET", f"/clients/{drop}").status_code == 404
    assert kim("GET", f"/clients/{keep}").json()["email"] == mail
    until(lambda: executions(stack, id_) == {"plan-1": "SUCCEEDED", "write-2": "SUCCEEDED"})

    undoing = kim("POST", f"/tasks/{id_}/undo").json()
    assert undoing["undoes"] == id_
    assert becomes(kim, undoing["id"], "completed")["counts"] == {"restored": 2, "left": 0}
    assert kim("GET", f"/clients/{drop}").json()["email"] == mail
    assert {each["id"] for each in kim("GET", "/tasks").json()["items"]} >= {id_, undoing["id"]}


def test_what_was_cancelled_stays_so_and_nobody_else_sees_any_of_it(
    stack: RunningStack, kim: Caller, ben: Caller
) -> None:
    okafor = person()
    for _ in range(2):
        client(kim, **okafor)
    id_ = begin(kim)
    assert kim("POST", f"/tasks/{id_}/cancel").json()["status"] in ("cancelled", "proposed")
    assert becomes(kim, id_, "cancelled")["can"] == []
    assert ben("GET", f"/tasks/{id_}").status_code == 404
    assert ben("POST", f"/tasks/{id_}/cancel").status_code == 404
    until(lambda: set(executions(stack, id_).values()) == {"SUCCEEDED"})
    assert task(kim, id_)["status"] == "cancelled"


def test_whoever_looks_after_tasks_does_so_each_minute(stack: RunningStack, kim: Caller) -> None:
    """One of which nothing was heard for an hour, as if its execution had never begun, and never could."""
    outputs = stack_outputs(stack.cloud.cloudformation())
    table: Any = stack.cloud.session.resource("dynamodb", endpoint_url=stack.cloud.endpoint).Table(outputs["TableName"])
    silva = person()
    for _ in range(2):
        client(kim, **silva)
    id_ = begin(kim)
    waiting = becomes(kim, id_, "proposed")
    assert waiting["percent"] < 100
    open_ones = table.query(KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": "O#"})["Items"]
    (listed,) = [each for each in open_ones if each["task_id"] == id_]
    assert listed["sk"].startswith("waiting#")
    past = int((datetime.now(UTC) - timedelta(hours=1)).timestamp() * 1000)
    key = work_key(f"user:{kim.user_id}", id_)
    table.update_item(
        Key=key,
        UpdateExpression="SET standing = :standing",
        ExpressionAttributeValues={":standing": "running"},
    )
    table.delete_item(Key={name: listed[name] for name in ("pk", "sk")})
    left = {name: listed[name] for name in ("task_id", "user_id", "phase", "run")}
    table.put_item(Item={**running_key(id_), **left, "seen": past, "until": past + 24 * 3_600_000})

    lost = becomes(kim, id_, "failed")
    assert lost["problem"]["reason"] == "lost"
    notifications = kim("GET", "/notifications").json()["items"]
    assert [each["title"] for each in notifications if each["kind"] == "task_failed"] == ["Finding duplicates failed"]
