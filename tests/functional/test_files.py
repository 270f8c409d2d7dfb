"""Files of records: how they come, who reads them, and how they go out of their record."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from openhouse.core.errors import Busy, Forbidden
from openhouse.crm import changes
from openhouse.crm.fields import StoredFile
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.storage.object_keys import file_object, import_object
from tests.contract.requests import raising
from tests.fakes import AVA, BEN, DANA, MIA, STRANGER, principal
from tests.functional.conftest import World
from tests.functional.logs import events
from tests.functional.test_http import call, problem
from tests.functional.uploading import JPEG, PDF, PNG, SVG, begin, bring, send, wish

COLLEAGUE = principal("cam", "south")


@pytest.fixture
def escrow(world: World) -> dict[str, str]:
    id_ = world.records.create(ESCROWS, AVA, {"propertyAddress": "1 Main St"})["id"]
    return {"noun": "escrow", "id": id_, "field": "files"}


@pytest.fixture
def listing(world: World) -> dict[str, str]:
    id_ = world.records.create(LISTINGS, AVA, LISTINGS.example)["id"]
    return {"noun": "listing", "id": id_, "field": "photos"}


def files_of(world: World, of: dict[str, str]) -> Any:
    module = ESCROWS if of["noun"] == "escrow" else LISTINGS
    return world.records.read(module, AVA, of["id"]).wire()[of["field"]]


def served(file: dict[str, Any]) -> tuple[str, str]:
    """The headers that its address brings along."""
    told = parse_qs(urlsplit(file["url"]).query)
    return told["response-content-type"][0], told["response-content-disposition"][0]


# How they come --------------------------------------------------------------------------------------------------------


def test_a_document_is_seen_by_all_who_read_the_escrow_in_one_commit(world: World, escrow: dict[str, str]) -> None:
    id_ = bring(world, escrow)
    entry = {"name": "Deed.pdf", "type": "application/pdf", "size": len(PDF), "by": "ava", "position": "V"}
    assert files_of(world, escrow) == {id_: {**entry, "at": "2026-03-02T12:00:00.000Z"}}
    told = events(world, "team:north")[-1]
    assert told["type"] == "escrow:updated"
    assert told["data"]["changes"]["files"] == {id_: {**entry, "at": "2026-03-02T12:00:00.000Z"}}
    status, file, _ = call(world, "GET", f"/files/{id_}", who=BEN)
    assert status == 200
    assert {name: file[name] for name in ("id", "name", "type", "size", "by", "for")} == {
        "id": id_,
        **{name: entry[name] for name in ("name", "type", "size", "by")},
        "for": escrow,
    }
    assert served(file) == ("application/pdf", "inline; filename=\"Deed.pdf\"; filename*=UTF-8''Deed.pdf")
    assert file["expiresAt"] == "2026-03-02T12:05:00.000Z"


def test_the_address_takes_this_type_and_size_for_a_quarter_of_an_hour(world: World, escrow: dict[str, str]) -> None:
    _, address, _ = call(world, "POST", "/files", wish(escrow))
    assert address["expiresAt"] == "2026-03-02T12:15:00.000Z"
    assert address["fields"]["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert address["fields"]["Content-Type"] == "application/pdf"
    assert address["fields"]["key"] == f"uploads/harbor/{address['id']}"


def test_done_may_be_said_again_and_says_the_same(world: World, escrow: dict[str, str]) -> None:
    id_ = bring(world, escrow)
    version = world.records.read(ESCROWS, AVA, escrow["id"]).version
    first = call(world, "POST", f"/files/{id_}/done")
    assert first == call(world, "POST", f"/files/{id_}/done")
    assert first[1]["type"] == "application/pdf"
    assert world.records.read(ESCROWS, AVA, escrow["id"]).version == version


def test_what_is_sent_to_the_address_later_changes_nothing(world: World, escrow: dict[str, str]) -> None:
    id_ = bring(world, escrow)
    send(world, id_, SVG)
    call(world, "POST", f"/files/{id_}/done")
    kept = world.bucket.newest(file_object("harbor", "escrow", escrow["id"], id_))
    assert kept
    assert kept.size == len(PDF)


def test_what_is_sent_between_looking_and_copying_changes_nothing(
    world: World, escrow: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = begin(world, wish(escrow))
    send(world, id_, PDF)
    copy = world.bucket.copy

    def sent_meanwhile(*arguments: Any, **told: Any) -> bool:
        send(world, id_, SVG)
        return copy(*arguments, **told)

    monkeypatch.setattr(world.bucket, "copy", sent_meanwhile)
    assert call(world, "POST", f"/files/{id_}/done")[0] == 200
    kept = world.bucket.newest(file_object("harbor", "escrow", escrow["id"], id_))
    assert kept
    assert kept.size == len(PDF)


def test_a_crash_before_it_is_kept_is_made_up_for_with_what_had_come_by_then(
    world: World, escrow: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = begin(world, wish(escrow))
    send(world, id_, PDF)
    with monkeypatch.context() as patched:
        patched.setattr(world.bucket, "copy", raising(Busy))
        assert problem(call(world, "POST", f"/files/{id_}/done")) == (503, "busy")
    send(world, id_, SVG)
    assert call(world, "POST", f"/files/{id_}/done")[0] == 200
    kept = world.bucket.newest(file_object("harbor", "escrow", escrow["id"], id_))
    assert kept
    assert kept.size == len(PDF)


def test_two_who_say_at_once_that_it_is_there_add_it_once(
    world: World, escrow: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = begin(world, wish(escrow))
    send(world, id_, PDF)
    copy = world.bucket.copy

    def overtaken(*arguments: Any, **told: Any) -> bool:
        monkeypatch.setattr(world.bucket, "copy", copy)
        assert call(world, "POST", f"/files/{id_}/done")[0] == 200
        return copy(*arguments, **told)

    monkeypatch.setattr(world.bucket, "copy", overtaken)
    assert call(world, "POST", f"/files/{id_}/done")[0] == 200
    assert world.records.read(ESCROWS, AVA, escrow["id"]).version == 2


def test_nothing_is_there_before_it_was_sent(world: World, escrow: dict[str, str]) -> None:
    id_ = begin(world, wish(escrow))
    assert problem(call(world, "POST", f"/files/{id_}/done")) == (409, "conflict")
    assert problem(call(world, "GET", f"/files/{id_}")) == (404, "not_found")
    assert files_of(world, escrow) == {}


def test_an_upload_that_nobody_finishes_is_forgotten_after_a_day(world: World, escrow: dict[str, str]) -> None:
    id_ = begin(world, wish(escrow))
    send(world, id_, PDF)
    world.clock.advance(24 * 3600)
    assert problem(call(world, "POST", f"/files/{id_}/done")) == (404, "not_found")


@pytest.mark.parametrize(
    ("type_", "content"),
    [("application/pdf", b"<html>"), ("image/png", JPEG), ("image/jpeg", SVG), ("application/pdf", PNG)],
    ids=["html", "jpeg", "svg", "png"],
)
def test_content_that_is_not_what_was_said_is_refused(
    world: World, escrow: dict[str, str], type_: str, content: bytes
) -> None:
    id_ = begin(world, wish(escrow, content, type_))
    send(world, id_, content)
    assert problem(call(world, "POST", f"/files/{id_}/done")) == (422, "invalid")
    assert files_of(world, escrow) == {}


def test_after_a_mistake_the_right_file_may_be_sent_to_the_same_address(world: World, escrow: dict[str, str]) -> None:
    id_ = begin(world, wish(escrow))
    send(world, id_, PNG.ljust(len(PDF)))
    assert problem(call(world, "POST", f"/files/{id_}/done")) == (422, "invalid")
    send(world, id_, PDF)
    assert call(world, "POST", f"/files/{id_}/done")[0] == 200


@pytest.mark.parametrize("type_", ["image/svg+xml", "text/html", "text/plain", "application/xhtml+xml"])
def test_what_a_browser_would_run_is_kept_and_only_ever_downloaded(
    world: World, escrow: dict[str, str], type_: str
) -> None:
    id_ = bring(world, escrow, SVG, type_=type_, name="Plan.svg")
    _, file, _ = call(world, "GET", f"/files/{id_}")
    assert file["type"] == type_
    assert served(file) == (
        "application/octet-stream",
        "attachment; filename=\"Plan.svg\"; filename*=UTF-8''Plan.svg",
    )


def test_a_type_that_nobody_knew_is_read_off_the_content(world: World, escrow: dict[str, str]) -> None:
    id_ = bring(world, escrow, PDF, type_="application/octet-stream")
    assert call(world, "GET", f"/files/{id_}")[1]["type"] == "application/pdf"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": 2.5}, "size"),
        ({"type": "pdf"}, "type"),
        ({"type": "text/html; charset=utf-8"}, "type"),
        ({"name": ""}, "name"),
        ({"name": "../.."}, "name"),
        ({"for": {"noun": "escrow"}}, "for.id"),
        ({"for": {"noun": "import", "id": "x"}}, "for.id"),
        ({"for": {"noun": "client", "id": "x", "field": "files"}}, "for.noun"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_is_sent(
    world: World, escrow: dict[str, str], change: dict[str, Any], field: str
) -> None:
    answer = call(world, "POST", "/files", {**wish(escrow), **change})
    assert problem(answer) == (422, "invalid")
    assert field in [each["field"] for each in answer[1]["errors"]]
    assert world.items("F#") == []


@pytest.mark.parametrize(
    ("noun", "most"), [("escrow", 25_000_000), ("import", 50_000_000)], ids=["of a record", "of an import"]
)
def test_a_file_may_be_so_large_and_not_a_byte_larger(
    world: World, escrow: dict[str, str], noun: str, most: int
) -> None:
    body = wish(escrow if noun == "escrow" else {"noun": "import"})
    assert call(world, "POST", "/files", {**body, "size": most})[0] == 201
    assert problem(call(world, "POST", "/files", {**body, "size": most + 1})) == (413, "too_large")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Deeds\\Main St.pdf", "Main St.pdf"),
        ("a\uff0fb.pdf", "b.pdf"),
        ("  Übergabe „fertig“.pdf ", "Übergabe „fertig“.pdf"),
    ],
)
def test_a_name_is_never_a_path(world: World, escrow: dict[str, str], sent: str, kept: str) -> None:
    id_ = bring(world, escrow, name=sent)
    assert files_of(world, escrow)[id_]["name"] == kept
    disposition = served(call(world, "GET", f"/files/{id_}")[1])[1]
    assert "/" not in disposition.split("filename*")[0]
    assert disposition.isascii()


def test_photos_are_images_that_a_browser_shows(world: World, listing: dict[str, str]) -> None:
    for type_ in ("application/pdf", "image/svg+xml", "image/heic", "application/octet-stream"):
        assert problem(call(world, "POST", "/files", wish(listing, SVG, type_))) == (422, "invalid")
    id_ = bring(world, listing, JPEG, type_="image/jpg", name="Front.jpg")
    assert files_of(world, listing)[id_]["type"] == "image/jpeg"


def test_photos_come_one_after_the_other_and_are_moved_as_items_are(world: World, listing: dict[str, str]) -> None:
    first, second, third = (bring(world, listing, PNG, type_="image/png", name=f"{n}.png") for n in range(3))
    query = {"noun": "listing", "id": listing["id"]}
    assert [file["id"] for file in call(world, "GET", "/files", query=query)[1]["items"]] == [first, second, third]
    world.records.patch(LISTINGS, BEN, listing["id"], {"photos": {third: {"position": "B"}}})
    found = call(world, "GET", "/files", query=query)[1]["items"]
    assert [file["id"] for file in found] == [third, first, second]
    assert all(served(file)[0] == "image/png" for file in found)


def test_a_record_holds_so_many_files_and_no_more(
    world: World, listing: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhouse.crm.changes.MOST_FILES", 1)
    bring(world, listing, PNG, type_="image/png")
    id_ = begin(world, wish(listing, PNG, "image/png"))
    send(world, id_, PNG)
    assert problem(call(world, "POST", f"/files/{id_}/done")) == (422, "invalid")


# Who may --------------------------------------------------------------------------------------------------------------


def test_another_team_and_another_brokerage_are_told_that_there_is_none(world: World, escrow: dict[str, str]) -> None:
    id_ = bring(world, escrow)
    for who in (MIA, STRANGER):
        for method, path in (("GET", f"/files/{id_}"), ("POST", f"/files/{id_}/done"), ("DELETE", f"/files/{id_}")):
            assert problem(call(world, method, path, who=who)) == (404, "not_found")
        assert problem(call(world, "POST", "/files", wish(escrow), who=who)) == (404, "not_found")
        query = {"noun": "escrow", "id": escrow["id"]}
        assert problem(call(world, "GET", "/files", query=query, who=who)) == (404, "not_found")
        assert call(world, "GET", "/files", query={"ids": id_}, who=who)[1] == {"items": []}


def test_who_reads_but_does_not_edit_fetches_and_changes_nothing(world: World, escrow: dict[str, str]) -> None:
    id_ = bring(world, escrow)
    world.records.patch(ESCROWS, AVA, escrow["id"], {"visibility": "broker"})
    assert call(world, "GET", f"/files/{id_}", who=COLLEAGUE)[0] == 200
    assert problem(call(world, "DELETE", f"/files/{id_}", who=COLLEAGUE)) == (403, "forbidden")
    assert problem(call(world, "POST", "/files", wish(escrow), who=COLLEAGUE)) == (403, "forbidden")


def test_who_loses_a_record_loses_its_files(world: World, escrow: dict[str, str]) -> None:
    id_ = bring(world, escrow)
    world.records.patch(ESCROWS, AVA, escrow["id"], {"visibility": "private"})
    assert call(world, "GET", f"/files/{id_}")[0] == 200
    for who in (BEN, DANA):
        assert problem(call(world, "GET", f"/files/{id_}", who=who)) == (404, "not_found")


def test_whoever_lost_the_right_to_edit_brings_nothing_there_any_more(world: World, escrow: dict[str, str]) -> None:
    id_ = begin(world, wish(escrow), BEN)
    send(world, id_, PDF)
    world.records.patch(ESCROWS, AVA, escrow["id"], {"visibility": "private"})
    assert problem(call(world, "POST", f"/files/{id_}/done", who=BEN)) == (404, "not_found")
    assert world.bucket.newest(file_object("harbor", "escrow", escrow["id"], id_)) is None


def test_whoever_only_reads_adds_nothing_though_they_lost_the_right_at_the_last_moment(
    world: World, escrow: dict[str, str]
) -> None:
    world.records.patch(ESCROWS, AVA, escrow["id"], {"visibility": "broker"})
    record, now = world.records.read(ESCROWS, COLLEAGUE, escrow["id"]), world.clock()
    file = StoredFile(name="x", type="application/pdf", size=1, by="cam", at=now)
    with pytest.raises(Forbidden):
        changes.attach(ESCROWS, COLLEAGUE, record, "files", "x", file, now=now)


def test_nobody_finishes_or_ends_what_somebody_else_began_to_upload(world: World, escrow: dict[str, str]) -> None:
    id_ = begin(world, wish(escrow))
    send(world, id_, PDF)
    for who in (BEN, DANA):
        assert problem(call(world, "POST", f"/files/{id_}/done", who=who)) == (404, "not_found")
        assert problem(call(world, "DELETE", f"/files/{id_}", who=who)) == (404, "not_found")
    assert call(world, "DELETE", f"/files/{id_}")[0] == 204
    assert problem(call(world, "POST", f"/files/{id_}/done")) == (404, "not_found")


def test_while_somebody_works_on_a_record_others_add_and_remove_nothing(world: World, escrow: dict[str, str]) -> None:
    id_, begun = bring(world, escrow), begin(world, wish(escrow), BEN)
    send(world, begun, PDF)
    token = call(world, "POST", f"/escrows/{escrow['id']}/lock", {})[1]["token"]
    assert problem(call(world, "POST", "/files", wish(escrow), who=BEN)) == (423, "locked")
    assert problem(call(world, "POST", f"/files/{begun}/done", who=BEN)) == (423, "locked")
    assert problem(call(world, "DELETE", f"/files/{id_}", who=BEN)) == (423, "locked")
    assert call(world, "DELETE", f"/files/{id_}", headers={"Lock-Token": str(token)})[0] == 204


def test_a_file_of_an_import_is_its_uploaders_alone(world: World) -> None:
    id_ = bring(world, {"noun": "import"}, b"a,b\n1,2\n", type_="text/csv", name="Leads.csv")
    _, file, _ = call(world, "GET", f"/files/{id_}")
    assert file["for"] == {"noun": "import"}
    assert served(file)[0] == "application/octet-stream"
    for who in (BEN, DANA, STRANGER):
        assert problem(call(world, "GET", f"/files/{id_}", who=who)) == (404, "not_found")
        assert problem(call(world, "DELETE", f"/files/{id_}", who=who)) == (404, "not_found")
    assert call(world, "DELETE", f"/files/{id_}")[0] == 204
    assert problem(call(world, "GET", f"/files/{id_}")) == (404, "not_found")
    assert world.bucket.newest(import_object("harbor", id_)) is None


def test_a_file_of_an_import_is_kept_for_thirty_days(world: World) -> None:
    id_ = bring(world, {"noun": "import"}, b"a,b", type_="text/csv")
    world.clock.advance(30 * 24 * 3600 - 1)
    assert call(world, "GET", f"/files/{id_}", who=AVA)[0] == 200
    world.clock.advance(1)
    assert problem(call(world, "GET", f"/files/{id_}")) == (404, "not_found")


# What clients write, and how files go ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "patch",
    [
        {"made-up": {"name": "x", "type": "image/png", "size": 1, "by": "ava", "at": "2026-03-02T12:00:00Z"}},
        {"made-up": {"name": "x"}},
        {"FILE": {"type": "text/html"}},
        {"FILE": {"size": 1}},
        {"FILE": {"by": "ben"}},
        {"FILE": {"at": None}},
        {"FILE": {"type": None}},
    ],
    ids=str,
)
def test_no_client_makes_a_file_up_or_says_what_it_is(
    world: World, escrow: dict[str, str], patch: dict[str, Any]
) -> None:
    id_ = bring(world, escrow)
    before = files_of(world, escrow)
    sent = {"files": {id_ if name == "FILE" else name: entry for name, entry in patch.items()}}
    assert problem(call(world, "PATCH", f"/escrows/{escrow['id']}", sent)) == (422, "invalid")
    assert files_of(world, escrow) == before


def test_a_new_record_has_no_files_yet(world: World) -> None:
    for files in ({}, {"x": {"name": "x"}}):
        assert problem(call(world, "POST", "/escrows", {**ESCROWS.example, "files": files})) == (422, "invalid")
    assert "files" not in CLIENTS.fields


def test_a_file_is_renamed_by_whoever_edits_and_fetched_under_its_new_name(
    world: World, escrow: dict[str, str]
) -> None:
    id_ = bring(world, escrow)
    status, record, _ = call(
        world, "PATCH", f"/escrows/{escrow['id']}", {"files": {id_: {"name": "../Grant deed.pdf"}}}, who=BEN
    )
    assert (status, record["files"][id_]["name"]) == (200, "Grant deed.pdf")
    assert 'filename="Grant deed.pdf"' in served(call(world, "GET", f"/files/{id_}")[1])[1]


def test_a_client_may_send_a_whole_answer_back(world: World, escrow: dict[str, str]) -> None:
    bring(world, escrow)
    _, record, _ = call(world, "GET", f"/escrows/{escrow['id']}")
    assert call(world, "PATCH", f"/escrows/{escrow['id']}", record)[0] == 200


@pytest.mark.parametrize("way", ["delete", "patch"])
def test_a_file_that_is_taken_out_of_its_record_is_not_read_any_more(
    world: World, escrow: dict[str, str], way: str
) -> None:
    id_ = bring(world, escrow)
    if way == "delete":
        assert call(world, "DELETE", f"/files/{id_}", who=BEN)[0] == 204
    else:
        call(world, "PATCH", f"/escrows/{escrow['id']}", {"files": {id_: None}}, who=BEN)
    assert files_of(world, escrow) == {}
    assert events(world, "team:north")[-1]["data"]["changes"]["files"] == {id_: None}
    for method in ("GET", "DELETE"):
        assert problem(call(world, method, f"/files/{id_}")) == (404, "not_found")
    assert call(world, "POST", f"/files/{id_}/done")[0] == 200  # it was, and does not come back by that
    assert files_of(world, escrow) == {}


@pytest.mark.parametrize(
    "query", [{}, {"noun": "escrow"}, {"id": "x"}, {"noun": "escrow", "id": "x", "ids": "y"}, {"of": "x"}], ids=str
)
def test_a_list_is_of_a_record_or_of_files(world: World, query: dict[str, str]) -> None:
    assert problem(call(world, "GET", "/files", query=query)) == (400, "bad_parameter")


def test_some_files_are_listed_in_the_order_in_which_they_are_named(
    world: World, escrow: dict[str, str], listing: dict[str, str]
) -> None:
    photo, deed = bring(world, listing, PNG, type_="image/png"), bring(world, escrow)
    _, found, _ = call(world, "GET", "/files", query={"ids": f"{deed},nothing,{photo},{deed}"})
    assert [file["id"] for file in found["items"]] == [deed, photo]
