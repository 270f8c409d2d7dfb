"""Imports as people make them: a file that is brought, a task that is begun, worked on and confirmed."""

from __future__ import annotations

import csv
import io
from typing import Any

from openhouse.core.principal import Principal
from openhouse.crm.list_query import MAX_LIMIT
from openhouse.storage.object_keys import import_object
from tests.fakes import AVA
from tests.functional.conftest import World
from tests.functional.sockets import found
from tests.functional.test_http import call
from tests.functional.uploading import bring

NUMBERS = ("created", "updated", "skipped", "rejected")
IMPORT = {"noun": "import"}

CONTACTS = """First Name,Last Name,Email,Phone,City
Ana,Ruiz,ana@example.com,415-555-0123,Davis
Ben,Okafor,ben@example.com,415-555-0124,Davis
Cleo,Marsh,cleo@example.com,415-555-0125,Woodland
"""


def new_world() -> World:
    """In memory, with people and the real kinds of tasks."""
    world = World.in_memory()
    found(world)
    return world


def upload(world: World, text: str | bytes, who: Principal = AVA, name: str = "people.csv") -> str:
    content = text.encode() if isinstance(text, str) else text
    return bring(world, IMPORT, content, who, type_="text/csv", name=name)


def begin(world: World, text: str | bytes, module: str = "client", who: Principal = AVA, **asked: Any) -> str:
    """The id of an import that has begun."""
    body = {"kind": "import", "input": {"file": upload(world, text, who), "module": module, **asked}}
    status, task, _ = call(world, "POST", "/tasks", body, who=who)
    assert status == 201, task
    return str(task["id"])


def work(world: World) -> None:
    """All that has begun, to its end."""
    for about in world.workflows.take():
        while world.task_steps.handle(about)["more"]:
            pass


def read(world: World, id_: str, who: Principal = AVA) -> Any:
    status, task, _ = call(world, "GET", f"/tasks/{id_}", who=who)
    assert status == 200, task
    return task


def planned(world: World, text: str | bytes, module: str = "client", who: Principal = AVA, **asked: Any) -> Any:
    """An import that is proposed."""
    id_ = begin(world, text, module, who, **asked)
    work(world)
    return read(world, id_, who)


def answer(world: World, id_: str, who: Principal = AVA, **said: Any) -> Any:
    status, task, _ = call(world, "POST", f"/tasks/{id_}/confirm", {"answer": said}, who=who)
    assert status == 200, task
    work(world)
    return read(world, id_, who)


def imported(world: World, text: str | bytes, module: str = "client", who: Principal = AVA, **asked: Any) -> Any:
    """One that is over."""
    return answer(world, planned(world, text, module, who, **asked)["id"], who)


def undone(world: World, id_: str, who: Principal = AVA) -> Any:
    status, task, _ = call(world, "POST", f"/tasks/{id_}/undo", who=who)
    assert status == 201, task
    work(world)
    return read(world, str(task["id"]), who)


def records(world: World, path: str = "clients", who: Principal = AVA) -> list[Any]:
    """All, those that were added last first."""
    items: list[Any] = []
    query = {"limit": str(MAX_LIMIT)}
    while True:
        page = call(world, "GET", f"/{path}", query=query, who=who)[1]
        items += page["items"]
        if "cursor" not in page:
            return items
        query["cursor"] = page["cursor"]


def numbers(task: Any) -> tuple[int, ...]:
    """Created, updated, skipped, rejected."""
    return tuple(task["result"][name] for name in NUMBERS)


def report(world: World, task: Any, who: Principal = AVA) -> list[list[str]]:
    """The rows of the file of what a person should look at."""
    key = import_object(who.brokerage_id, task["result"]["report"]["fileId"])
    content = world.bucket.content(key)
    assert content is not None
    return [*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
