"""The operations on tasks, beside their list, which is that of any live state."""

from __future__ import annotations

from http import HTTPStatus

from openhouse.api.http import Answer, HttpRequest, answer
from openhouse.api.operations.operation import AnyOperation, Errors, Operation
from openhouse.api.tasks import Confirmation, NewTask
from openhouse.core.errors import (
    BadParameter,
    Conflict,
    IdempotencyMismatch,
    Invalid,
    MalformedJson,
    NotFound,
    TooLarge,
    TooManyTasks,
)
from openhouse.core.wire import parse
from openhouse.services import Services
from openhouse.tasks.task import TASKS, Task

_BODY: Errors = (MalformedJson, TooLarge, Invalid)


def _begin(request: HttpRequest, services: Services) -> Answer:
    wanted = parse(NewTask, request.body())
    task = services.tasks.begin(request.principal, wanted.kind, wanted.input, request.idempotency_key)
    return answer(HTTPStatus.CREATED, task)


def _read(request: HttpRequest, services: Services) -> Answer:
    return answer(HTTPStatus.OK, services.tasks.read(request.principal, request.path["id"]))


def _confirm(request: HttpRequest, services: Services) -> Answer:
    said = parse(Confirmation, request.body(optional=True))
    key, id_ = request.idempotency_key, request.path["id"]
    return answer(HTTPStatus.OK, services.tasks.confirm(request.principal, id_, said.answer or {}, key))


def _cancel(request: HttpRequest, services: Services) -> Answer:
    return answer(HTTPStatus.OK, services.tasks.cancel(request.principal, request.path["id"]))


def _undo(request: HttpRequest, services: Services) -> Answer:
    return answer(HTTPStatus.CREATED, services.tasks.undo(request.principal, request.path["id"]))


TASK_OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(
        name="beginTask",
        tag=TASKS.path,
        method="POST",
        path="/tasks",
        summary="Begins a task, which goes on by itself",
        handle=_begin,
        body=NewTask,
        status=HTTPStatus.CREATED,
        answer=Task,
        idempotent=True,
        errors=(*_BODY, BadParameter, IdempotencyMismatch, TooManyTasks),
    ),
    Operation(
        name="getTask",
        tag=TASKS.path,
        method="GET",
        path="/tasks/{id}",
        summary="Returns a task of yours",
        handle=_read,
        answer=Task,
        errors=(NotFound,),
    ),
    Operation(
        name="confirmTask",
        tag=TASKS.path,
        method="POST",
        path="/tasks/{id}/confirm",
        summary="Lets a task do what it proposes",
        handle=_confirm,
        body=Confirmation,
        body_is_optional=True,
        answer=Task,
        idempotent=True,
        errors=(*_BODY, BadParameter, IdempotencyMismatch, NotFound, Conflict, TooManyTasks),
    ),
    Operation(
        name="cancelTask",
        tag=TASKS.path,
        method="POST",
        path="/tasks/{id}/cancel",
        summary="Ends a task; what it has written stays",
        handle=_cancel,
        answer=Task,
        errors=(NotFound,),
    ),
    Operation(
        name="undoTask",
        tag=TASKS.path,
        method="POST",
        path="/tasks/{id}/undo",
        summary="Begins to take back what a completed task has written, where nobody has changed it since",
        handle=_undo,
        status=HTTPStatus.CREATED,
        answer=Task,
        errors=(NotFound, Conflict, TooManyTasks),
    ),
)
