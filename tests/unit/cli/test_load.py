from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from cli.load import ATTEMPTS, Entry, Loader, Result, entries, load_file, progress, stopped
from cli.reading import reader_of
from cli.rows import Row, read_rows
from deployed.terminal import CommandFailed
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.listings import LISTINGS
from openhouse_client.backoff import Backoff
from openhouse_client.errors import Problem, SignInRefused, Unreachable
from openhouse_client.rest import Rest
from openhouse_client.tokens import Token
from tests.unit.client.fake_server import FakeClock

MARK = "\N{REPLACEMENT CHARACTER}"
Answer = Callable[[httpx.Request], Any]


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "sales.csv"
        path.write_bytes(content)
        return path

    return write


def entry(number: int) -> Entry:
    return Entry(number, {"propertyAddress": f"{number} A St"}, f"key-{number}")


def problem(status: int, **content: object) -> httpx.Response:
    return httpx.Response(status, json={"code": "x", "detail": "said the server", **content})


@asynccontextmanager
async def answered_by(answer: Answer) -> AsyncIterator[Rest]:
    async def token(*, fresh: bool = False) -> Token:
        return Token("t", datetime.max.replace(tzinfo=UTC))

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        yield Rest("http://fake", token, http)


def loaded(answer: Answer, wanted: list[Entry], workers: int = 2) -> tuple[Loader, FakeClock]:
    """Loads to the end, however long that takes in the fake clock's time. Raises what `load` raises."""
    clock = FakeClock()

    async def run() -> Loader:
        async with answered_by(answer) as rest:
            loader = Loader(
                rest, "escrows", clock=clock, backoff=Backoff(lambda: 0.5, 0.2, 10), done=lambda _result: None
            )
            loading = asyncio.create_task(loader.load(wanted, workers=workers))
            while not loading.done():
                await clock.advance(1)
            await loading
            return loader

    return asyncio.run(run()), clock


def test_each_row_is_created_once_under_its_key():
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return httpx.Response(201, json=json.loads(request.content))

    loader, _ = loaded(answer, [entry(number) for number in range(10)], workers=3)
    assert sorted(keys) == [f"key-{number}" for number in range(10)]
    assert (loader.result.created, loader.result.rejected) == (10, {})


def test_no_more_requests_are_under_way_than_workers():
    under_way, most = 0, 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return httpx.Response(201, json={})

    loaded(slow, [entry(number) for number in range(20)], workers=3)
    assert most == 3


def test_a_rejected_row_is_kept_with_the_reasons_and_the_others_go_on():
    def answer(request: httpx.Request) -> httpx.Response:
        if b"3 A St" in request.content:
            errors = [{"field": "state", "message": "two letters"}, {"field": "zip", "message": "five digits"}]
            return problem(422, errors=errors, retryable=False)
        if b"4 A St" in request.content:
            return problem(409, retryable=False)
        return httpx.Response(201, json={})

    loader, _ = loaded(answer, [entry(number) for number in range(6)])
    assert loader.result.created == 4
    assert loader.result.rejected == {3: "state: two letters; zip: five digits", 4: "said the server"}


def test_what_may_succeed_later_is_tried_again_under_the_same_key_and_not_before_the_server_asks():
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Idempotency-Key"])
        if len(seen) == 1:
            raise httpx.ReadTimeout("lost the answer")
        if len(seen) == 2:
            return httpx.Response(503, json={"code": "busy", "retryable": True}, headers={"Retry-After": "30"})
        return httpx.Response(201, json={})

    loader, clock = loaded(answer, [entry(1)])
    assert seen == ["key-1"] * 3
    assert loader.result.created == 1
    assert clock.monotonic() >= 30


def test_a_server_that_stays_away_ends_the_load_after_a_bounded_number_of_tries():
    calls = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        raise httpx.ConnectError("refused")

    with pytest.raises(Unreachable):
        loaded(answer, [entry(number) for number in range(5)], workers=1)
    assert calls == ATTEMPTS


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_login_ends_the_load_and_is_not_blamed_on_each_row(status):
    with pytest.raises(Problem):
        loaded(lambda _request: problem(status, retryable=False), [entry(number) for number in range(5)])


def test_the_key_of_a_row_depends_on_file_and_content_not_on_its_place():
    rows = [Row(line, (street,)) for line, street in ((2, "1 A St"), (3, "2 B St"), (4, "1 A St"))]
    reader = reader_of(Path("a.csv"), ["street"], rows, ESCROWS, {})
    first = entries(rows, reader, file_name="a.csv", path="escrows").wanted
    assert len({entry.key for entry in first}) == 3, "two equal rows are two records"
    again = entries([Row(2, ("new",)), *rows], reader, file_name="a.csv", path="escrows").wanted
    assert [entry.key for entry in again[1:]] == [entry.key for entry in first]
    other = entries(rows, reader, file_name="b.csv", path="escrows").wanted
    assert not {entry.key for entry in other} & {entry.key for entry in first}


def test_a_corrected_mapping_names_the_same_rows_so_that_nothing_is_loaded_twice():
    names, rows = ["street", "who"], [Row(2, ("1 A St", "Ann")), Row(3, ("2 B St", "Bo"))]
    wrong, right = (
        entries(rows, reader_of(Path("a.csv"), names, rows, ESCROWS, chosen), file_name="a.csv", path="escrows").wanted
        for chosen in ({"who": "lenderName"}, {"who": "buyerName"})
    )
    assert [entry.key for entry in wrong] == [entry.key for entry in right]
    assert wrong[0].document != right[0].document


def test_a_row_that_was_loaded_as_another_record_is_said_to_be():
    again = problem(409, code="idempotency_mismatch", retryable=False)
    loader, _ = loaded(lambda _request: again, [entry(1)])
    assert loader.result.rejected == {1: "it is loaded already, from the same row read in another way"}


def test_rows_that_cannot_be_read_are_rejected_with_their_line(file):
    content = b'\xef\xbb\xbfstreet,price\r\n"1 A St\r\nUnit 2",5\r\n\r\n2 B St\r\n3 C St,x\r\n4 D St,1,2\r\n'
    names, rows = read_rows(file(content))
    assert names == ["street", "price"]
    chosen = {"price": "purchasePriceCents"}
    found = entries(rows, reader_of(Path("a.csv"), names, rows, ESCROWS, chosen), file_name="a.csv", path="escrows")
    assert [(entry.line, entry.document["propertyAddress"]) for entry in found.wanted] == [
        (2, "1 A St Unit 2"),
        (5, "2 B St"),
        (6, "3 C St"),
    ]
    assert found.rejected == {7: "it has 3 cells, and the table has 2 columns"}
    assert found.warned == {6: "price: 'x' is not a number"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"%PDF-1.7", "is a PDF"),
        (b"PK\x03\x04", "is damaged"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(file, content, message):
    with pytest.raises(CommandFailed, match=message):
        read_rows(file(content))


def test_a_missing_file_and_a_file_of_something_else_are_refused_before_anything_is_sent(file, tmp_path):
    def connect() -> AbstractAsyncContextManager[Rest]:
        raise AssertionError

    with pytest.raises(CommandFailed, match=r"Cannot read .*: No such file or directory"):
        load_file(tmp_path / "missing.csv", ESCROWS, {}, connect, workers=1)
    with pytest.raises(CommandFailed, match="none of its columns"):
        load_file(file(b"1,2\n3,4\n"), ESCROWS, {}, connect, workers=1)


def test_a_load_that_cannot_go_on_says_how_far_it_came_and_whether_to_try_again():
    busy = Problem(503, "busy", "too much at once.", retryable=True)
    assert stopped(3, 9, busy) == (
        "Stopped after 3 of 9 rows: too much at once.\nRun the same command again later: no row is loaded twice."
    )
    assert stopped(0, 9, SignInRefused("Incorrect password.")) == "Stopped after 0 of 9 rows: Incorrect password."


def test_a_login_that_is_refused_ends_the_command(file):
    refuse = partial(answered_by, lambda _request: problem(401, retryable=False))
    with pytest.raises(CommandFailed, match=r"^Stopped after 0 of 1 rows: said the server$"):
        load_file(file(b"street\n1 A St\n"), ESCROWS, {}, refuse, workers=1)


def test_neither_a_header_nor_the_words_of_a_server_can_write_anything_but_themselves_at_the_terminal(file, capsys):
    def refuse(_request: httpx.Request) -> httpx.Response:
        return problem(422, errors=[{"field": "[red]", "message": "no\x1b[2J\nLoaded 9 of 9 rows"}], retryable=False)

    table = "street,\x1b]0;owned\x07,\u202egnitsil,[red]\n1 A St,,,\n".encode()
    assert not load_file(file(table), ESCROWS, {}, partial(answered_by, refuse), workers=1)
    columns, ignored, summary, row = capsys.readouterr().out.splitlines()
    assert columns == "Columns: street -> propertyAddress"
    assert ignored == f"Ignored: {MARK}]0;owned{MARK}, {MARK}gnitsil, [red]"
    assert re.fullmatch(r"Loaded 0 of 1 rows in \d+\.\d s; 1 rejected\.", summary)
    assert row == f"  line 2: [red]: no{MARK}[2J Loaded 9 of 9 rows"


def test_what_is_left_out_or_only_suggested_is_said_and_what_all_records_have_is_sent(file, capsys):
    sent: list[Any] = []

    def create(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(201, json={"id": "l1", "version": 1})

    table = b"Address,City,State,Zip,Price,Sale Date,Beds,Purchse Price\n1 A St,Davis,CA,95616,5,2008-05-21,x,\n"
    assert load_file(
        file(table + b"2 A St,Davis,CA,95616,6,2008-05-22,3,\n"),
        LISTINGS,
        {"price": "sold_price_cents"},
        partial(answered_by, create),
        workers=1,
        constants={"status": "sold"},
    )
    out = capsys.readouterr().out
    assert "Price -> soldPriceCents" in out
    assert "Not used, unless --map says so: Beds (may be bedrooms), Purchse Price (may be soldPriceCents)" in out
    assert [(one["status"], one["soldPriceCents"]) for one in sent] == [("sold", 500), ("sold", 600)]


def test_a_row_that_is_loaded_but_not_in_full_is_told_of(file, capsys):
    created = partial(answered_by, lambda _request: httpx.Response(201, json={"id": "e1", "version": 1}))
    rows = b"1 A St,soon\n2 A St,2026-01-02\n3 A St,2026-01-03\n"
    assert load_file(file(b"street,Closing Date\n" + rows), ESCROWS, {}, created, workers=1)
    *_, left, row = capsys.readouterr().out.splitlines()
    assert left == "Left out:"
    assert row.startswith("  line 2: Closing Date: 'soon' is not a day that exists")


def test_records_are_whose_who_loads_them_and_a_column_of_owners_is_said_to_be_ignored(file, capsys):
    rows = [Row(2, ("1 A St", "Ben Ode"))]
    found = entries(
        rows, reader_of(Path("a.csv"), ["street", "Agent"], rows, ESCROWS, {}), file_name="a.csv", path="escrows"
    )
    assert found.wanted[0].document == {"propertyAddress": "1 A St"}
    assert "Ignored: Agent" in capsys.readouterr().out
    with pytest.raises(CommandFailed, match="load gives no records to others"):
        reader_of(Path("a.csv"), ["street", "Agent"], rows, ESCROWS, {"Agent": "owner"})


def test_a_field_that_is_not_there_is_refused_with_those_that_are(file):
    nobody = partial(answered_by, lambda _request: problem(500))
    with pytest.raises(
        CommandFailed, match="escrows have no field boat that a column could fill; there are visibility"
    ):
        load_file(file(b"street\n1 A St\n"), ESCROWS, {"street": "boat"}, nobody, workers=1)
    with pytest.raises(CommandFailed, match="there is no column road; there are street"):
        load_file(file(b"street\n1 A St\n"), ESCROWS, {"road": "notes"}, nobody, workers=1)


def test_a_pipe_is_told_of_progress_in_lines_and_a_terminal_by_a_bar():
    def told(*, is_terminal: bool) -> str:
        output = io.StringIO()
        console = Console(file=output, width=100, force_terminal=is_terminal, color_system=None)
        with progress("Loading escrows", 40, console) as done:
            done(Result(created=20, rejected={7: "no such state"}))
        return output.getvalue()

    assert re.fullmatch(r" +0\.\d s  Loading escrows\n", told(is_terminal=False))
    assert re.search(r"Loading escrows .* 21/40 \d+ rows/s, 1 rejected", told(is_terminal=True))
