"""Whether what people rely on works here from end to end: going on after a gap, locks, imports."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus
from itertools import pairwise
from typing import Any

import httpx

from cli.doctor.check import PATIENCE, Check, Examination, NotWell, joined, ms, tells_of
from cli.doctor.visitor import NOUN, PATH
from openhouse_client.errors import Problem
from openhouse_client.rest import Document

TASK_PATIENCE = 60.0  # seconds for one step of a task: Step Functions begins it, a function does it
_LOOK_SECONDS = 0.25
_PEOPLE = ("Dora Doctor", "Dirk Doctor", "Dena Doctor")
_TABLE = "\n".join(["First Name,Last Name,City", *(f"{name.replace(' ', ',')},Davis" for name in _PEOPLE), ""]).encode()


async def resume(examination: Examination) -> str:
    """A socket is closed, something changes, and another one goes on from where the first one was."""
    rest = examination.calls()
    line, reply = await examination.resume({})
    reached = {room: {"epoch": at["epoch"], "seq": at["seq"]} for room, at in reply["rooms"].items()}
    await line.close()
    changed = await rest.patch(PATH, examination.record_id, {"purchasePriceCents": 51_000_000})
    began = time.perf_counter()
    line, reply = await examination.resume(reached)
    took = time.perf_counter() - began
    if reset := sorted(room for room, at in reply["rooms"].items() if at["reset"]):
        raise NotWell(f"the log cannot go on from where a socket was a moment ago: {', '.join(reset)}")
    if not any(tells_of(NOUN, changed["id"], changed["version"])(arrival.frame) for arrival in line.arrivals):
        raise NotWell("the change that was missed did not come before the reply to `sync`")
    positions = {room: {"epoch": at["epoch"], "seq": at["seq"]} for room, at in reply["rooms"].items()}
    commits = sum(len(arrival.frame.get("commits", ())) for arrival in line.arrivals)
    if (await joined(line, positions))["more"]:
        raise NotWell("there is always more to come")
    return f"{commits} commit{'' if commits == 1 else 's'} missed, there again after {ms(took)} without a reset"


async def lock(examination: Examination) -> str:
    rest, id_ = examination.calls(), examination.record_id
    began = time.perf_counter()
    held = await rest.lock(PATH, id_)
    took, token = time.perf_counter() - began, int(held["token"])
    for wrong in (None, token + 1):
        await _is_refused(examination, wrong)
    await rest.unlock(PATH, id_, token)
    await rest.patch(PATH, id_, {"purchasePriceCents": 52_000_000})
    return f"taken in {ms(took)}, refused to others, released"


async def _is_refused(examination: Examination, token: int | None) -> None:
    """A change under this token. Raises NotWell if it is not."""
    try:
        await examination.calls().patch(PATH, examination.record_id, {"purchasePriceCents": 1}, lock_token=token)
    except Problem as problem:
        if problem.status == HTTPStatus.LOCKED:
            return
        raise
    raise NotWell(f"a change {'without a token' if token is None else 'under another token'} was let through a lock")


async def import_(examination: Examination) -> str:
    """A file is brought, its rows are previewed, written, counted, and taken back."""
    rest, moments = examination.calls(), [time.perf_counter()]
    task = await rest.begin_task("import", {"file": await _upload(examination), "module": "client"})
    task = await _waited_for(examination, task, "proposed")
    if (planned := task["proposal"]["counts"]["create"]) != len(_PEOPLE):
        raise NotWell(f"of {len(_PEOPLE)} rows {planned} would be imported")
    moments.append(time.perf_counter())
    done = await _waited_for(examination, await rest.confirm_task(task["id"]), "completed")
    there = {f"{item['firstName']} {item['lastName']}" for item in (await rest.page("clients")).items}
    if done["result"]["created"] != len(_PEOPLE) or there != {*_PEOPLE}:
        raise NotWell(f"{done['result']['created']} of {len(_PEOPLE)} rows were imported, {len(there)} are listed")
    moments.append(time.perf_counter())
    undone = await _waited_for(examination, await rest.undo_task(task["id"]), "completed")
    if undone["result"]["removed"] != len(_PEOPLE) or (await rest.page("clients")).items:
        raise NotWell(f"{undone['result']['removed']} of {len(_PEOPLE)} records were taken back")
    moments.append(time.perf_counter())
    preview, write, undo = (ms(after - before) for before, after in pairwise(moments))
    return f"{len(_PEOPLE)} rows: preview {preview}, import {write}, undo {undo}"


async def _upload(examination: Examination) -> str:
    """The id of the file, once it is there."""
    rest = examination.calls()
    address = await rest.create_file("doctor.csv", "text/csv", len(_TABLE), {"noun": "import"})
    examination.visitor.file_ids.add(address["id"])
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        try:
            sent = await http.post(address["url"], data=address["fields"], files={"file": ("doctor.csv", _TABLE)})
        except httpx.HTTPError as error:
            raise NotWell(f"the bucket does not answer: {error or type(error).__name__}") from error
    if sent.is_error:
        raise NotWell(f"the bucket answers a file with {sent.status_code}")
    return str((await rest.finish_file(address["id"]))["id"])


async def _waited_for(examination: Examination, task: Document, wanted: str) -> Any:
    """The task, once it is what is wanted. Raises NotWell if it becomes something else, TimeoutError."""
    examination.visitor.task_ids.add(task["id"])
    async with asyncio.timeout(TASK_PATIENCE):
        while task["status"] == "running":
            await asyncio.sleep(_LOOK_SECONDS)
            task = await examination.calls().task(task["id"])
    if task["status"] != wanted:
        why = (task.get("problem") or {}).get("detail") or task["message"]
        raise NotWell(f"a task is {task['status']}: {why}")
    return task


FEATURES = (
    Check(
        "resume",
        "whether a socket gets what was changed while it was away, without loading anything anew",
        "Look at the log group of `socket`: `message failed` tells why a `sync` went wrong.",
        resume,
    ),
    Check(
        "lock",
        "whether a lock keeps others from changing a record, and ends when it is released",
        "Nothing is lost by it; look at the log group of `crm` and report it.",
        lock,
    ),
    Check(
        "import",
        "whether a file can be uploaded, and becomes records that can be taken back",
        "Look at the execution in Step Functions, at the log group of `task_step`, and at the bucket's CORS rules.",
        import_,
    ),
)
