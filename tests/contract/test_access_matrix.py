"""The whole matrix: every operation of docs/openapi.json and every action of docs/asyncapi.json, by each role, about
what is their own team's, another team's and another brokerage's.

An operation or action that is new has no rule here, and fails. What each rule says is written down once more, by hand:
nothing of the product's own tables is asked. `test_who_may_what.py` adds the visibilities and the states of records.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from contractgen.examples import bodies_of
from openhouse.api.actions import ACTIONS
from openhouse.core.principal import Principal
from openhouse.crm.modules import MODULES
from openhouse.entities import ENTITIES
from tests.contract.office import EVERYONE, STATES, Office, calls, check_reads, check_writes, written
from tests.fakes import AVA
from tests.functional.sockets import join
from tests.functional.test_http import call
from tests.functional.uploading import begin as begin_file
from tests.functional.uploading import bring, send, wish

DOCS = Path(__file__).parents[2] / "docs"
ROLES = ("agent", "lead", "broker", "admin")
RELATIONS = ("own", "other team", "other brokerage")

# Who asks. All is about what is of the team north: records that its people see, a member of it, a file, a message.
# A broker is in every team, so that to them another team's is their own.
ASKS: Mapping[tuple[str, str], str] = {
    ("agent", "own"): "ava",
    ("lead", "own"): "lee",
    ("broker", "own"): "dana",
    ("admin", "own"): "adam",
    ("agent", "other team"): "mia",
    ("lead", "other team"): "sue",
    ("broker", "other team"): "dana",
    ("admin", "other team"): "root",
    ("agent", "other brokerage"): "zed",
    ("lead", "other brokerage"): "zoe",
    ("broker", "other brokerage"): "zak",
    ("admin", "other brokerage"): "zia",
}

OK, FORBIDDEN, HIDDEN, INVALID, CONFLICT = "ok", "forbidden", "not_found", "invalid", "conflict"
Rule = Callable[[str, str], set[str]]  # of a role and a relation: what they may be answered


def everyone(_role: str, _relation: str) -> set[str]:
    """About oneself, or what is told of is one's own alone: `check_reads` looks."""
    return {OK}


def owner_alone(role: str, relation: str) -> set[str]:
    """Ava, who is the agent of the own team."""
    return {OK} if (role, relation) == ("agent", "own") else {HIDDEN}


def reads(role: str, relation: str) -> set[str]:
    return {OK} if relation == "own" or (role, relation) == ("broker", "other team") else {HIDDEN}


def edits(role: str, relation: str) -> set[str]:
    return reads(role, relation)


def deletes(role: str, relation: str) -> set[str]:
    """Ava owns it."""
    return {FORBIDDEN} if (role, relation) == ("admin", "own") else reads(role, relation)


def reopens(role: str, relation: str) -> set[str]:
    return {FORBIDDEN} if relation == "own" and role in ("agent", "admin") else reads(role, relation)


def administers(role: str, _relation: str) -> set[str]:
    """One's own brokerage, and nothing that is named."""
    return {OK} if role == "admin" else {FORBIDDEN}


def administers_theirs(role: str, relation: str) -> set[str]:
    if role != "admin":
        return {FORBIDDEN}
    return {HIDDEN, CONFLICT} if relation == "other brokerage" else {OK}


def writes_to_the_team(role: str, relation: str) -> set[str]:
    if role == "agent" or (role, relation) in (("lead", "other team"), ("lead", "other brokerage")):
        return {FORBIDDEN}
    return {INVALID} if relation == "other brokerage" else {OK}


class Case(NamedTuple):
    """A rule, and what is sent: `about` of the things in the office. `body`: other than the contract's example."""

    rule: Rule
    about: Callable[[Things], dict[str, str]] = lambda _things: {}
    body: Callable[[Things], Any] | None = None
    query: Callable[[Things], dict[str, str]] | None = None


@dataclass(frozen=True)
class Things:
    """What is asked about, made anew for each call."""

    office: Office
    who: Principal

    def record(self, noun: str, state: str = "plain") -> str:
        """Ava's, which her team sees."""
        wanted = ("team", "ava")
        (found,) = [each for each in self.office.target(noun, state) if (each.visibility, each.owner) == wanted]
        return found.id

    @property
    def of(self) -> dict[str, str]:
        return {"noun": "escrow", "id": self.record("escrow"), "field": "files"}

    def file(self) -> str:
        return bring(self.office.world, self.of)

    def file_on_its_way(self) -> str:
        id_ = begin_file(self.office.world, wish(self.of))
        send(self.office.world, id_, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")
        return id_

    def message(self) -> str:
        """To the team north."""
        body = {"to": {"teamId": "north"}, "level": "info", "title": "Hello", "text": ""}
        return str(call(self.office.world, "POST", "/notifications", body, who=EVERYONE["lee"])[1]["id"])

    def task(self, *, to: str = "proposed") -> str:
        """Of Ava's: two clients that are one person, and what becomes of them."""
        world = self.office.world
        for _ in range(2):
            world.records.create(_module("client"), AVA, {"lastName": "Hart", "phone": "+14155550123"})
        id_ = str(world.tasks.begin(AVA, "find_duplicates", {})["id"])
        self._work()
        if to == "completed":
            world.tasks.confirm(AVA, id_, {})
            self._work()
        return id_

    def _work(self) -> None:
        for about in self.office.world.workflows.take():
            while self.office.world.task_steps.handle(about)["more"]:
                pass


def _module(noun: str) -> Any:
    return next(module for module in MODULES if module.noun == noun)


def of_records() -> Iterator[tuple[str, Case]]:
    """The operations of every module, by their names."""
    for module in MODULES:
        one, many = module.model.__name__, module.path[0].upper() + module.path[1:]

        def record(things: Things, noun: str = module.noun, state: str = "plain") -> dict[str, str]:
            return {"id": things.record(noun, state)}

        def in_state(ending: str, noun: str = module.noun) -> Callable[[Things], dict[str, str]]:
            return lambda things: {"id": things.record(noun, STATES[ending])}

        def made(_things: Things, usual: Mapping[str, Any] = module.example) -> Any:
            return {**usual, "visibility": "broker"}

        def changed(things: Things, noun: str = module.noun) -> Any:
            return {"entries": [{"id": things.record(noun), "changes": {"archived": True}}]}

        for name in (f"list{many}", f"export{many}", f"get{one}Stats"):
            yield name, Case(everyone)
        yield f"create{one}", Case(everyone, body=made)
        yield f"bulk{many}", Case(everyone, body=changed)
        yield f"get{one}", Case(reads, record)
        yield f"get{one}History", Case(reads, record)
        yield f"patch{one}", Case(edits, record)
        yield f"archive{one}", Case(edits, record)
        yield f"restore{one}", Case(edits, in_state("/restore"))
        yield f"delete{one}", Case(deletes, record)
        yield f"recover{one}", Case(deletes, in_state("/recover"))
        yield f"lock{one}", Case(edits, record)
        yield f"unlock{one}", Case(reads, record)
        if any(map(module.is_final, module.transitions)):
            yield f"reopen{one}", Case(reopens, in_state("/reopen"))
        if module.conversion:
            yield f"convert{one}", Case(edits, in_state("/convert"))


USER = {"email": "ben@demo.test", "name": "Ben", "role": "agent", "teamIds": []}
RULES: dict[str, Case] = {
    **dict(of_records()),
    **dict.fromkeys(("listPresence", "listLocks", "listSystem", "listTasks", "getMe", "createTicket"), Case(everyone)),
    **dict.fromkeys(("getDirectory", "getPreferences", "patchPreferences", "listNotifications"), Case(everyone)),
    "markAllNotificationsRead": Case(everyone),
    "reportMetrics": Case(everyone, body=lambda _things: {"commitToScreen": [40], "reconnects": 0, "errors": 0}),
    "search": Case(everyone, query=lambda _things: {"q": "mark"}),
    "beginTask": Case(everyone, body=lambda _things: {"kind": "find_duplicates", "input": {}}),
    "listViews": Case(reads, query=lambda things: {"noun": "escrow", "id": things.record("escrow")}),
    "listFiles": Case(reads, query=lambda things: {"noun": "escrow", "id": things.record("escrow")}),
    "createFile": Case(edits, body=lambda things: wish(things.of)),
    "getFile": Case(reads, lambda things: {"id": things.file()}),
    "finishFile": Case(owner_alone, lambda things: {"id": things.file_on_its_way()}),
    "deleteFile": Case(edits, lambda things: {"id": things.file()}),
    "markNotificationRead": Case(reads, lambda things: {"id": things.message()}),
    "sendNotification": Case(
        writes_to_the_team,
        body=lambda _things: {"to": {"teamId": "north"}, "level": "info", "title": "Hello", "text": ""},
    ),
    "getTask": Case(owner_alone, lambda things: {"id": things.task()}),
    "confirmTask": Case(owner_alone, lambda things: {"id": things.task()}, body=lambda _things: {"answer": {}}),
    "cancelTask": Case(owner_alone, lambda things: {"id": things.task()}),
    "undoTask": Case(owner_alone, lambda things: {"id": things.task(to="completed")}),
    **dict.fromkeys(("listAudit", "createTeam"), Case(administers)),
    "inviteUser": Case(administers, body=lambda things: {**USER, "email": f"for-{things.who.user_id}@demo.test"}),
    "renameTeam": Case(administers_theirs, lambda _things: {"teamId": "north"}),
    "putUser": Case(administers_theirs, lambda _things: {"userId": "ben"}, body=lambda _things: USER),
    "removeUser": Case(administers_theirs, lambda _things: {"userId": "ben"}),
    "resendInvitation": Case(administers_theirs, lambda _things: {"userId": "login-1"}),
    "revokeInvitation": Case(administers_theirs, lambda _things: {"userId": "login-1"}),
}
OPERATIONS = {each.name: each for each in calls()}


def documented_operations() -> set[str]:
    paths = json.loads((DOCS / "openapi.json").read_text())["paths"]
    return {told["operationId"] for path in paths.values() for told in path.values() if "operationId" in told}


@pytest.fixture(scope="module")
def office() -> Office:
    return Office()


def test_every_operation_of_the_document_has_a_rule_here() -> None:
    assert documented_operations() == RULES.keys()


def test_everybody_asks() -> None:
    assert {*ASKS} == {*product(ROLES, RELATIONS)}
    for (role, relation), user_id in ASKS.items():
        who = EVERYONE[user_id]
        assert who.role == role
        assert (who.brokerage_id != "harbor") == (relation == "other brokerage")
        assert ("north" in who.team_ids) == (relation == "own" or (role, relation) == ("broker", "other team"))


@pytest.mark.parametrize(("role", "relation"), [*ASKS], ids=map(" of ".join, ASKS))
def test_every_operation_is_answered_as_its_rule_says(office: Office, role: str, relation: str) -> None:
    who = EVERYONE[ASKS[role, relation]]
    asked: set[str] = set()
    for name in sorted(documented_operations()):
        ask(office, name, RULES[name], who, RULES[name].rule(role, relation))
        asked.add(name)
    assert asked == documented_operations()


def ask(office: Office, name: str, case: Case, who: Principal, expected: set[str]) -> None:
    office.begin_anew()
    operation, things = OPERATIONS[name], Things(office, who)
    parameters = case.about(things)
    path = operation.path.format_map(parameters)
    body = case.body(things) if case.body else None
    if operation.body and body is None:
        body = next(iter(bodies_of(operation, ENTITIES).values()))
    query = case.query(things) if case.query else None
    headers = {"lock-token": "1"} if name.startswith("unlock") else None
    office.changed.clear()
    status, content, _ = call(office.world, operation.method, path, body, who=who, query=query, headers=headers)
    answered = OK if status == operation.status else content["code"]
    assert answered in expected, f"{who.user_id} ({who.role}): {name} is answered {status} {content}"
    if answered != OK:
        assert written(office) == [], f"{who.user_id}: {name} was refused and has written"
    if name not in ("putUser", "removeUser", "inviteUser", "resendInvitation", "revokeInvitation"):
        check_writes(office, who)
    check_reads(office, who, content)


# The socket -----------------------------------------------------------------------------------------------------------

SOCKET_RULES: dict[str, Rule] = {
    **dict.fromkeys(("sync", "ping", "presence"), everyone),
    "auth": owner_alone,  # a ticket is Ava's
    "lock": edits,
    "unlock": reads,
    "view": reads,
    "typing": reads,
}


def documented_actions() -> set[str]:
    told = json.loads((DOCS / "asyncapi.json").read_text())["operations"]
    return {name for name, operation in told.items() if operation["action"] == "receive"}


def message_of(action: str, things: Things) -> dict[str, Any]:
    about = {"noun": "escrow", "recordId": things.record("escrow")}
    more: dict[str, dict[str, Any]] = {
        "sync": {"positions": {f"team:{team}": {"epoch": "", "seq": 0} for team in ("north", "south", "west")}},
        "presence": {"active": True},
        "auth": {"ticket": things.office.world.connections.issue_ticket(AVA)[0]},
        "lock": about,
        "unlock": {**about, "token": 1},
        "view": about,
        "typing": {**about, "field": "notes"},
    }
    return {"id": "1", "action": action, **more.get(action, {})}


def test_every_action_of_the_document_has_a_rule_here() -> None:
    assert documented_actions() == SOCKET_RULES.keys() == {action.name for action in ACTIONS}


@pytest.mark.parametrize(("role", "relation"), [*ASKS], ids=map(" of ".join, ASKS))
def test_every_action_is_answered_as_its_rule_says(office: Office, role: str, relation: str) -> None:
    who = EVERYONE[ASKS[role, relation]]
    for action in sorted(documented_actions()):
        office.begin_anew()
        world, things = office.world, Things(office, who)
        join(world, f"s-{action}", who)
        message = message_of(action, things)
        world.gateway.posted.clear()
        office.changed.clear()
        world.messages.receive(f"s-{action}", json.dumps(message))
        (reply,) = world.gateway.replies(f"s-{action}")
        answered = OK if reply["ok"] else reply["error"]["code"]
        expected = SOCKET_RULES[action](role, relation)
        if action == "auth" and expected == {HIDDEN}:
            expected = {"ticket_invalid"}
        assert answered in expected, f"{who.user_id} ({who.role}): {action} is answered {reply}"
        check_writes(office, who)
        check_reads(office, who, world.gateway.frames(f"s-{action}"))
        rooms = {commit["room"] for commit in world.gateway.commits(f"s-{action}")} | {*reply.get("rooms", {})}
        assert rooms <= {*who.rooms}
