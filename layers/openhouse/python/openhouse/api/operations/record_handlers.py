"""What the operations on records do: each parses, calls one service, and answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from openhouse.api.http import CSV, CURSOR_HEADER, Answer, HttpRequest, answer
from openhouse.api.list_parameters import parse_list_query
from openhouse.api.operations.bodies import LockBody, ReopenBody, parse_history_query
from openhouse.collaboration.locks import LockWish
from openhouse.core.errors import BadParameter, StaleVersion
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.core.wire import parse
from openhouse.crm import export as csv
from openhouse.crm.access import Placement, abilities
from openhouse.crm.bulk import entries_of
from openhouse.crm.module import Module
from openhouse.services import Services


def list_page(module: Module, request: HttpRequest, services: Services) -> Answer:
    query = parse_list_query(module, request.query)
    page = services.lists.page(module, request.principal, query)
    items = [with_abilities(module, request.principal, record, deleted=query.deleted) for record in page["items"]]
    return answer(HTTPStatus.OK, {**page, "items": items})


def export(module: Module, request: HttpRequest, services: Services) -> Answer:
    query = parse_list_query(module, request.query)
    part = csv.told_part(services.audit, services.lists, module, request.principal, query)
    headers = {"Content-Disposition": f'attachment; filename="{module.path}.csv"'}
    more = {CURSOR_HEADER: part.cursor} if part.cursor else {}
    return Response(HTTPStatus.OK, CSV, part.text, {**headers, **more})


def create(module: Module, request: HttpRequest, services: Services) -> Answer:
    record = services.records.create(module, request.principal, request.body(), request.idempotency_key)
    return _tagged(HTTPStatus.CREATED, module, request, record)


def read_stats(module: Module, request: HttpRequest, services: Services) -> Answer:
    return answer(HTTPStatus.OK, services.stats.read(module, request.principal))


def write_many(module: Module, request: HttpRequest, services: Services) -> Answer:
    entries = entries_of(request.body())
    results = services.bulk.write(module, request.principal, entries, request.idempotency_key)
    return answer(HTTPStatus.OK, {"results": results})


def read(module: Module, request: HttpRequest, services: Services) -> Answer:
    record = services.records.read(module, request.principal, request.path["id"]).wire()
    return _tagged(HTTPStatus.OK, module, request, record)


def patch(module: Module, request: HttpRequest, services: Services) -> Answer:
    return _changed(module, request, services, request.body())


def set_archived(module: Module, request: HttpRequest, services: Services, *, archived: bool) -> Answer:
    return _changed(module, request, services, {"archived": archived})


def delete(module: Module, request: HttpRequest, services: Services) -> Answer:
    with _current_with_abilities(module, request):
        services.records.delete(
            module,
            request.principal,
            request.path["id"],
            precondition=request.precondition,
            idempotency_key=request.idempotency_key,
        )
    return answer(HTTPStatus.NO_CONTENT)


def read_history(module: Module, request: HttpRequest, services: Services) -> Answer:
    query, id_ = parse_history_query(request.query), request.path["id"]
    record = services.records.with_history(module, request.principal, id_)
    return answer(HTTPStatus.OK, services.history.page(request.principal, module.noun, record, query))


def recover(module: Module, request: HttpRequest, services: Services) -> Answer:
    record = services.records.recover(module, request.principal, request.path["id"], request.idempotency_key)
    return _tagged(HTTPStatus.OK, module, request, record)


def reopen(module: Module, request: HttpRequest, services: Services) -> Answer:
    body = parse(ReopenBody, request.body())
    with _current_with_abilities(module, request):
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


def convert(module: Module, request: HttpRequest, services: Services) -> Answer:
    assert module.conversion is not None
    into = module.conversion.into
    with _current_with_abilities(module, request):
        both = services.records.convert(
            module,
            request.principal,
            request.path["id"],
            request.body(optional=True),
            precondition=request.precondition,
            idempotency_key=request.idempotency_key,
        )
    answers = {each.noun: with_abilities(each, request.principal, both[each.noun]) for each in (module, into)}
    return answer(HTTPStatus.CREATED, answers)


def lock(module: Module, request: HttpRequest, services: Services) -> Answer:
    body = parse(LockBody, request.body(optional=True))
    wish = LockWish(token=body.token, take_over=body.take_over)
    lock = services.locks.take(module, request.principal, request.path["id"], wish, request.idempotency_key)
    return answer(HTTPStatus.OK, lock)


def unlock(module: Module, request: HttpRequest, services: Services) -> Answer:
    token = request.lock_token
    if token is None:
        raise BadParameter("Lock-Token has to name the lock that is to be released")
    services.locks.release(module, request.principal, request.path["id"], token)
    return answer(HTTPStatus.NO_CONTENT)


def _changed(module: Module, request: HttpRequest, services: Services, patch: Document) -> Answer:
    with _current_with_abilities(module, request):
        record = services.records.patch(
            module,
            request.principal,
            request.path["id"],
            patch,
            precondition=request.precondition,
            idempotency_key=request.idempotency_key,
        )
    return _tagged(HTTPStatus.OK, module, request, record)


@contextmanager
def _current_with_abilities(module: Module, request: HttpRequest) -> Iterator[None]:
    """The record that a StaleVersion tells of is like that of any other answer."""
    try:
        yield
    except StaleVersion as error:
        error.extra["current"] = with_abilities(module, request.principal, error.extra["current"])
        raise


def _tagged(status: int, module: Module, request: HttpRequest, record: Document) -> Answer:
    """A record with its ETag, which is its version."""
    return answer(status, with_abilities(module, request.principal, record), {"ETag": f'"{record["version"]}"'})


def with_abilities(module: Module, principal: Principal, record: Document, *, deleted: bool = False) -> Document:
    """A record in wire form with what the caller `can` do with it: never in a commit, which many people hear."""
    placement = Placement(
        owner_id=record["ownerId"],
        team_id=record.get("teamId"),
        visibility=record["visibility"],
        taken_over=record["takenOver"],
    )
    is_final = module.is_final(record["status"])
    return {**record, "can": abilities(principal, placement, is_final=is_final, is_deleted=deleted)}
