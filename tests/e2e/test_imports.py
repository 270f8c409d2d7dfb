"""An import over the deployed stack: a file that is uploaded, a column that somebody corrects, records, and back."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import uuid4

from tests.e2e.conftest import HTTP, Caller, until
from tests.e2e.test_files import bring


def waited(caller: Caller, id_: str) -> Any:
    """The task, once nothing works on it."""
    until(lambda: caller("GET", f"/tasks/{id_}").json()["status"] != "running")
    return caller("GET", f"/tasks/{id_}").json()


def of_family(caller: Caller, name: str) -> list[Any]:
    items = caller("GET", "/clients", params={"limit": "200"}).json()["items"]
    return [record for record in items if record.get("lastName") == name]


def test_a_file_is_uploaded_corrected_imported_and_taken_back(ava: Caller) -> None:
    name = uuid4().hex
    column = f"reach {name}"  # or it would be known from another import
    table = (
        f"First Name,Last Name,{column},City\n"
        f"Imelda,{name},imelda@imports.example,Davis\n"
        f"Igor,{name},igor@imports.example,Davis\n"
        f"Ines,{name},no address,Davis\n"
    )
    file = bring(ava, {"noun": "import"}, table.encode(), type_="text/csv", name="people.csv")
    begun = ava("POST", "/tasks", {"kind": "import", "input": {"file": file, "module": "client"}})
    assert begun.status_code == 201, begun.text
    id_ = begun.json()["id"]
    proposed = waited(ava, id_)
    assert proposed["status"] == "proposed", proposed
    assert [column["target"] for column in proposed["proposal"]["columns"]] == ["firstName", "lastName", None, "city"]

    said = ava("POST", f"/tasks/{id_}/confirm", {"answer": {"columns": {"2": {"target": "email"}}}})
    assert said.status_code == 200, said.text
    proposed = waited(ava, id_)
    assert proposed["proposal"]["columns"][2]["target"] == "email"
    assert of_family(ava, name) == []

    assert ava("POST", f"/tasks/{id_}/confirm").status_code == 200
    done = waited(ava, id_)
    assert (done["status"], done["message"]) == ("completed", "Imported 3 clients!"), done
    assert [record["firstName"] for record in of_family(ava, name)] == ["Imelda", "Igor", "Ines"]
    assert of_family(ava, name)[0]["email"] == "imelda@imports.example"

    report = ava("GET", f"/files/{done['result']['report']['fileId']}").json()
    fetched = HTTP.get(report["url"])
    _, row = csv.reader(io.StringIO(fetched.content.decode("utf-8-sig"), newline=""))
    assert row[:2] == ["4", "imported, but not in full"]
    assert fetched.headers["content-disposition"].startswith("attachment;")

    undoing = ava("POST", f"/tasks/{id_}/undo").json()
    assert waited(ava, undoing["id"])["result"]["removed"] == 3
    assert of_family(ava, name) == []
