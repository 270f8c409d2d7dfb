"""The operations that every module's records have, and those that only some have."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from openhouse.api.http import MAX_BULK_BYTES, Answer, HttpRequest, answer
from openhouse.api.list_parameters import parse_list_query
from openhouse.api.operations.bodies import HistoryParameters, ReopenBody
from openhouse.api.operations.operation import AnyOperation, Errors, Operation, Shape
from openhouse.core.errors import (
    BadParameter,
    Busy,
    Forbidden,
    IdempotencyMismatch,
    Invalid,
    InvalidTransition,
    MalformedJson,
    NotFound,
    StaleVersion,
    TooLarge,
)
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.core.wire import parse
from openhouse.crm.access import Placement, Right, abilities
from openhouse.crm.bulk import MAX_ENTRIES, entries_of
from openhouse.crm.history import parse_history_query
from openhouse.crm.module import Module
from openhouse.services import Services

_WRITING: Errors = (BadParameter, IdempotencyMismatch, Busy)
_BODY: Errors = (MalformedJson, TooLarge, Invalid)
_CHANGING: Errors = (*_WRITING, NotFound, InvalidTransition, StaleVersion, Forbidden)


def record_operations(module: Module) -> list[AnyOperation]:
    """A fixed path comes before one with parameters that would match it too."""
    noun, path = module.noun, module.path
    name, plural = noun.capitalize(), path.capitalize()
    operations: list[AnyOperation] = [
        Operation(
            name=f"list{plural}",
            tag=path,
            method="GET",
            path=f"/{path}",
            summary=f"Lists the {path} you can read, sorted and filtered, page by page",
            handle=partial(_list, module),
            query=Shape.LIST_QUERY,
            answer=Shape.PAGE,
            errors=(BadParameter,),
            right=Right.READ,
        ),
        Operation(
            name=f"create{name}",
            tag=path,
            method="POST",
            path=f"/{path}",
            summary=f"Creates a new {noun}",
            handle=partial(_create, module),
            body=Shape.NEW_RECORD,
            status=HTTPStatus.CREATED,
            answer=Shape.RECORD,
            tagged=True,
            idempotent=True,
            errors=(*_WRITING, *_BODY, Forbidden),
        ),
        Operation(
            name=f"get{name}Stats",
            tag=path,
            method="GET",
            path=f"/{path}/stats",
            summary="Counts records by status and adds up their totals, for each of your rooms and for all of them",
            handle=partial(_stats, module),
            answer=Shape.STATS,
            right=Right.READ,
        ),
        Operation(
            name=f"bulk{plural}",
            tag=path,
            method="POST",
            path=f"/{path}/bulk",
            summary=f"Creates or patches up to {MAX_ENTRIES} {path}; each entry has its own result",
            handle=partial(_bulk, module),
            body=Shape.BULK,
            max_body_bytes=MAX_BULK_BYTES,
            answer=Shape.BULK_ANSWER,
            idempotent=True,
            errors=(BadParameter, IdempotencyMismatch, *_BODY),  # an entry alone may be too late: its result says so
        ),
        Operation(
            name=f"get{name}",
            tag=path,
            method="GET",
            path=f"/{path}/{{id}}",
            summary=f"Returns one {noun}",
            handle=partial(_read, module),
            answer=Shape.RECORD,
            tagged=True,
            errors=(NotFound,),
            right=Right.READ,
        ),
        Operation(
            name=f"patch{name}",
            tag=path,
            method="PATCH",
            path=f"/{path}/{{id}}",
            summary="Changes some of its fields (a merge patch, RFC 7396)",
            handle=partial(_patch, module),
            body=Shape.PATCH,
            patch=True,
            answer=Shape.RECORD,
            tagged=True,
            conditional=True,
            idempotent=True,
            errors=(*_CHANGING, *_BODY),
            right=Right.EDIT,
        ),
        *(
            AnyOperation(
                name=f"{verb}{name}",
                tag=path,
                method="POST",
                path=f"/{path}/{{id}}/{verb}",
                summary=summary,
                handle=partial(_set_archived, module, archived=archived),
                answer=Shape.RECORD,
                tagged=True,
                conditional=True,
                idempotent=True,
                errors=(*_WRITING, NotFound, StaleVersion, TooLarge, Invalid, Forbidden),
                right=Right.EDIT,
            )
            for verb, archived, summary in (
                ("archive", True, "Archives it"),
                ("restore", False, "Takes it out of the archive"),
            )
        ),
        Operation(
            name=f"delete{name}",
            tag=path,
            method="DELETE",
            path=f"/{path}/{{id}}",
            summary="Deletes it; within 30 days it can be recovered",
            handle=partial(_delete, module),
            status=HTTPStatus.NO_CONTENT,
            conditional=True,
            idempotent=True,
            errors=(*_WRITING, NotFound, StaleVersion, TooLarge, Forbidden),
            right=Right.DELETE,
        ),
    ]
    operations += _after_the_end(module)
    if module.conversion:
        operations.append(
            Operation(
                name=f"convert{name}",
                tag=path,
                method="POST",
                path=f"/{path}/{{id}}/convert",
                summary=f"Sets its status to {module.conversion.status} and creates a {module.conversion.into.noun} "
                "from it, in one transaction",
                handle=partial(_convert, module),
                body=Shape.CONVERSION,
                body_is_optional=True,
                status=HTTPStatus.CREATED,
                answer=Shape.CONVERTED,
                conditional=True,
                idempotent=True,
                errors=(*_CHANGING, *_BODY),
                right=Right.EDIT,
            )
        )
    return operations


def _after_the_end(module: Module) -> list[AnyOperation]:
    """What remains possible with a record that is closed or deleted, and what is known of it."""
    noun, path, name = module.noun, module.path, module.noun.capitalize()
    operations: list[AnyOperation] = [
        Operation(
            name=f"get{name}History",
            tag=path,
            method="GET",
            path=f"/{path}/{{id}}/history",
            summary=f"Lists who changed what in the {noun}, and when: newest first, page by page",
            handle=partial(_history, module),
            query=HistoryParameters,
            answer=Shape.HISTORY,
            errors=(BadParameter, NotFound),
            right=Right.READ,
        ),
        Operation(
            name=f"recover{name}",
            tag=path,
            method="POST",
            path=f"/{path}/{{id}}/recover",
            summary="Recovers it within 30 days of its deletion",
            handle=partial(_recover, module),
            answer=Shape.RECORD,
            tagged=True,
            idempotent=True,
            errors=(*_WRITING, NotFound, TooLarge, Forbidden),
            right=Right.DELETE,
        ),
    ]
    if any(map(module.is_final, module.transitions)):
        operations.append(
            Operation(
                name=f"reopen{name}",
                tag=path,
                method="POST",
                path=f"/{path}/{{id}}/reopen",
                summary="Reopens it from a final status; the reason is kept in its history",
                handle=partial(_reopen, module),
                body=ReopenBody,
                answer=Shape.RECORD,
                tagged=True,
                conditional=True,
                idempotent=True,
                errors=(*_CHANGING, *_BODY),
                right=Right.REOPEN,
            )
        )
    return operations


def _list(module: Module, request: HttpRequest, services: Services) -> Answer:
    query = parse_list_query(module, request.query)
    page = services.lists.page(module, request.principal, query)
    items = [answered(module, request.principal, record, deleted=query.deleted) for record in page["items"]]
    return answer(HTTPStatus.OK, {**page, "items": items})


def _create(module: Module, request: HttpRequest, services: Services) -> Answer:
    record = services.records.create(module, request.principal, request.body(), request.idempotency_key)
    return _tagged(HTTPStatus.CREATED, module, request, record)


def _stats(module: Module, request: HttpRequest, services: Services) -> Answer:
    return answer(HTTPStatus.OK, services.stats.read(module, request.principal))


def _bulk(module: Module, request: HttpRequest, services: Services) -> Answer:
    entries = entries_of(request.body())
    results = services.bulk.write(module, request.principal, entries, request.idempotency_key)
    return answer(HTTPStatus.OK, {"results": results})


def _read(module: Module, request: HttpRequest, services: Services) -> Answer:
    record = services.records.read(module, request.principal, request.path["id"]).wire()
    return _tagged(HTTPStatus.OK, module, request, record)


def _patch(module: Module, request: HttpRequest, services: Services) -> Answer:
    return _changed(module, request, services, request.body())


def _set_archived(module: Module, request: HttpRequest, services: Services, *, archived: bool) -> Answer:
    return _changed(module, request, services, {"archived": archived})


def _delete(module: Module, request: HttpRequest, services: Services) -> Answer:
    services.records.delete(
        module,
        request.principal,
        request.path["id"],
        precondition=request.precondition,
        idempotency_key=request.idempotency_key,
    )
    return answer(HTTPStatus.NO_CONTENT)


def _history(module: Module, request: HttpRequest, services: Services) -> Answer:
    query, id_ = parse_history_query(request.query), request.path["id"]
    services.records.check_readable(module, request.principal, id_)
    return answer(HTTPStatus.OK, services.history.page(request.principal, module.noun, id_, query))


def _recover(module: Module, request: HttpRequest, services: Services) -> Answer:
    record = services.records.recover(module, request.principal, request.path["id"], request.idempotency_key)
    return _tagged(HTTPStatus.OK, module, request, record)


def _reopen(module: Module, request: HttpRequest, services: Services) -> Answer:
    body = parse(ReopenBody, request.body())
    record = services.records.reopen(
        module,
        request.principal,
        request.path["id"],
        body.status,
        body.reason,
        precondition=request.precondition,
        idempotency_key=request.idempotency_key,
    )
    return _tagged(HTTPStatus.OK, module, request, record)


def _convert(module: Module, request: HttpRequest, services: Services) -> Answer:
    assert module.conversion is not None
    into = module.conversion.into
    both = services.records.convert(
        module,
        request.principal,
        request.path["id"],
        request.body(optional=True),
        precondition=request.precondition,
        idempotency_key=request.idempotency_key,
    )
    answers = {each.noun: answered(each, request.principal, both[each.noun]) for each in (module, into)}
    return answer(HTTPStatus.CREATED, answers)


def _changed(module: Module, request: HttpRequest, services: Services, patch: Document) -> Answer:
    record = services.records.patch(
        module,
        request.principal,
        request.path["id"],
        patch,
        precondition=request.precondition,
        idempotency_key=request.idempotency_key,
    )
    return _tagged(HTTPStatus.OK, module, request, record)


def _tagged(status: int, module: Module, request: HttpRequest, record: Document) -> Answer:
    """A record with its ETag, which is its version."""
    return answer(status, answered(module, request.principal, record), {"ETag": f'"{record["version"]}"'})


def answered(module: Module, principal: Principal, record: Document, *, deleted: bool = False) -> Document:
    """A record in wire form with what the caller `can` do with it: never in a commit, which many people hear."""
    placement = Placement(
        owner_id=record["ownerId"],
        team_id=record.get("teamId"),
        visibility=record["visibility"],
        taken_over=record["takenOver"],
    )
    is_final = module.is_final(record["status"])
    return {**record, "can": abilities(principal, placement, is_final=is_final, is_deleted=deleted)}
