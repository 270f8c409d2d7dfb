"""The operations that every module's records have, and those that only some have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

from openhouse.api.http import CSV, MAX_BULK_BYTES
from openhouse.api.operations import record_handlers
from openhouse.api.operations.bodies import HistoryParameters, LockBody, ReopenBody
from openhouse.api.operations.operation import AnyOperation, Errors, Operation, Shape
from openhouse.core.errors import (
    BadParameter,
    Forbidden,
    IdempotencyMismatch,
    Invalid,
    InvalidTransition,
    Locked,
    MalformedJson,
    NotFound,
    RoomFull,
    StaleVersion,
    TooLarge,
)
from openhouse.core.principal import Principal
from openhouse.crm.access import Right
from openhouse.crm.bulk import MAX_ENTRIES
from openhouse.crm.module import Module
from openhouse.crm.reach import candidates
from openhouse.storage.keys import Key, head_key

_WRITING: Errors = (BadParameter, IdempotencyMismatch, RoomFull)
_BODY: Errors = (MalformedJson, TooLarge, Invalid)
_CHANGING: Errors = (*_WRITING, NotFound, InvalidTransition, StaleVersion, Locked, Forbidden)


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
            handle=partial(record_handlers.list_page, module),
            query=Shape.LIST_QUERY,
            answer=Shape.PAGE,
            errors=(BadParameter,),
            right=Right.READ,
        ),
        Operation(
            name=f"export{plural}",
            tag=path,
            method="GET",
            path=f"/{path}/export",
            summary=f"Lists the {path} you can read as CSV, sorted and filtered, part by part",
            handle=partial(record_handlers.export, module),
            query=Shape.LIST_QUERY,
            media_type=CSV,
            errors=(BadParameter,),
            right=Right.READ,
        ),
        Operation(
            name=f"create{name}",
            tag=path,
            method="POST",
            path=f"/{path}",
            summary=f"Creates a new {noun}",
            handle=partial(record_handlers.create, module),
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
            handle=partial(record_handlers.read_stats, module),
            answer=Shape.STATS,
            right=Right.READ,
        ),
        Operation(
            name=f"bulk{plural}",
            tag=path,
            method="POST",
            path=f"/{path}/bulk",
            summary=f"Creates or patches up to {MAX_ENTRIES} {path}; each entry has its own result",
            handle=partial(record_handlers.write_many, module),
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
            handle=partial(record_handlers.read, module),
            reads=partial(_record, module),
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
            handle=partial(record_handlers.patch, module),
            reads=partial(_record_and_heads, module),
            body=Shape.PATCH,
            patch=True,
            answer=Shape.RECORD,
            tagged=True,
            conditional=True,
            fenced=True,
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
                handle=partial(record_handlers.set_archived, module, archived=archived),
                reads=partial(_record_and_heads, module),
                answer=Shape.RECORD,
                tagged=True,
                conditional=True,
                fenced=True,
                idempotent=True,
                errors=(*_WRITING, NotFound, StaleVersion, Locked, TooLarge, Invalid, Forbidden),
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
            handle=partial(record_handlers.delete, module),
            reads=partial(_record_and_heads, module),
            status=HTTPStatus.NO_CONTENT,
            conditional=True,
            fenced=True,
            idempotent=True,
            errors=(*_WRITING, NotFound, StaleVersion, Locked, TooLarge, Forbidden),
            right=Right.DELETE,
        ),
    ]
    operations += [*_of_its_lock(module), *_after_the_end(module)]
    if module.conversion:
        operations.append(
            Operation(
                name=f"convert{name}",
                tag=path,
                method="POST",
                path=f"/{path}/{{id}}/convert",
                summary=f"Sets its status to {module.conversion.status} and creates a {module.conversion.into.noun} "
                "from it, in one transaction",
                handle=partial(record_handlers.convert, module),
                reads=partial(_record_and_heads, module),
                body=Shape.CONVERSION,
                body_is_optional=True,
                status=HTTPStatus.CREATED,
                answer=Shape.CONVERTED,
                conditional=True,
                fenced=True,
                idempotent=True,
                errors=(*_CHANGING, *_BODY),
                right=Right.EDIT,
            )
        )
    return operations


def _record(module: Module, principal: Principal, path: Mapping[str, str]) -> list[Key]:
    return candidates(principal, module.noun, path["id"])


def _record_and_heads(module: Module, principal: Principal, path: Mapping[str, str]) -> list[Key]:
    """Whichever room it is in, a commit to that one follows."""
    places = _record(module, principal, path)
    return [*places, *(head_key(room) for room in principal.rooms)] if places else []


def _of_its_lock(module: Module) -> list[AnyOperation]:
    """What keeps others from changing it while somebody is at work on it."""
    noun, path, name = module.noun, module.path, module.noun.capitalize()
    return [
        Operation(
            name=f"lock{name}",
            tag=path,
            method="POST",
            path=f"/{path}/{{id}}/lock",
            summary=f"Locks the {noun} for 5 minutes, or prolongs your lock",
            handle=partial(record_handlers.lock, module),
            reads=partial(_record_and_heads, module),
            body=LockBody,
            body_is_optional=True,
            answer=Shape.LOCK,
            idempotent=True,
            errors=(*_WRITING, NotFound, Locked, Forbidden, *_BODY),
            right=Right.EDIT,
        ),
        Operation(
            name=f"unlock{name}",
            tag=path,
            method="DELETE",
            path=f"/{path}/{{id}}/lock",
            summary="Releases your lock; a lock that is over or somebody else's by now stays as it is",
            handle=partial(record_handlers.unlock, module),
            reads=partial(_record_and_heads, module),
            status=HTTPStatus.NO_CONTENT,
            fenced=True,
            errors=(BadParameter, NotFound),
            right=Right.READ,
        ),
    ]


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
            handle=partial(record_handlers.read_history, module),
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
            handle=partial(record_handlers.recover, module),
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
                handle=partial(record_handlers.reopen, module),
                reads=partial(_record_and_heads, module),
                body=ReopenBody,
                answer=Shape.RECORD,
                tagged=True,
                conditional=True,
                fenced=True,
                idempotent=True,
                errors=(*_CHANGING, *_BODY),
                right=Right.REOPEN,
            )
        )
    return operations
