"""What a kind of task declares: its file in `kinds/` holds one `KIND`, and the code of its phases.

What a kind's phases need and nothing else (libraries of the layer of tasks, above all) is imported in them, not with
the file: whoever begins a task reads the file, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.core.wire import Wire
from openhouse.identity.audit import Deed
from openhouse.rooms.draft import Draft
from openhouse.tasks.manifest import Manifest
from openhouse.tasks.work import Work

if TYPE_CHECKING:
    from openhouse.crm.commit_builder import CommitBuilder
    from openhouse.crm.files import Files
    from openhouse.crm.lists import Lists
    from openhouse.crm.module import Module
    from openhouse.crm.records import Records
    from openhouse.crm.stats import Stats
    from openhouse.identity.directory import Directory
    from openhouse.language.engine import Engine
    from openhouse.rooms.room_log import RoomLog
    from openhouse.storage.bucket import Bucket
    from openhouse.storage.table import Table


class Tools(Protocol):
    """What phases work with: `Services` has all of it, each made when it is first asked for."""

    @property
    def table(self) -> Table: ...
    @property
    def log(self) -> RoomLog: ...
    @property
    def records(self) -> Records: ...
    @property
    def lists(self) -> Lists: ...
    @property
    def stats(self) -> Stats: ...
    @property
    def commit_builder(self) -> CommitBuilder: ...
    @property
    def directory(self) -> Directory: ...
    @property
    def files(self) -> Files: ...
    @property
    def bucket(self) -> Bucket: ...
    @property
    def language(self) -> Engine: ...
    @property
    def modules(self) -> Sequence[Module]: ...
    @property
    def parallel_map(self) -> Callable[..., Iterable[Any]]: ...


@dataclass(frozen=True, kw_only=True)
class Run:
    """One step of a task. `principal`: who began it, as they are now. `manifest`: of the task itself, or of the one
    that it undoes. `memo`: what a phase keeps from part to part for its own convenience; the next step begins without.
    """

    work: Work
    principal: Principal
    tools: Tools
    manifest: Manifest
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def input(self) -> Document:
        return self.work.input

    @property
    def cursor(self) -> Document:
        return self.work.cursor

    def module(self, noun: str) -> Module:
        return next(module for module in self.tools.modules if module.noun == noun)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a task is after a part. `cursor`: what the next part goes on from. `message`: a sentence for people.

    `counted`: how many more things came to which end by this part. `ended`: it was the phase's last; of a plan, with
    the proposal that is to be confirmed, else with the result. `in_vain`: a plan by which there is nothing to do.
    """

    cursor: Document
    done: int
    total: int | None = None
    message: str = ""
    counted: Mapping[str, int] = field(default_factory=dict)
    ended: Document | None = None
    in_vain: bool = False


ROOM_FOR_PROGRESS = 10  # items of a transaction that a part leaves for what is told of it, and for the task's own

# Makes one part of a task's work, which is one transaction. It is asked again, with the work as it is by then, whenever
# somebody else was faster: so what it writes must come of what it reads in it, and of its cursor.
Part = Callable[[Run, datetime], Draft[Progress]]


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What a confirmation leads to: a phase, and what it begins with. `input`: where that changes."""

    cursor: Document
    plan_again: bool = False
    input: Document | None = None


def _nothing_to_check(_principal: Principal, _input: Any) -> None:
    pass


def _as_it_is(_work: Work, _proposal: Document, _answer: Any) -> Confirmed:
    return Confirmed(cursor={})


class NoAnswer(Wire):
    """Confirmed as it is."""


@dataclass(frozen=True, kw_only=True)
class TaskKind:
    """`title`: what is being done, such as "Finding duplicates".

    `plan`: prepares, and writes no records; what it ends with is proposed to the person if there is `write`, and is the
    result if there is none. `write` without `plan` begins at once. `undo` takes back what was written, whichever way it
    ended.

    `about`: the noun of the record that it is about; the input has its id under that name.

    `check(principal, input)`: raises what keeps somebody from beginning it. `confirmed(work, proposal, answer)`: what
    follows from the answer, an instance of the model `answer`; raises Invalid.

    `audited(work, proposal, confirmed)`: what the audit trail tells of a confirmation that changes much at once; its
    undoing is told there, too.

    `example` and `answer_example` in wire form. `a_second`: how many things of `done` a second at most, but for what
    is planned; there, `planned_a_second`. `seconds`: how long a run of it may take. `plan_percent`: of the whole, where
    something is written.
    """

    name: str
    title: str
    input: type[Wire]
    example: Document
    plan: Part | None = None
    write: Part | None = None
    undo: Part | None = None
    about: str = ""
    answer: type[Wire] = NoAnswer
    answer_example: Document = field(default_factory=dict)
    check: Callable[[Principal, Any], None] = _nothing_to_check
    confirmed: Callable[[Work, Document, Any], Confirmed] = _as_it_is
    audited: Callable[[Work, Document, Confirmed], Deed] | None = None
    a_second: float | None = None
    planned_a_second: float | None = None
    seconds: int = 3_600
    plan_percent: int = 30

    def __post_init__(self) -> None:
        if not (self.plan or self.write):
            raise TypeError(f"a task of the kind {self.name} does nothing")

    @property
    def is_confirmed(self) -> bool:
        """Whether its person has to confirm what it proposes."""
        return self.plan is not None and self.write is not None

    def part(self, phase: str) -> Part:
        """Raises LookupError for a phase that it does not have."""
        found = {"plan": self.plan, "write": self.write, "undo": self.undo}.get(phase)
        if found is None:
            raise LookupError(f"a task of the kind {self.name} has no phase {phase}")
        return found

    def span(self, phase: str) -> tuple[int, int]:
        """From which percentage of the whole to which a phase leads."""
        if not self.is_confirmed or phase == "undo":
            return 0, 100
        return (0, self.plan_percent) if phase == "plan" else (self.plan_percent, 100)


class Kinds(Protocol):
    """Of those that there are."""

    def names(self) -> tuple[str, ...]: ...
    def get(self, name: str) -> TaskKind:
        """Raises KeyError."""
        ...

    def __iter__(self) -> Iterator[TaskKind]: ...
