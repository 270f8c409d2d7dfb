"""Whose work the running code is: functional tests call services of several functions in one process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import cli
import openhouse
from openhouse.api.messages import Messages
from openhouse.api.sockets import SocketApi
from openhouse.collaboration.canary import Canary
from openhouse.collaboration.notifications import Notifications
from openhouse.collaboration.reminders import AppointmentSchedules
from openhouse.crm.bulk import Bulk
from openhouse.crm.file_ends import FileEnds
from openhouse.crm.files import Files
from openhouse.crm.history import History
from openhouse.crm.lists import Lists
from openhouse.crm.records import Records
from openhouse.crm.search import Search
from openhouse.crm.stats import Stats
from openhouse.crm.uploads import Uploads
from openhouse.crm.word_index import WordIndex
from openhouse.delivery.fanout import FanOut, ShardWorker
from openhouse.delivery.fast_lane import FastLane
from openhouse.delivery.timer_queue import DueTimers
from openhouse.entities import ENTITIES
from openhouse.functions import (
    AUTHORIZER,
    CANARY,
    CRM,
    DIRECTORY,
    FANOUT,
    FANOUT_WORKER,
    FAST_LANE,
    FILE_ENDS,
    FILES,
    FUNCTIONS,
    MORNINGS,
    REMINDERS,
    SOCKET,
    TASK_STEP,
    TASK_WATCH,
    TIMERS,
    WORD_INDEX,
)
from openhouse.identity.administration import Administration
from openhouse.identity.moved_sockets import MovedSockets
from openhouse.identity.sessions import Sessions
from openhouse.tasks.mornings import Mornings
from openhouse.tasks.reconciler import TaskReconciler
from openhouse.tasks.steps import Steps
from openhouse.tasks.tasks import Tasks

_PRODUCT = str(Path(openhouse.__file__).parent)
_COMMANDS = str(Path(cli.__file__).parent)
_TESTS = str(Path(__file__).parents[1])
_BETWEEN = ("/botocore/", "/boto3/", str(Path(__file__).parent))  # a function and what notes its calls

# Where a function's work begins, beside the handlers of its operations and what builds it. With those of their services
# that tests call themselves.
_ENTRANCES: dict[str, tuple[type, ...]] = {
    AUTHORIZER.name: (Sessions,),
    CRM.name: (Records, Lists, Search, Bulk, Stats, History, Notifications, Tasks),
    FILES.name: (Files, Uploads),
    FILE_ENDS.name: (FileEnds,),
    DIRECTORY.name: (Administration,),
    SOCKET.name: (SocketApi, Messages),
    FANOUT.name: (FanOut, MovedSockets),
    FANOUT_WORKER.name: (ShardWorker,),
    FAST_LANE.name: (FastLane,),
    WORD_INDEX.name: (WordIndex,),
    TIMERS.name: (DueTimers,),
    REMINDERS.name: (AppointmentSchedules,),
    TASK_STEP.name: (Steps,),
    TASK_WATCH.name: (TaskReconciler,),
    MORNINGS.name: (Mornings,),
    CANARY.name: (Canary,),
}


def calling_function() -> str | None:
    """Of whoever calls a client of AWS, or a stand-in of one.

    None for what tests do themselves, and for commands, which act with the rights of whoever types them.

    The outermost one, up to code of a test: a race is a test that lets another function go first.
    """
    begun, found = _begun_by(), None
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and any(part in frame.f_code.co_filename for part in _BETWEEN):
        frame = frame.f_back
    if frame is None or not frame.f_code.co_filename.startswith(_PRODUCT):
        return None
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(_COMMANDS):
            return None
        found = begun.get(id(code), found)
        if found is not None and code.co_filename.startswith(_TESTS):
            return found
        frame = frame.f_back
    return found


@cache
def _begun_by() -> dict[int, str]:
    """The function by the identity of the code that begins its work: comparing code would take long."""
    return {id(code): spec.name for spec in FUNCTIONS for code in _beginnings(spec)}


def _beginnings(spec: Any) -> Iterator[CodeType]:
    yield _code(spec.build)
    yield from (_code(operation.handle) for operation in (spec.operations(ENTITIES) if spec.operations else ()))
    for kind in _ENTRANCES.get(spec.name, ()):
        yield from (member.__code__ for member in vars(kind).values() if isinstance(member, FunctionType))


def _code(call: Callable[..., Any]) -> CodeType:
    while isinstance(call, partial):
        call = call.func
    assert isinstance(call, FunctionType)
    return call.__code__
