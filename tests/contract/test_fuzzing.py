"""Every message that reaches us from outside, spoilt: bodies, queries, headers and paths of REST, frames of the socket,
inputs of tasks, files of imports, tokens. Whatever comes, nothing fails: it is answered with a code that the contract
names, and what is refused has written nothing.

A hundred or so of each here; `make fuzz` makes as many as one has time for.
"""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64encode
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contractgen import socket_examples
from contractgen.examples import bodies_of, module_of
from openhouse.api.actions import ACTIONS
from openhouse.collaboration.reminders import plan_of
from openhouse.contract.operations import DocumentedOperation
from openhouse.core.errors import TokenExpired, Unauthenticated
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.entities import ENTITIES
from openhouse.identity.tokens import Verifier
from openhouse.storage.item_kinds import RECORDS
from tests.contract.hostile import StrictTable, check_key, documents, spoilt, texts, written
from tests.contract.office import EVERYONE, STATES, Office, calls, check_reads, check_writes
from tests.contract.office import written as written_in
from tests.functional.importing import IMPORT
from tests.functional.sockets import join
from tests.functional.test_http import call
from tests.functional.uploading import bring
from tests.unit.openhouse.importing.workbooks import table_sheet, workbook
from tests.unit.openhouse.test_auth import AUDIENCE, ISSUER, KEY, claims, signed

MUCH = int(os.environ.get("FUZZ_EXAMPLES", "0"))
DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())


def fuzzed(few: int) -> settings:
    return settings(
        max_examples=MUCH or few,
        deadline=None,
        suppress_health_check=[*HealthCheck],
        print_blob=True,
    )


@cache
def office() -> Office:
    return Office(StrictTable())


# REST -----------------------------------------------------------------------------------------------------------------


@cache
def parameters() -> dict[str, list[str]]:
    """The names of those of the query, by operation."""
    found: dict[str, list[str]] = {}
    for path in DOCUMENT["paths"].values():
        for told in path.values():
            if "operationId" in told:
                each = [_resolved(one) for one in told.get("parameters", ())]
                found[told["operationId"]] = [one["name"] for one in each if one["in"] == "query"]
    return found


def _resolved(told: Any) -> Any:
    return DOCUMENT["components"]["parameters"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told


@st.composite
def requests(draw: st.DrawFn, operation: DocumentedOperation) -> dict[str, Any]:
    """The arguments of `call`."""
    module = module_of(operation, ENTITIES)
    ending = "/" + operation.path.rpartition("/")[2]
    known = office().target(module.noun, STATES.get(ending, "plain"))[1].id if module else "north"
    ids = st.sampled_from([known] * 4 + ["ben", "login-1"]) | texts
    path = operation.path
    for name in ("id", "teamId", "userId"):
        path = path.replace(f"{{{name}}}", draw(ids))
    body: Any = None
    if operation.body:
        body = draw(written(draw(st.sampled_from([*bodies_of(operation, ENTITIES).values()]))))
    elif draw(st.integers(0, 9)) == 0:
        body = draw(written({}))
    names = st.sampled_from([*parameters()[operation.name], "limit", "cursor", "colour"]) | texts
    query = draw(st.dictionaries(names, texts | st.sampled_from(["1", "true", "2026-03-02", "-changed"]), max_size=3))
    if operation.tag in ("views", "files") and operation.method == "GET" and draw(st.booleans()):
        query |= {"noun": "escrow", "id": office().target("escrow", "plain")[1].id}
    headers = draw(st.dictionaries(st.sampled_from(["if-match", "lock-token", "idempotency-key"]), texts, max_size=2))
    who = EVERYONE[draw(st.sampled_from(["ava", "lee", "dana", "root", "zed"]))]
    return {"method": operation.method, "path": path, "body": body, "query": query, "headers": headers, "who": who}


@pytest.mark.parametrize("tag", sorted({each.tag for each in calls()}))
@fuzzed(60)
@given(data=st.data())
def test_a_request_is_answered_as_documented_whatever_it_holds(tag: str, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from([each for each in calls() if each.tag == tag]))
    request = data.draw(requests(operation))
    office().begin_anew()
    status, content, _ = call(office().world, **request)
    codes = {error.code for error in operation.problems} | {"not_found"}
    assert status < 400 or content["code"] in codes - {"internal", "busy"}, (operation.name, content)
    if status >= 400:
        assert written_in(office()) == [], operation.name
    if operation.tag != "people":
        check_writes(office(), request["who"])
    check_reads(office(), request["who"], content)
    follow()
    work()


def follow() -> None:
    """Whoever follows the stream of records can read each that was written: one that it cannot keeps others waiting."""
    places = [{"pk": item["pk"], "sk": item["sk"]} for item in office().changed if RECORDS.has(item)]
    for item in filter(None, map(office().table.get, places)):
        for room, row in office().world.word_index.rows(item):
            check_key(row.key(room))
        if str(item["sk"]).startswith(f"{APPOINTMENTS.noun}#"):
            plan_of(item)


def work() -> None:
    """What has begun is brought to its end, whatever it is about."""
    world = office().world
    for about in world.workflows.take():
        for _ in range(50):
            if not world.task_steps.handle(about)["more"]:
                break


# The socket -----------------------------------------------------------------------------------------------------------

FRAMES = [frame for action in ACTIONS for frame in socket_examples.requests()[action.request].values()]


@fuzzed(250)
@given(frame=st.sampled_from(FRAMES).flatmap(written), joined=st.booleans())
@example(frame="", joined=True)
@example(frame='{"action": "$disconnect"}', joined=True)
@example(frame='{"action": ["sync"], "id": 1}', joined=True)
@example(frame='{"action": "sync", "id": "' + "\\ud800" + '"}', joined=True)
@example(frame='{"action": "sync", "id": "1", "positions": ' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "}", joined=True)
def test_a_frame_gets_one_reply_with_a_known_code_or_none_if_silent_and_what_is_refused_writes_nothing(
    frame: bytes | str, joined: bool
) -> None:
    text = frame.decode(errors="replace") if isinstance(frame, bytes) else frame
    office().begin_anew()
    world = office().world
    if joined:
        join(world, "s", EVERYONE["ava"])
    else:
        ticket, _ = world.connections.issue_ticket(EVERYONE["ava"])
        world.connections.connect("s", world.connections.redeem(ticket))
        world.gateway.open.add("s")
    world.gateway.posted.clear()
    office().changed.clear()
    world.messages.receive("s", text)
    replies = world.gateway.replies("s")
    if not replies:
        assert json.loads(text)["silent"] is True
        return
    (reply,) = replies
    assert not (reply["ok"] and json.loads(text).get("silent"))
    assert reply["ok"] or reply["error"]["code"] in known_codes() - {"internal"}, reply
    if not reply["ok"]:
        assert [item for item in written_in(office()) if item["pk"] != "C#s"] == []
    check_reads(office(), EVERYONE["ava"], world.gateway.frames("s"))


@cache
def known_codes() -> set[str]:
    schema = json.loads((Path(__file__).parents[2] / "docs" / "asyncapi.json").read_text())
    return {*schema["components"]["schemas"]["RefusalCode"]["enum"]}


# Files of imports -----------------------------------------------------------------------------------------------------

SHEET = "First Name,Last Name,Email,Phone\nAna,Ruiz,ana@example.com,415-555-0123\nBen,Okafor,ben@example.com,1\n"
WORKBOOK = workbook({"People": table_sheet([["Last Name", "Phone"], ["Ruiz", "415-555-0123"]])})
CARD = "BEGIN:VCARD\nVERSION:3.0\nN:Ruiz;Ana;;;\nFN:Ana Ruiz\nTEL;TYPE=CELL:+14155550123\nEND:VCARD\n"


@st.composite
def files(draw: st.DrawFn) -> bytes:
    content: bytes = draw(st.sampled_from([SHEET.encode(), CARD.encode(), WORKBOOK, b"\xd0\xcf\x11\xe0"]))
    for _ in range(draw(st.integers(0, 3))):
        at, lost = draw(st.integers(0, len(content))), draw(st.integers(0, 4))
        content = content[:at] + draw(st.binary(max_size=8) | texts.map(_bytes)) + content[at + lost :]
    return content


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@fuzzed(60)
@given(content=files().filter(bool), name=st.sampled_from(["a.csv", "a.vcf", "a.xlsx", "a.tsv"]))
def test_a_file_is_imported_or_refused_in_words_and_its_task_ends(content: bytes, name: str) -> None:
    office().begin_anew()
    world, ava = office().world, EVERYONE["ava"]
    file_id = bring(world, IMPORT, content, ava, type_="text/csv", name=name)
    body = {"kind": "import", "input": {"file": file_id, "module": "client"}}
    _, task, _ = call(world, "POST", "/tasks", body)
    work()
    _, task, _ = call(world, "GET", f"/tasks/{task['id']}")
    assert task["status"] in ("proposed", "failed", "completed")
    if task["status"] == "failed":
        assert task["problem"]["reason"] != "crashed"
        return
    if task["status"] == "proposed":
        status, told, _ = call(world, "POST", f"/tasks/{task['id']}/confirm", {"answer": {}})
        assert status in (200, 422), told
        work()
    check_writes(office(), ava)


# Texts that are read --------------------------------------------------------------------------------------------------


@fuzzed(60)
@given(text=st.lists(texts | st.sampled_from(["$450,000", "March 3rd", "415-555-0123", "123 Main St"]), max_size=8))
def test_a_text_that_is_read_by_a_task_ends_it_in_words(text: list[str]) -> None:
    office().begin_anew()
    world = office().world
    body = {"kind": "create_from_text", "input": {"text": " ".join(text)}}
    status, task, _ = call(world, "POST", "/tasks", body)
    if status >= 400:
        assert status < 500
        return
    work()
    _, task, _ = call(world, "GET", f"/tasks/{task['id']}")
    assert task["status"] in ("proposed", "failed", "completed")


# Tokens ---------------------------------------------------------------------------------------------------------------

VERIFIER = Verifier(
    issuer=ISSUER, audience=AUDIENCE, algorithms=("RS256", "ES256"), key_for=lambda _kid: KEY.public_key()
)
GOOD = signed(claims())


@st.composite
def tokens(draw: st.DrawFn) -> str:
    """A good one, with a part that is another, or some letters."""
    parts = GOOD.split(".")
    made = draw(spoilt({"alg": "RS256", "kid": "k1", "typ": "JWT"}) | documents)
    parts[draw(st.integers(0, 2))] = urlsafe_b64encode(_bytes(json.dumps(made))).decode().rstrip("=")
    token = ".".join(parts)
    at = draw(st.integers(0, len(token)))
    return draw(st.sampled_from([token, token[:at], f"{token[:at]}{draw(texts)}{token[at + 1 :]}"]))


@fuzzed(200)
@given(token=tokens())
def test_a_token_that_is_not_the_issuers_is_refused_and_fails_nothing(token: str) -> None:
    if token == GOOD:
        return
    with pytest.raises((Unauthenticated, TokenExpired)):
        VERIFIER.verify(token)
