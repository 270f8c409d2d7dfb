"""Files over real HTTP: forms as browsers send them, to addresses that the emulator holds to their policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from botocore.config import Config

from deployed.endpoints import stack_outputs
from local.stack import RunningStack
from openhouse.crm.uploads import MAX_FILE_BYTES, MAX_IMPORT_BYTES
from openhouse.functions import FILE_ENDS
from openhouse.storage.bucket import Bucket
from tests.e2e.conftest import HTTP, ORIGIN, Caller, RawSocket, until
from tests.functional.uploading import JPEG, PDF, PNG, SVG

EVIL = "https://evil.example"


def of(record: dict[str, Any], field: str = "files") -> dict[str, str]:
    noun = "escrow" if field == "files" else "listing"
    return {"noun": noun, "id": record["id"], "field": field}


def begin(
    caller: Caller, to: dict[str, str], content: bytes, type_: str = "application/pdf", name: str = "Deed.pdf"
) -> dict[str, Any]:
    response = caller("POST", "/files", {"name": name, "type": type_, "size": len(content), "for": to})
    assert response.status_code == 201, response.text
    return dict(response.json())


def send(address: dict[str, Any], content: bytes, **changed: str) -> httpx.Response:
    fields = {**address["fields"], **changed}
    return HTTP.post(
        address["url"], data=fields, files={"file": ("C:\\x\\..\\Deed.pdf", content)}, headers={"Origin": ORIGIN}
    )


def bring(caller: Caller, to: dict[str, str], content: bytes = PDF, **told: str) -> str:
    address = begin(caller, to, content, **told)
    assert send(address, content).status_code == 204
    done = caller("POST", f"/files/{address['id']}/done")
    assert done.status_code == 200, done.text
    return str(address["id"])


def fetch(caller: Caller, id_: str) -> httpx.Response:
    return HTTP.get(caller("GET", f"/files/{id_}").json()["url"], headers={"Origin": ORIGIN})


def test_a_document_is_sent_and_fetched_by_a_colleague_who_hears_of_it(
    ava: Caller, ben: Caller, joined: Callable[[Caller], RawSocket]
) -> None:
    escrow, socket = ava.create(), joined(ben)
    id_ = bring(ava, of(escrow))
    (event,) = socket.wait_for_commits(1)[0]["events"]
    assert event["type"] == "escrow:updated"
    assert event["data"]["changes"]["files"][id_]["name"] == "Deed.pdf"
    fetched = fetch(ben, id_)
    assert fetched.content == PDF
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-disposition"].startswith("inline;")
    assert fetched.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("changed", ["larger", "smaller", "another type", "another key", "a forged policy"])
def test_the_address_takes_nothing_but_what_was_said(ava: Caller, changed: str) -> None:
    address = begin(ava, of(ava.create()), PDF)
    content = {"larger": PDF + b"x", "smaller": PDF[:-1]}.get(changed, PDF)
    other = {
        "another type": {"Content-Type": "text/html"},
        "another key": {"key": "files/harbor/escrow/1/1/content"},
        "a forged policy": {"policy": address["fields"]["policy"].replace("e", "f", 1)},
    }.get(changed, {})
    refused = send(address, content, **other)
    assert refused.status_code in (400, 403), refused.text
    assert ava("POST", f"/files/{address['id']}/done").json()["code"] == "conflict"
    assert send(address, PDF).status_code == 204


@pytest.mark.parametrize("most", [MAX_FILE_BYTES, MAX_IMPORT_BYTES], ids=["of a record", "of an import"])
def test_no_address_is_given_for_more_than_the_limit(ava: Caller, most: int) -> None:
    to = of(ava.create()) if most == MAX_FILE_BYTES else {"noun": "import"}
    body = {"name": "Deed.pdf", "type": "application/pdf", "size": most + 1, "for": to}
    assert ava("POST", "/files", body).json()["code"] == "too_large"


def test_a_file_of_the_largest_size_comes_through(ava: Caller) -> None:
    content = PDF.ljust(MAX_FILE_BYTES, b"\n")
    assert len(fetch(ava, bring(ava, of(ava.create()), content)).content) == MAX_FILE_BYTES


def test_an_address_to_send_to_or_to_fetch_from_expires(stack: RunningStack) -> None:
    """A function's clock cannot be moved, so the address is signed here, by the code that signs it there."""
    client = stack.cloud.session.client("s3", endpoint_url=stack.emulator.url, config=Config(signature_version="s3v4"))
    bucket = Bucket(client, stack_outputs(stack.cloud.cloudformation())["FilesBucket"])
    post = bucket.post_address("uploads/harbor/expired", type_="image/png", size=len(PNG), seconds=1)
    get = bucket.get_address("uploads/harbor/expired", type_="image/png", disposition="inline", seconds=1)
    address = {"url": post.url, "fields": post.fields}
    assert send(address, PNG).status_code == 204
    assert HTTP.get(get).status_code == 200
    until(lambda: HTTP.get(get).status_code == 403)
    assert send(address, PNG).status_code == 403


@pytest.mark.parametrize(
    ("type_", "content"), [("application/pdf", SVG), ("image/png", JPEG), ("image/jpeg", b"<html><script>")]
)
def test_content_of_another_type_is_refused(ava: Caller, type_: str, content: bytes) -> None:
    escrow = ava.create()
    address = begin(ava, of(escrow), content, type_)
    assert send(address, content).status_code == 204
    refused = ava("POST", f"/files/{address['id']}/done")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert ava("GET", f"/files/{address['id']}").status_code == 404
    assert ava("GET", f"/escrows/{escrow['id']}").json()["files"] == {}


def test_what_is_sent_again_to_the_same_address_changes_nothing(ava: Caller) -> None:
    first, second = PDF + b" the first", PDF + b"the second"
    address = begin(ava, of(ava.create()), first)
    assert send(address, first).status_code == 204
    assert ava("POST", f"/files/{address['id']}/done").status_code == 200
    assert send(address, second).status_code == 204
    assert ava("POST", f"/files/{address['id']}/done").status_code == 200
    assert fetch(ava, address["id"]).content == first


def test_another_team_and_another_brokerage_learn_of_nothing(ava: Caller, mia: Caller, zed: Caller) -> None:
    escrow = ava.create()
    id_ = bring(ava, of(escrow))
    for who in (mia, zed):
        for method, path in (("GET", f"/files/{id_}"), ("POST", f"/files/{id_}/done"), ("DELETE", f"/files/{id_}")):
            assert who(method, path).status_code == 404
        assert who("GET", "/files", params={"noun": "escrow", "id": escrow["id"]}).status_code == 404
        assert who("GET", "/files", params={"ids": id_}).json() == {"items": []}
        body = {"name": "x", "type": "image/png", "size": 1, "for": of(escrow)}
        assert who("POST", "/files", body).status_code == 404
    assert fetch(ava, id_).status_code == 200


def test_an_address_cannot_be_bent_to_another_file_or_to_be_shown(ava: Caller) -> None:
    escrow = ava.create()
    plan, deed = bring(ava, of(escrow), SVG, type_="image/svg+xml", name="Plan.svg"), bring(ava, of(escrow))
    url = ava("GET", f"/files/{plan}").json()["url"]
    for bent in (url.replace(plan, deed), url.replace("application%2Foctet-stream", "image%2Fsvg%2Bxml")):
        assert bent != url
        assert HTTP.get(bent).status_code == 403
    assert HTTP.get(url.partition("?")[0]).status_code == 403


@pytest.mark.parametrize("type_", ["image/svg+xml", "text/html"])
def test_what_a_browser_would_run_comes_as_an_attachment(ava: Caller, type_: str) -> None:
    fetched = fetch(ava, bring(ava, of(ava.create()), SVG, type_=type_, name="Plan „A“.svg"))
    assert fetched.content == SVG
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert fetched.headers["content-disposition"].startswith("attachment;")


def test_photos_of_a_listing_are_fetched_in_their_order(ava: Caller) -> None:
    listing = ava("POST", "/listings", {"address": "3 Elm St", "city": "Davis", "state": "CA", "zip": "95616"}).json()
    front, back = (bring(ava, of(listing, "photos"), PNG, type_="image/png", name=name) for name in ("a.png", "b.png"))
    ava("PATCH", f"/listings/{listing['id']}", {"photos": {back: {"position": "A"}}})
    found = ava("GET", "/files", params={"noun": "listing", "id": listing["id"]}).json()["items"]
    assert [file["id"] for file in found] == [back, front]
    assert [HTTP.get(file["url"]).content for file in found] == [PNG, PNG]
    refused = ava("POST", "/files", {"name": "x", "type": "image/svg+xml", "size": 9, "for": of(listing, "photos")})
    assert refused.status_code == 422


def test_a_file_of_an_import_is_its_uploaders_alone(ava: Caller, ben: Caller, dana: Caller) -> None:
    id_ = bring(ava, {"noun": "import"}, b"a,b\n1,2\n", type_="text/csv", name="Leads.csv")
    assert fetch(ava, id_).content == b"a,b\n1,2\n"
    assert [who("GET", f"/files/{id_}").status_code for who in (ben, dana)] == [404, 404]
    assert ava("DELETE", f"/files/{id_}").status_code == 204
    assert ava("GET", f"/files/{id_}").status_code == 404


def test_a_file_that_was_taken_out_is_gone_for_everyone(ava: Caller, ben: Caller) -> None:
    escrow = ava.create()
    id_ = bring(ava, of(escrow))
    assert ben("DELETE", f"/files/{id_}").status_code == 204
    assert ava("GET", f"/files/{id_}").status_code == 404
    assert ava("GET", f"/escrows/{escrow['id']}").json()["files"] == {}


def test_the_bucket_answers_pages_of_the_app_and_no_others(ava: Caller) -> None:
    address = begin(ava, of(ava.create()), PDF)

    def asked(origin: str) -> httpx.Response:
        wanted = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        return HTTP.request("OPTIONS", address["url"], headers=wanted)

    assert asked(ORIGIN).headers["access-control-allow-origin"] == ORIGIN
    assert asked(EVIL).status_code == 403
    assert "access-control-allow-origin" not in asked(EVIL).headers


def test_the_hourly_function_runs_with_the_rights_it_has(stack: RunningStack) -> None:
    """What it removes, and when, the functional tests say: 30 days cannot be waited for."""
    functions = stack.cloud.functions()
    known = {each["Description"]: each["FunctionName"] for each in functions.list_functions()["Functions"]}
    answer = functions.invoke(FunctionName=known[FILE_ENDS.purpose])
    assert answer["Payload"].read() == b'{"done": 0}'
