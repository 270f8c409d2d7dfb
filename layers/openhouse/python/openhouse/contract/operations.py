"""The operations as the documents show them: every shape is a model.

Contract tests hold this against what the functions serve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, cast

from pydantic import Field

from openhouse.api.files import FileList, FileOf, KeptFile, ReadableFile
from openhouse.api.list_parameters import list_parameters
from openhouse.api.notifications import NotificationEntry, NotificationPage, PreferencesAnswer
from openhouse.api.operations.entities import operations_of
from openhouse.api.operations.files import FILE_OPERATIONS
from openhouse.api.operations.metrics import METRICS_OPERATIONS
from openhouse.api.operations.notifications import NOTIFICATION_OPERATIONS
from openhouse.api.operations.operation import AnyOperation, Operation, Shape
from openhouse.api.operations.people import PEOPLE_OPERATIONS
from openhouse.api.operations.search import search_operations
from openhouse.api.operations.tasks import TASK_OPERATIONS
from openhouse.api.operations.views import VIEW_OPERATIONS
from openhouse.api.tasks import Confirmation, NewTask
from openhouse.collaboration.notification import NOTIFICATIONS
from openhouse.contract.hints import Viewers
from openhouse.contract.model_variants import response_model
from openhouse.contract.parts import wire_model
from openhouse.contract.registry import BulkAnswer, HistoryPage, found_model, models_of
from openhouse.contract.state_models import state_model, state_models
from openhouse.contract.task_models import confirmation_model, new_task_model
from openhouse.core.wire import Wire
from openhouse.crm.leases import RecordLock
from openhouse.crm.module import Module
from openhouse.rooms.entity import Entity
from openhouse.tasks.task import TASKS

DocumentedOperation = Operation[type[Wire]]


class GatewayMessage(Wire):
    """API Gateway's own answer: too many requests, or no answer from a function in time."""

    message: str


def documented_operations(entities: Sequence[Entity]) -> list[DocumentedOperation]:
    """Those of the modules and of other live entities, of search and views, and those about people."""
    documented = [_documented(operation, _shapes(entity)) for entity in entities for operation in operations_of(entity)]
    modules = tuple(entity for entity in entities if isinstance(entity, Module))
    found: dict[Shape, type[Wire] | None] = {Shape.FOUND: found_model(modules)}
    documented += [_documented(operation, found) for operation in search_operations(modules)]
    documented += [_documented(operation, {Shape.VIEWERS: Viewers}) for operation in VIEW_OPERATIONS]
    documented += [_of_files(_documented(operation, {})) for operation in FILE_OPERATIONS]
    documented += [_as_sent(_documented(operation, {})) for operation in NOTIFICATION_OPERATIONS]
    documented += [_of_tasks(_documented(operation, {})) for operation in TASK_OPERATIONS]
    about_people = (*PEOPLE_OPERATIONS, *METRICS_OPERATIONS)
    return documented + [_documented(operation, {}) for operation in about_people]


def _of_files(operation: DocumentedOperation) -> DocumentedOperation:
    """Whose answers leave out what an import has not."""
    return replace(operation, answer=_sent_files().get(operation.answer, operation.answer))


@cache
def _sent_files() -> dict[type[Wire] | None, type[Wire]]:
    place = response_model(FileOf, "FilePlace")
    kept, readable = (
        wire_model(model.__name__, model, for_=Annotated[place, Field(alias="for")])
        for model in (KeptFile, ReadableFile)
    )
    name = FileList.__name__
    return {KeptFile: kept, ReadableFile: readable, FileList: wire_model(name, FileList, items=list[readable])}  # type: ignore[valid-type]


def _as_sent(operation: DocumentedOperation) -> DocumentedOperation:
    """Whose answers leave out what has no value, as events do."""
    if operation.answer is None:
        return operation
    if operation.answer is NOTIFICATIONS.model:
        return replace(operation, answer=state_models(NOTIFICATIONS).state)
    if operation.answer is PreferencesAnswer:
        return replace(operation, answer=response_model(PreferencesAnswer, PreferencesAnswer.__name__))
    return replace(operation, answer=_sent_page() if operation.answer is NotificationPage else operation.answer)


def _of_tasks(operation: DocumentedOperation) -> DocumentedOperation:
    """With what each kind takes, and answers as events have them."""
    bodies = {NewTask: new_task_model, Confirmation: confirmation_model}
    body = bodies[operation.body]() if operation.body else None
    return replace(operation, body=body, answer=state_models(TASKS).state)


@cache
def _sent_page() -> type[Wire]:
    name, entry = NotificationPage.__name__, response_model(NotificationEntry, NotificationEntry.__name__)
    return response_model(wire_model(name, NotificationPage, items=list[entry]), name)  # type: ignore[valid-type]


def _documented(operation: AnyOperation, shapes: dict[Shape, type[Wire] | None]) -> DocumentedOperation:
    def model(shape: Shape | type[Wire] | None) -> type[Wire] | None:
        return shapes[shape] if isinstance(shape, Shape) else shape

    models: Any = {name: model(getattr(operation, name)) for name in ("query", "body", "answer")}
    return cast("DocumentedOperation", replace(operation, **models))


def _shapes(entity: Entity) -> dict[Shape, type[Wire] | None]:
    return _shapes_of_records(entity) if isinstance(entity, Module) else {Shape.STATES: state_models(entity).page}


def _shapes_of_records(module: Module) -> dict[Shape, type[Wire] | None]:
    models = models_of(module)
    return {
        Shape.RECORD: models.answer,
        Shape.HISTORY: HistoryPage,
        Shape.LOCK: state_model(RecordLock),
        Shape.NEW_RECORD: models.new,
        Shape.PATCH: models.patch,
        Shape.LIST_QUERY: list_parameters(module),
        Shape.PAGE: models.page,
        Shape.STATS: models.stats,
        Shape.BULK: models.bulk,
        Shape.BULK_ANSWER: BulkAnswer,
        Shape.CONVERSION: models.conversion,
        Shape.CONVERTED: models.converted,
    }
