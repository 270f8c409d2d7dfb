"""The operations on files: their content goes past them, to and from addresses that they give."""

from __future__ import annotations

from http import HTTPStatus

from pydantic.alias_generators import to_snake

from openhouse.api.files import Address, FileList, FilesQuery, KeptFile, NewFile, ReadableFile
from openhouse.api.http import Answer, HttpRequest, answer
from openhouse.api.operations.operation import AnyOperation, Errors, Operation
from openhouse.api.query_parameters import parse_parameters
from openhouse.core.errors import (
    BadParameter,
    Conflict,
    Forbidden,
    Invalid,
    Locked,
    MalformedJson,
    NotFound,
    TooLarge,
)
from openhouse.core.wire import parse
from openhouse.crm.access import Right
from openhouse.crm.records import Precondition
from openhouse.crm.uploads import Wish
from openhouse.services import Services

_TAG = "files"
_WRITING: Errors = (NotFound, Forbidden, Locked, BadParameter)


def _unlocked(request: HttpRequest) -> Precondition:
    """Raises BadParameter."""
    return Precondition(lock_token=request.lock_token)


def _create(request: HttpRequest, services: Services) -> Answer:
    body = parse(NewFile, request.body())
    of = body.for_
    wish = Wish(
        name=body.name,
        type=body.type,
        size=body.size,
        noun=of.noun,
        record_id=of.id or "",
        field=to_snake(of.field or ""),
    )
    return answer(HTTPStatus.CREATED, services.uploads.begin(request.principal, wish, _unlocked(request)))


def _finish(request: HttpRequest, services: Services) -> Answer:
    return answer(HTTPStatus.OK, services.uploads.finish(request.principal, request.path["id"], _unlocked(request)))


def _list(request: HttpRequest, services: Services) -> Answer:
    query = parse_parameters(FilesQuery, request.query)
    if query.ids and query.noun is None and query.id is None:
        found = services.files.read_some(request.principal, query.ids)
    elif query.noun is not None and query.id is not None and not query.ids:
        found = services.files.of_record(request.principal, query.noun, query.id)
    else:
        raise BadParameter("name a record by noun and id, or files by ids")
    return answer(HTTPStatus.OK, {"items": found})


def _read(request: HttpRequest, services: Services) -> Answer:
    return answer(HTTPStatus.OK, services.files.read(request.principal, request.path["id"]))


def _delete(request: HttpRequest, services: Services) -> Answer:
    services.files.delete(request.principal, request.path["id"], _unlocked(request))
    return answer(HTTPStatus.NO_CONTENT)


FILE_OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(
        name="createFile",
        tag=_TAG,
        method="POST",
        path="/files",
        summary="Gives the address to which a file is to be sent, for a record that you may edit or for an import",
        handle=_create,
        body=NewFile,
        status=HTTPStatus.CREATED,
        answer=Address,
        fenced=True,
        errors=(MalformedJson, TooLarge, Invalid, *_WRITING),
        right=Right.EDIT,
    ),
    Operation(
        name="listFiles",
        tag=_TAG,
        method="GET",
        path="/files",
        summary="Lists the files of a record, or some files, each with an address that gives it for 5 minutes",
        handle=_list,
        query=FilesQuery,
        answer=FileList,
        errors=(BadParameter, NotFound),
        right=Right.READ,
    ),
    Operation(
        name="getFile",
        tag=_TAG,
        method="GET",
        path="/files/{id}",
        summary="Returns a file with an address that gives it for 5 minutes",
        handle=_read,
        answer=ReadableFile,
        errors=(NotFound,),
        right=Right.READ,
    ),
    Operation(
        name="finishFile",
        tag=_TAG,
        method="POST",
        path="/files/{id}/done",
        summary="Says that a file was sent: its content is looked at, and its record shows it",
        handle=_finish,
        answer=KeptFile,
        fenced=True,
        errors=(Conflict, TooLarge, Invalid, *_WRITING),
        right=Right.EDIT,
    ),
    Operation(
        name="deleteFile",
        tag=_TAG,
        method="DELETE",
        path="/files/{id}",
        summary="Takes a file out of its record; its content goes after 30 days",
        handle=_delete,
        status=HTTPStatus.NO_CONTENT,
        fenced=True,
        errors=_WRITING,
        right=Right.EDIT,
    ),
)
