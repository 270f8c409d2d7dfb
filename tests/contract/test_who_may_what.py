"""Every operation of REST and every action of the socket, asked by everyone of their own, another team's and another
brokerage's records. Nobody does what is not theirs to do, sees what they may not read, or acts in another's name.

The calls are those of the contract. Who may what is written down here once more.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

import pytest

from contractgen import socket_examples
from contractgen.examples import bodies_of, module_of
from openhouse.api.actions import ACTIONS
from openhouse.contract.operations import DocumentedOperation
from openhouse.crm.modules import MODULES
from openhouse.entities import ENTITIES
from tests.contract.office import (
    EVERYONE,
    HARBOR,
    NEEDS,
    STATES,
    Office,
    Target,
    brokerages_in,
    calls,
    check_reads,
    check_writes,
    text_of,
)
from tests.contract.test_people import CALLS as CALLS_ABOUT_PEOPLE
from tests.functional.sockets import join
from tests.functional.test_http import call
from tests.functional.uploading import PNG, bring, wish
from tests.memory_table import MemoryTable


@pytest.fixture(scope="module")
def office() -> Office:
    return Office()


# REST -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user_id", EVERYONE)
def test_what_is_about_one_record_is_answered_to_whom_it_may_be(office: Office, user_id: str) -> None:
    asked = set[str]()
    for operation in calls():
        module = module_of(operation, ENTITIES)
        if module is None or "{id}" not in operation.path:
            continue
        ending = operation.path.removeprefix(f"/{module.path}/{{id}}")
        assert operation.right is not None
        need = NEEDS.get(f"{operation.method} /{{id}}{ending}", operation.right.value)
        for target in office.target(module.noun, STATES.get(ending, "plain")):
            ask(office, operation, user_id, target, need)
            asked.add(operation.name)
    assert {f"{verb}{module.model.__name__}" for verb in ("get", "patch", "delete") for module in MODULES} <= asked


def ask(office: Office, operation: DocumentedOperation, user_id: str, target: Target, need: str) -> None:
    who, held = EVERYONE[user_id], target.rights(user_id)
    office.begin_anew()
    body = next(iter(bodies_of(operation, ENTITIES).values())) if operation.body else None
    path = operation.path.replace("{id}", target.id)
    query = {"noun": target.noun, "id": target.id} if operation.tag in ("views", "files") else None
    headers = {"Lock-Token": "1"} if operation.path.endswith("/lock") else None
    status, content, _ = call(office.world, operation.method, path, body, who=who, query=query, headers=headers)
    words = f"{user_id}: {operation.method} {path} ({target.visibility}, of {target.owner}): {status} {content}"
    if need in held:
        assert status == operation.status, words
    else:
        assert content["code"] == ("forbidden" if "read" in held else "not_found"), words
        assert office.changed == [], words
    check_writes(office, who)
    check_reads(office, who, content)


@pytest.mark.parametrize("user_id", EVERYONE)
def test_what_is_about_no_one_record_tells_and_changes_what_is_ones_own(office: Office, user_id: str) -> None:
    """Lists, exports, figures, searches, new records and whatever else there is. What has an id is asked for by that
    of a record of Ava's.
    """
    who = EVERYONE[user_id]
    others_id = office.target(MODULES[0].noun, "plain")[0].id
    for operation in calls():
        is_of_a_record = "{" in operation.path and module_of(operation, ENTITIES) is not None
        if is_of_a_record or operation.tag in ("people", "views") or operation.name == "listFiles":
            continue
        path = re.sub(r"{\w+}", others_id, operation.path)
        office.begin_anew()
        for body in bodies_of(operation, ENTITIES).values() if operation.body else [None]:
            query = {"q": "mark"} if operation.tag == "search" else None
            status, content, _ = call(office.world, operation.method, path, body, who=who, query=query)
            if operation.method == "GET":
                assert status == 200 or path != operation.path
                assert office.changed == [] or all(item["pk"][:2] in ("L#", "A#") for item in office.changed)
            check_writes(office, who)
            check_reads(office, who, content)


@pytest.mark.parametrize("user_id", EVERYONE)
def test_bulk_changes_only_what_one_may_edit(office: Office, user_id: str) -> None:
    who = EVERYONE[user_id]
    for module in MODULES:
        office.begin_anew()
        targets = office.target(module.noun, "plain")
        entries = [{"id": target.id, "changes": {text_of(module): "changed"}} for target in targets]
        _, content, _ = call(office.world, "POST", f"/{module.path}/bulk", {"entries": entries}, who=who)
        for target, result in zip(targets, content["results"], strict=True):
            held = target.rights(user_id)
            assert result["status"] == (200 if "edit" in held else 403 if "read" in held else 404)
        check_writes(office, who)


@pytest.mark.parametrize("user_id", EVERYONE)
def test_who_looks_at_a_record_is_told_to_those_who_read_it(office: Office, user_id: str) -> None:
    (operation,) = [each for each in calls() if each.tag == "views"]
    for module in MODULES:
        for target in office.target(module.noun, "plain"):
            ask(office, operation, user_id, target, "read")


@pytest.mark.parametrize("user_id", EVERYONE)
def test_the_files_of_a_record_are_listed_to_those_who_read_it(office: Office, user_id: str) -> None:
    (operation,) = [each for each in calls() if each.name == "listFiles"]
    for module in (module for module in MODULES if module.holds_files):
        for target in office.target(module.noun, "plain"):
            ask(office, operation, user_id, target, "read")


@pytest.mark.parametrize("user_id", EVERYONE)
def test_a_file_is_sent_fetched_and_removed_by_those_who_may_do_so_to_its_record(office: Office, user_id: str) -> None:
    who = EVERYONE[user_id]
    for module in (module for module in MODULES if module.holds_files):
        for target in office.target(module.noun, "plain"):
            office.begin_anew()
            held = target.rights(user_id)
            of = {"noun": target.noun, "id": target.id, "field": next(iter(module.holds_files))}
            content: Any = {"content": PNG, "type_": "image/png"}
            file_id = bring(office.world, of, who=EVERYONE[target.owner], **content)
            office.changed.clear()
            fetched, _, _ = call(office.world, "GET", f"/files/{file_id}", who=who)
            sent, _, _ = call(office.world, "POST", "/files", wish(of, **content), who=who)
            removed, _, _ = call(office.world, "DELETE", f"/files/{file_id}", who=who)
            refused = 403 if "read" in held else 404
            assert fetched == (200 if "read" in held else 404)
            assert (sent, removed) == ((201, 204) if "edit" in held else (refused, refused))
            check_writes(office, who)


@pytest.mark.parametrize("user_id", EVERYONE)
def test_the_directory_is_changed_by_administrators_and_by_each_only_their_own(office: Office, user_id: str) -> None:
    who = EVERYONE[user_id]
    about_people = [operation for operation in calls() if operation.tag == "people"]
    for operation in about_people:
        office.begin_anew()
        method, path, body = CALLS_ABOUT_PEOPLE[operation.name]
        path = path.replace("/users/new", "/users/ben")
        status, content, _ = call(office.world, method, path, body, who=who)
        if operation.role == "admin" and who.role != "admin":
            assert content["code"] == "forbidden", operation.name
        if operation.role == "admin" and "{" in operation.path and who.user_id not in ("root", "adam"):
            assert status >= 400, operation.name
        if user_id in ("root", "adam"):
            assert status == operation.status, f"{operation.name}: {content}"
        if status >= 400:
            assert office.changed == []
        for item in office.changed:
            assert brokerages_in(item["pk"]) <= {who.brokerage_id}
        check_reads(office, who, content)
    assert {operation.name for operation in about_people} == CALLS_ABOUT_PEOPLE.keys()


# The socket -----------------------------------------------------------------------------------------------------------


class Floor:
    """The office, with everyone's socket open, each of whom looks at all that they may read."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.world = office.world
        self.plain = [target for target in office.targets if target.state == "plain"]
        self.office.begin_anew()
        for user_id, who in EVERYONE.items():
            join(self.world, f"s-{user_id}", who)
            for target in self.plain:
                if "read" in target.rights(user_id):
                    self._say(f"s-{user_id}", {"action": "view", "noun": target.noun, "recordId": target.id})
        self.ticket, _ = self.world.connections.issue_ticket(HARBOR["ben"])
        self.base = MemoryTable()
        self.base.copy(office.table)

    def ask(self, user_id: str, message: dict[str, Any]) -> dict[str, Any]:
        """What a new socket of this person is replied to that message."""
        self.office.table.copy(self.base)
        self.world.gateway.open = {f"s-{each}" for each in EVERYONE}
        join(self.world, "me", EVERYONE[user_id])
        if "recordId" in message and (message["action"] != "view" or "leave" in message):
            self._say("me", {"action": "view", "noun": message["noun"], "recordId": message["recordId"]})
        self.world.gateway.posted.clear()
        self.office.changed.clear()
        return self._say("me", message)

    def _say(self, connection_id: str, message: dict[str, Any]) -> dict[str, Any]:
        self.world.messages.receive(connection_id, json.dumps({"id": "1", **message}))
        replies = self.world.gateway.replies(connection_id)
        if message.get("silent") and not replies:
            return {"ok": True}
        return dict(replies[-1])

    @cached_property
    def messages(self) -> list[dict[str, Any]]:
        """Of every action, as the contract's examples have them."""
        examples = socket_examples.requests()
        found = [message for action in ACTIONS for message in examples[action.request].values()]
        assert {message["action"] for message in found} == {action.name for action in ACTIONS}
        return [{name: value for name, value in message.items() if name != "id"} for message in found]


@pytest.fixture(scope="module")
def floor(office: Office) -> Floor:
    return Floor(office)


@pytest.mark.parametrize("user_id", EVERYONE)
def test_what_is_said_of_a_record_reaches_those_who_read_it_in_the_name_of_who_said_it(
    floor: Floor, user_id: str
) -> None:
    for message in (message for message in floor.messages if "recordId" in message):
        for target in floor.plain:
            reads = "read" in target.rights(user_id)
            reply = floor.ask(user_id, {**message, "noun": target.noun, "recordId": target.id})
            check_writes(floor.office, EVERYONE[user_id])
            told = {id_: frames for id_, frames in floor.world.gateway.posted.items() if frames and id_ != "me"}
            if not reads:
                assert told == {}
                assert floor.office.changed == []
            if message["action"] in ("view", "typing"):
                assert reply["ok"] is (reads or bool(message.get("leave"))), reply
            for connection_id in told:
                assert "read" in target.rights(connection_id.removeprefix("s-"))
                for hint in floor.world.gateway.frames(connection_id)[0]["ephemeral"]:
                    assert hint["data"]["userId"] == user_id
                    assert hint["data"]["recordId"] == target.id


@pytest.mark.parametrize("user_id", EVERYONE)
def test_whatever_is_said_changes_ones_own_brokerage_and_tells_of_ones_own_rooms(floor: Floor, user_id: str) -> None:
    who = EVERYONE[user_id]
    rooms = set(who.rooms)
    strange = {room: {"epoch": "", "seq": 0} for each in EVERYONE.values() for room in each.rooms}
    for message in (message for message in floor.messages if "recordId" not in message):
        wanted = {"positions": strange, "ticket": floor.ticket}
        reply = floor.ask(user_id, {name: wanted.get(name, value) for name, value in message.items()})
        check_writes(floor.office, who)
        assert set(reply.get("rooms", {})) <= rooms
        if message["action"] == "auth":
            assert reply["ok"] is (user_id == "ben"), "a ticket is of use to its own person alone"
        for frame in floor.world.gateway.frames("me"):
            assert {commit["room"] for commit in frame.get("commits", [])} <= rooms


@pytest.mark.parametrize("name", ["userId", "user_id", "by", "room", "until", "connectionId"])
def test_no_action_takes_a_name_room_or_time_of_the_senders_choice(floor: Floor, name: str) -> None:
    for message in floor.messages:
        reply = floor.ask("ava", {**message, name: "ben"})
        assert reply["error"]["code"] == "invalid_message"
        assert floor.office.changed == []
