"""Kinds of tasks that nobody has built anything for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from openhouse.core.errors import Forbidden
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.core.wire import Wire
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.rooms.draft import Draft
from openhouse.tasks.kind import Confirmed, Progress, Run, TaskKind
from openhouse.tasks.work import Work

AT_ONCE = 3


class Count(Wire):
    of: Annotated[int, Field(ge=0, le=10_000)] = 10
    last_name: str = "Hart"


class Corrected(Wire):
    of: int | None = None
    again: bool = False


def _check(principal: Principal, input_: Count) -> None:
    if input_.last_name == "Nobody":
        raise Forbidden(f"{principal.user_id} must not add nobody")


def _look(run: Run, _now: datetime) -> Draft[Progress]:
    """Ten at a time."""
    total = run.input.get("of", 10)
    done = min(total, run.cursor.get("done", 0) + 10)
    ended = {"of": total} if done == total else None
    return Draft(
        Progress(cursor={"done": done}, done=done, total=total, message=f"Looking {done}/{total}", ended=ended)
    )


def _confirmed(work: Work, _proposal: Document, answer: Any) -> Confirmed:
    input_ = {**work.input, **({"of": answer.of} if answer.of is not None else {})}
    return Confirmed(cursor={}, plan_again=answer.again, input=input_)


def _record_id(run: Run, number: int) -> str:
    return f"{run.work.task_id}-{number:05d}"


def add(run: Run, now: datetime) -> Draft[Progress]:
    """A few clients, each named by its number."""
    total, first = run.input.get("of", 10), run.cursor.get("done", 0)
    last = min(total, first + AT_ONCE)
    module, name = run.module("client"), run.input.get("lastName", "Hart")
    new = [
        changes.create(
            module,
            run.principal,
            {"firstName": f"{number:05d}", "lastName": name},
            id_=_record_id(run, number),
            now=now,
        )
        for number in range(first, last)
    ]
    ended = {"added": total} if last == total else None
    message = f"Added {total} clients!" if ended else f"Adding client {last}/{total}..."
    progress = Progress(
        cursor={"done": last}, done=last, total=total, message=message, counted={"added": len(new)}, ended=ended
    )
    rows = [{"id": change.after.id, "version": change.after.version} for change in new if change.after]
    page = run.manifest.page("write", first, rows, now)
    return run.tools.commit_builder.prepare(run.principal, judged(run, new), now).draft(progress, page)


def judged(run: Run, wanted: list[Change]) -> list[Change]:
    return [each for each in run.tools.commit_builder.judge(run.principal, wanted) if isinstance(each, Change)]


def remove(run: Run, now: datetime) -> Draft[Progress]:
    """What was added and nobody has touched."""
    page = run.cursor.get("page", 0)
    rows = run.manifest.rows("write", page)
    if not rows:
        return Draft(Progress(cursor=run.cursor, done=page, ended=dict(run.work.counts)))
    module = run.module("client")
    known = run.tools.records.read_stored(module, run.principal, [row["id"] for row in rows])
    gone = [*_untouched(run, module, rows, known, now)]
    counted = {"removed": len(gone), "left": len(rows) - len(gone)}
    progress = Progress(cursor={"page": page + len(rows)}, done=page + len(rows), counted=counted)
    return run.tools.commit_builder.prepare(run.principal, gone, now).draft(progress)


def _untouched(run: Run, module: Any, rows: list[Document], known: Any, now: datetime) -> Iterator[Change]:
    for row in rows:
        found = known.get(row["id"])
        if found and found.record.version == row["version"]:
            yield found.changed_by(changes.delete(module, run.principal, found.record, now=now))


ADD_CLIENTS = TaskKind(
    name="add_clients",
    title="Adding clients",
    input=Count,
    example={"of": 10},
    plan=_look,
    write=add,
    undo=remove,
    answer=Corrected,
    check=_check,
    confirmed=_confirmed,
    a_second=10,
)
ADD_AT_ONCE = replace(ADD_CLIENTS, name="add_at_once", plan=None)
LOOK = replace(ADD_CLIENTS, name="look", write=None, undo=None)


class TestKinds:
    """`kinds` by name; a test may put others among them."""

    __test__ = False

    def __init__(self, *kinds: TaskKind) -> None:
        self.known = {kind.name: kind for kind in kinds or (ADD_CLIENTS, ADD_AT_ONCE, LOOK)}

    def names(self) -> tuple[str, ...]:
        return tuple(self.known)

    def get(self, name: str) -> TaskKind:
        return self.known[name]

    def __iter__(self) -> Iterator[TaskKind]:
        return iter(self.known.values())
