"""What is said about notifications, preferences and the system is what the documents say."""

from __future__ import annotations

from typing import Any

from cli.broadcast import announcements_of
from openhouse.api.http import MAX_BODY_BYTES
from openhouse.core import errors
from openhouse.core.errors import OpenhouseError
from openhouse.core.levels import Level
from openhouse.entities import ENTITIES
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import check_model, rest_examples
from tests.contract.module_contract import documented_of
from tests.contract.requests import USED, WAYS, raising, table_put_off
from tests.fakes import AVA, NOON, principal
from tests.functional.test_system import UNTIL, ignore

ROOT = principal("root", role="admin")
TAGS = ("notifications", "preferences", "system")
MESSAGE = {"to": {"userId": "ava"}, "level": "info", "title": "Hello", "text": "Coffee?"}
CALLS: dict[str, tuple[str, str, Any]] = {
    "listNotifications": ("GET", "/notifications", None),
    "sendNotification": ("POST", "/notifications", MESSAGE),
    "markAllNotificationsRead": ("POST", "/notifications/read", None),
    "markNotificationRead": ("POST", "/notifications/unknown/read", None),
    "getPreferences": ("GET", "/preferences", None),
    "patchPreferences": ("PATCH", "/preferences", {"kinds": {"message": {"browser": True}}}),
    "listSystem": ("GET", "/system", None),
}


def ours(checked: CheckedWorld) -> dict[str, Any]:
    return {call.name: call for call, _ in checked.documented.operations if call.tag in TAGS}


def ask(checked: CheckedWorld, name: str, **how: Any) -> Any:
    method, path, body = CALLS[name]
    return checked.call(method, path, **{"body": body, "who": ROOT, **how})


def test_every_call_and_every_event_is_as_documented(checked: CheckedWorld) -> None:
    levels: tuple[Level, ...] = ("info", "warning", "error", "success")
    sent = [ask(checked, "sendNotification", body={**MESSAGE, "level": level}) for level in levels]
    checked.call("POST", "/notifications", {**MESSAGE, "to": {"teamId": "north"}}, who=ROOT)
    announcements = announcements_of(checked.world)
    ask(checked, "listSystem", who=AVA)  # with a brokerage's first request its log begins
    announcements.broadcast("b-1", "Welcome!", "info", ignore)
    announcements.maintain("Moving.", NOON, UNTIL, ignore)
    assert len(ask(checked, "listSystem", who=AVA)["items"]) == 2
    announcements.end_maintenance(ignore)
    page = ask(checked, "listNotifications", who=AVA, query={"limit": "4"})
    ask(checked, "listNotifications", who=AVA, query={"limit": "4", "cursor": page["cursor"]})
    checked.call("POST", f"/notifications/{sent[2]['id']}/read")
    checked.call("POST", "/notifications/read", {"until": sent[1]["id"]})
    ask(checked, "markAllNotificationsRead", who=AVA)
    ask(checked, "getPreferences", who=AVA)
    ask(checked, "patchPreferences", who=AVA)
    told = {event["type"] for event in checked.events()}
    assert told == {
        *(f"notification:{level}" for level in levels),
        *("notification:read", "preferences:updated", "system:broadcast", "system:maintenance"),
    }
    assert {name: set(seen) for name, seen in checked.seen.items()} == {
        name: {call.status} for name, call in ours(checked).items()
    }


def test_every_example_is_as_its_schema_and_its_model_say() -> None:
    documented = documented_of(ENTITIES)
    for tag in TAGS:
        for where, schema, model, value in rest_examples(documented, tag):
            assert documented.openapi.faults(schema, value) == [], where
            check_model(model, value)


def test_every_refusal_is_as_documented_and_every_documented_one_happens(checked: CheckedWorld) -> None:
    ways: dict[type[OpenhouseError], dict[str, Any]] = {
        **{error: how for error, how in WAYS.items() if error is not errors.NotFound},
        errors.NotFound: {},
        errors.TooLarge: {"body": "x" * (MAX_BODY_BYTES + 1)},
        errors.Invalid: {"body": {"colour": "red"}},
        errors.Forbidden: {"who": AVA},
    }
    calls = ours(checked)
    ask(checked, "sendNotification", headers=USED, body={**MESSAGE, "title": "Another"})
    ask(checked, "sendNotification", headers={"idempotency-key": "a b"})
    ask(checked, "listNotifications", query={"limit": "0"})
    for name, call in calls.items():
        for error in call.problems:
            if error in ways:
                ask(checked, name, **ways[error])
    with table_put_off(checked):
        for name in calls:
            ask(checked, name)
    commit, checked.world.log.commit = checked.world.log.commit, raising(errors.Busy)  # type: ignore[assignment]
    ask(checked, "sendNotification")
    checked.world.log.commit = commit
    checked.world.client.delete_table(TableName="openhouse")
    for name in calls:
        ask(checked, name)
    for name, call in calls.items():
        assert checked.seen[name] - {call.status} == {error.code for error in call.problems}, name
