"""What functions did in the tests of this process, and what of it they may not do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore import handlers

from openhouse.delivery.invoker import Invoker
from openhouse.delivery.queues import ShardTask
from openhouse.functions import FUNCTIONS
from openhouse.rooms.gateway import Delivery, Missed
from openhouse.rooms.timers import Timer
from tests.fakes import FakeGateway, FakeQueues, FakeTimers, FakeWorkflows
from tests.permissions import uses
from tests.permissions.callers import calling_function
from tests.permissions.granted import Permission, granted, permission_on_sockets, permission_to
from tests.permissions.needed import faults, needed

if TYPE_CHECKING:
    from botocore.model import OperationModel


def watch_clients(names: Mapping[str, str]) -> None:
    """Hears of every call of all AWS clients whose session is made from now on. `names`: see `needed`."""

    def heard(params: Any, model: OperationModel, **_: Any) -> None:
        if (function := calling_function()) is not None:
            note(function, needed(model, params, names))
            uses.COMPLAINTS.extend(f"{function}: {fault}" for fault in faults(model, params))

    handlers.BUILTIN_HANDLERS.append(("before-parameter-build", heard))


def note(function: str, permissions: Iterable[Permission]) -> None:
    found = {(function, *permission) for permission in permissions}
    uses.USED.update(found)
    uses.COMPLAINTS.extend(map(_complaint, sorted(found - allowed())))


@cache
def allowed() -> frozenset[uses.Use]:
    return frozenset((spec.name, *permission) for spec in FUNCTIONS for permission in granted(spec))


def _complaint(use: uses.Use) -> str:
    function, action, resource = use
    return f"{function} does {action} on {resource}, which its grants in openhouse/functions.py do not allow"


def _note_of_caller(permission: Permission) -> None:
    if (function := calling_function()) is not None:
        note(function, [permission])


def recorded_invocation(then: Callable[[Invoker, bytes], None]) -> Callable[[Invoker, bytes], None]:
    """What stands for `Invoker.__call__`, which goes past AWS's clients, too."""

    def invoked(invoker: Invoker, payload: bytes) -> None:
        _note_of_caller(permission_to("lambda", "InvokeFunction", "fast_lane"))
        then(invoker, payload)

    return invoked


class RecordedGateway(FakeGateway):
    """What the real one posts goes past AWS's clients, too."""

    def post(self, deliveries: Sequence[Delivery]) -> list[Missed]:
        if any(delivery.posts for delivery in deliveries):
            _note_of_caller(permission_on_sockets("POST"))
        return super().post(deliveries)

    def close(self, connection_ids: Sequence[str]) -> None:
        if connection_ids:
            _note_of_caller(permission_on_sockets("DELETE"))
        super().close(connection_ids)


class RecordedQueues(FakeQueues):
    def send(self, tasks: Sequence[ShardTask], *, cause: str) -> None:
        if tasks:
            _note_of_caller(permission_to("sqs", "SendMessage", "shards"))
        super().send(tasks, cause=cause)

    def shorten_visibility(self, receipts: Sequence[str]) -> None:
        _note_of_caller(permission_to("sqs", "ChangeMessageVisibility", "shards"))
        super().shorten_visibility(receipts)

    def dead_letter(self, room: str, seq: int, why: str) -> None:
        _note_of_caller(permission_to("sqs", "SendMessage", "failures"))
        super().dead_letter(room, seq, why)


class RecordedTimers(FakeTimers):
    def set(self, timers: Sequence[Timer]) -> None:
        if timers:
            _note_of_caller(permission_to("sqs", "SendMessage", "timers"))
        super().set(timers)


class RecordedWorkflows(FakeWorkflows):
    def start(self, name: str, about: Mapping[str, Any]) -> bool:
        _note_of_caller(permission_to("states", "StartExecution", "tasks"))
        return super().start(name, about)
