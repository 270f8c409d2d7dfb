"""Who looks at a record and types in it, over the deployed stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.e2e.conftest import Caller, RawSocket, on_aws_too

Opener = Callable[[Caller], RawSocket]


def told(socket: RawSocket, type_: str) -> dict[str, Any]:
    """What the hint of this type says; waits for it."""
    while not (found := [hint["data"] for hint in socket.hints if hint["type"] == type_]):
        socket.read()
    return dict(found[-1])


@on_aws_too
def test_two_who_look_at_a_record_see_each_other_type_and_leave_and_others_hear_nothing(
    ava: Caller, ben: Caller, mia: Caller, zed: Caller, joined: Opener
) -> None:
    record = {"noun": "escrow", "recordId": ava.create()["id"]}
    mine, his, others = joined(ava), joined(ben), [joined(mia), joined(zed)]
    assert mine.ask("view", **record)["ok"]
    assert his.ask("view", **record)["ok"]
    assert told(his, "user:viewing")["userId"] == ava.user_id
    assert told(mine, "user:viewing")["userId"] == ben.user_id
    assert his.ask("typing", **record, field="notes")["ok"]
    typing = told(mine, "user:typing")
    assert {name: typing[name] for name in ("userId", "field", *record)} == {
        "userId": ben.user_id,
        "field": "notes",
        **record,
    }
    listed = ava("GET", "/views", params={"noun": "escrow", "id": record["recordId"]}).json()
    assert {item["userId"]: item.get("field") for item in listed["items"]} == {ava.user_id: None, ben.user_id: "notes"}
    his.ask("view", **record, leave=True)
    assert told(mine, "user:stopped_typing")["field"] == "notes"
    assert told(mine, "user:stopped_viewing")["userId"] == ben.user_id
    for socket in others:
        assert socket.ask("view", **record)["error"]["code"] == "not_found"
        socket.ask("ping")
        assert socket.hints == []
    assert zed("GET", "/views", params={"noun": "escrow", "id": record["recordId"]}).status_code == 404
