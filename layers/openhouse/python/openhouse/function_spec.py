"""What is said of a Lambda function: what starts it, what it is told, what it may do, and what it is built of."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Generic, Literal, TypeVar

from openhouse.delivery.stream import StreamConsumer
from openhouse.settings import Settings
from openhouse.storage.keys import INDEXES
from openhouse.wiring import Operations

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
    operations: Operations | None = None
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
