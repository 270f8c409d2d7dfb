"""Every Lambda function: what starts it, what it is told, what it may do, and what it is built of.

The handlers start from this list, the infrastructure deploys it, and tests hold grants and cold starts against it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Generic, Literal, TypeVar

from openhouse import wiring
from openhouse.delivery.stream import StreamConsumer
from openhouse.settings import (
    AuthorizerSettings,
    CrmSettings,
    DirectorySettings,
    DueSettings,
    FanoutSettings,
    FileEndsSettings,
    FilesSettings,
    MorningSettings,
    PostingSettings,
    ScheduleSettings,
    Settings,
    ShardSettings,
    SocketApiSettings,
    SocketSettings,
    TableSettings,
    TaskStepSettings,
    TaskWatchSettings,
)
from openhouse.storage.keys import INDEXES

S = TypeVar("S", bound=Settings)
T = TypeVar("T")

TableAction = Literal[
    "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "BatchWriteItem"
]

LoginAction = Literal["AdminCreateUser", "AdminGetUser", "AdminDeleteUser"]

ScheduleAction = Literal["CreateSchedule"]

ExecutionAction = Literal["StartExecution"]
ObjectAction = Literal["PutObject", "GetObject", "GetObjectVersion", "DeleteObject", "DeleteObjectVersion"]
ObjectPlace = Literal["uploads", "files", "imports"]  # of the bucket's keys, how they begin

POSTING_SECONDS = 90  # the last turn begins within 25, waits for 10, posts for 15 and closes for 15 at most
_POSTING_MB = 1769  # one whole CPU: posting is signing and TLS


class Trigger(Enum):
    """What invokes a function."""

    AUTHORIZER = auto()  # both APIs, to ask who is calling
    REST = auto()
    SOCKET = auto()  # every route of the WebSocket API
    TABLE_STREAM = auto()  # what its consumers take of the table's stream
    RECORD_STREAM = auto()  # the same of the stream of the table of records
    APPOINTMENTS = auto()  # those of that stream
    SHARD_QUEUE = auto()
    TIMER_QUEUE = auto()
    HOURLY = auto()
    COMMIT = auto()  # whoever writes one, without waiting for it
    STATE_MACHINE = auto()  # of tasks
    MINUTE = auto()
    CANARY = auto()  # every minute, where there is one
    MORNING = auto()  # every hour, as it is morning somewhere

    @property
    def is_traced(self) -> bool:
        """Whether somebody's request is answered only then, and a trace tells more of that than its duration.

        Of sockets' messages, most are beats, and nobody waits. The authorizer's would be a trace of its own, of a read:
        it is joined to no request.
        """
        return self is Trigger.REST


@dataclass(frozen=True, kw_only=True)
class Grants:
    """What a function may do beside logging, tracing and reading its trigger. A transaction needs its writes' actions.

    `records`: on the table of records; queries also in these `orders` of its indexes, or in these alone. `sends_to`:
    these queues; `failures` is that of failed batches. `starts`: these functions, where they are. `schedules`: in the
    deployment's own group, which send to the queue of timers. `executions`: of the state machine of tasks. `logins`: in
    the user pool, and `token_secret`: reading it, where there is one. `objects`: in the bucket of files, by how their
    keys begin; `lists_versions`: of which of them there are any. `asks_model`: the deployment's language model, if it
    has one.
    """

    table: tuple[TableAction, ...] = ()
    records: tuple[TableAction, ...] = ()
    orders: tuple[str, ...] = tuple(INDEXES)
    orders_alone: bool = False
    sockets: tuple[Literal["POST", "DELETE"], ...] = ()  # to post to one, to close one
    sends_to: tuple[Literal["shards", "failures", "timers"], ...] = ()
    starts: tuple[Literal["fast_lane"], ...] = ()
    schedules: tuple[ScheduleAction, ...] = ()
    executions: tuple[ExecutionAction, ...] = ()
    logins: tuple[LoginAction, ...] = ()
    token_secret: bool = False
    objects: Mapping[ObjectPlace, tuple[ObjectAction, ...]] = field(default_factory=dict)
    lists_versions: bool = False
    asks_model: bool = False

    @property
    def on_records(self) -> tuple[TableAction, ...]:
        """On the table of records itself."""
        return tuple(action for action in self.records if action != "Query" or not self.orders_alone)


@dataclass(frozen=True, kw_only=True)
class FunctionSpec(Generic[S, T]):
    """Of `functions/<name>/handler.py`. `build` makes what it calls; `operations` are those that it serves.

    `consumers`: who takes what of the table's stream. `task_libraries`: it has the layer with those of tasks, too.
    """

    name: str
    purpose: str
    trigger: Trigger
    settings: type[S]
    build: Callable[[S], T]
    grants: Grants
    timeout_seconds: int
    memory_mb: int
    operations: wiring.Operations | None = None
    consumers: tuple[StreamConsumer, ...] = ()
    task_libraries: bool = False

    def start(self) -> T:
        """Built of the settings in the environment. Raises KeyError naming the first that is missing.

        What is imported and made here is there to stay: looking for garbage in it takes a tenth of a cold start.
        """
        collects = gc.isenabled()
        gc.disable()
        try:
            return self.build(self.settings.load())
        finally:
            gc.freeze()
            if collects:
                gc.enable()


AUTHORIZER = FunctionSpec(
    name="authorizer",
    purpose="Says whose a token or a ticket is, for both APIs",
    trigger=Trigger.AUTHORIZER,
    settings=AuthorizerSettings,
    build=wiring.sessions,
    grants=Grants(table=("GetItem", "Query", "DeleteItem"), token_secret=True),
    timeout_seconds=10,  # API Gateway gives an authorizer no longer
    memory_mb=1024,
)

CRM = FunctionSpec(
    name="crm",
    purpose="REST for the records of every module",
    trigger=Trigger.REST,
    settings=CrmSettings,
    build=wiring.crm,
    operations=wiring.crm_operations,
    grants=Grants(
        table=("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
        records=("BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
        sends_to=("timers",),
        starts=("fast_lane",),
        executions=("StartExecution",),
    ),
    timeout_seconds=28,  # a bulk request writes for 18 s, and its last part may be retried for 6
    memory_mb=1769,
)

FILES = FunctionSpec(
    name="files",
    purpose="REST for the files of records: where they are sent to and fetched from",
    trigger=Trigger.REST,
    settings=FilesSettings,
    build=wiring.files,
    operations=wiring.files_operations,
    grants=Grants(
        table=("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"),
        records=("BatchGetItem", "PutItem"),
        objects={
            "uploads": ("PutObject", "GetObject", "GetObjectVersion"),
            "files": ("PutObject", "GetObject"),
            "imports": ("PutObject", "GetObject", "DeleteObject"),
        },
        starts=("fast_lane",),
    ),
    timeout_seconds=28,  # to copy 50 MB within the bucket takes a second or two
    memory_mb=1769,
)

FILE_ENDS = FunctionSpec(
    name="file_ends",
    purpose="Removes the files that were taken out of their record 30 days ago, and those of records deleted then",
    trigger=Trigger.HOURLY,
    settings=FileEndsSettings,
    build=wiring.file_ends,
    grants=Grants(
        table=("Query", "BatchWriteItem"),
        records=("GetItem",),
        objects={"files": ("DeleteObjectVersion",)},
        lists_versions=True,
    ),
    timeout_seconds=120,
    memory_mb=512,
)

DIRECTORY = FunctionSpec(
    name="directory",
    purpose="REST for who I am, tickets, teams, users and invitations",
    trigger=Trigger.REST,
    settings=DirectorySettings,
    build=wiring.directory,
    operations=wiring.directory_operations,
    grants=Grants(
        table=(
            *("GetItem", "BatchGetItem", "Query"),
            *("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "BatchWriteItem"),
        ),
        sockets=("DELETE",),
        logins=("AdminCreateUser", "AdminGetUser", "AdminDeleteUser"),
    ),
    timeout_seconds=15,
    memory_mb=1024,
)

SOCKET = FunctionSpec(
    name="socket",
    purpose="A socket opens, says something, closes",
    trigger=Trigger.SOCKET,
    settings=SocketApiSettings,
    build=wiring.socket,
    grants=Grants(
        table=(
            *("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
            "BatchWriteItem",
        ),
        records=("BatchGetItem", "UpdateItem"),
        sockets=("POST", "DELETE"),
        sends_to=("timers",),
        starts=("fast_lane",),
    ),
    timeout_seconds=28,  # API Gateway waits 29
    memory_mb=1024,
)

FANOUT = FunctionSpec(
    name="fanout",
    purpose="Posts each commit to the members of its room, or hands it on shard by shard",
    trigger=Trigger.TABLE_STREAM,
    settings=FanoutSettings,
    build=wiring.fanout,
    consumers=wiring.STREAM_CONSUMERS,
    grants=Grants(
        table=("BatchGetItem", "Query", "UpdateItem", "DeleteItem", "BatchWriteItem"),
        sockets=("POST", "DELETE"),
        sends_to=("shards", "failures"),
    ),
    timeout_seconds=POSTING_SECONDS,
    memory_mb=_POSTING_MB,
)

WORD_INDEX = FunctionSpec(
    name="word_index",
    purpose="Keeps up which records have which words, for search and lists",
    trigger=Trigger.RECORD_STREAM,
    settings=TableSettings,
    build=wiring.word_index,
    consumers=wiring.RECORD_CONSUMERS,
    grants=Grants(table=("BatchWriteItem",)),
    timeout_seconds=60,  # a hundred records of 200 words each
    memory_mb=1024,
)

FANOUT_WORKER = FunctionSpec(
    name="fanout_worker",
    purpose="Posts commits to one shard of a large room",
    trigger=Trigger.SHARD_QUEUE,
    settings=ShardSettings,
    build=wiring.fanout_worker,
    grants=Grants(table=("Query", "UpdateItem", "DeleteItem", "BatchWriteItem"), sockets=("POST", "DELETE")),
    timeout_seconds=POSTING_SECONDS,
    memory_mb=_POSTING_MB,
)

FAST_LANE = FunctionSpec(
    name="fast_lane",
    purpose="Posts what was just committed to the members of a small room, ahead of the stream",
    trigger=Trigger.COMMIT,
    settings=PostingSettings,
    build=wiring.fast_lane,
    grants=Grants(table=("Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"), sockets=("POST", "DELETE")),
    timeout_seconds=45,  # one turn: it waits for 0.2 s, posts for 15 and closes for 15 at most
    memory_mb=_POSTING_MB,
)

TIMERS = FunctionSpec(
    name="timers",
    purpose="Does what was to be done at a certain time",
    trigger=Trigger.TIMER_QUEUE,
    settings=DueSettings,
    build=wiring.timers,
    grants=Grants(
        table=("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"),
        records=("GetItem", "UpdateItem"),
        sends_to=("timers",),
        starts=("fast_lane",),
    ),
    timeout_seconds=25,
    memory_mb=1024,
)

REMINDERS = FunctionSpec(
    name="reminders",
    purpose="Makes the schedules by which people are reminded of appointments",
    trigger=Trigger.APPOINTMENTS,
    settings=ScheduleSettings,
    build=wiring.reminders,
    consumers=wiring.APPOINTMENT_CONSUMERS,
    grants=Grants(sends_to=("timers",), schedules=("CreateSchedule",)),
    timeout_seconds=60,  # a hundred appointments that move, at 20 ms a schedule, and what Scheduler puts off
    memory_mb=1024,
)

TASK_STEP = FunctionSpec(
    name="task_step",
    purpose="Works on a task for some seconds, and says whether more is left",
    trigger=Trigger.STATE_MACHINE,
    settings=TaskStepSettings,
    build=wiring.task_step,
    grants=Grants(
        table=("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
        records=("BatchGetItem", "Query", "PutItem", "DeleteItem"),
        orders=("by_created", "by_date"),
        objects={"imports": ("PutObject", "GetObject")},
        starts=("fast_lane",),
        asks_model=True,
    ),
    timeout_seconds=58,  # its parts begin within 45, and each may be tried for 6
    memory_mb=1769,
    task_libraries=True,
)

TASK_WATCH = FunctionSpec(
    name="task_watch",
    purpose="Begins again, or ends, tasks of which nothing is heard",
    trigger=Trigger.MINUTE,
    settings=TaskWatchSettings,
    build=wiring.task_watch,
    grants=Grants(
        table=("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
        executions=("StartExecution",),
    ),
    timeout_seconds=58,  # it begins with none after 40
    memory_mb=512,
)

MORNINGS = FunctionSpec(
    name="mornings",
    purpose="Tells people in the morning what their day has",
    trigger=Trigger.MORNING,
    settings=MorningSettings,
    build=wiring.mornings,
    grants=Grants(
        table=("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
        records=("BatchGetItem", "Query"),
        orders=("by_created", "by_date"),
        orders_alone=True,
        starts=("fast_lane",),
    ),
    timeout_seconds=840,  # it begins with nobody after 780
    memory_mb=1024,
)

CANARY = FunctionSpec(
    name="canary",
    purpose="Writes a commit a minute, and says when it does not arrive",
    trigger=Trigger.CANARY,
    settings=SocketSettings,
    build=wiring.canary,
    grants=Grants(table=("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem")),
    timeout_seconds=30,  # a probe has 20
    memory_mb=512,
)

FUNCTIONS: tuple[FunctionSpec[Any, Any], ...] = (
    AUTHORIZER,
    CRM,
    FILES,
    DIRECTORY,
    SOCKET,
    FANOUT,
    FANOUT_WORKER,
    FAST_LANE,
    WORD_INDEX,
    TIMERS,
    REMINDERS,
    TASK_STEP,
    TASK_WATCH,
    FILE_ENDS,
    MORNINGS,
    CANARY,
)
