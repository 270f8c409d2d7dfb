"""The REST routes of every module: the same table of calls for each (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from openhouse.api.http import MAX_BODY_BYTES, Answer, Api, answer
from openhouse.api.list_parameters import wanted
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm.bulk import Bulk, entries_of
from openhouse.crm.lists import Lists
from openhouse.crm.module import Module
from openhouse.crm.records import Records
from openhouse.crm.stats import Stats

MAX_BULK_BYTES = 5 * MAX_BODY_BYTES  # 3 MB: Lambda takes no more than 6 MB, and quotes grow on the way to it


def crm_routes(modules: Iterable[Module], records: Records, lists: Lists, stats: Stats, bulk: Bulk) -> Api:
    api = Api()
    for module in modules:
        _add(api, module, records, lists, stats)
        _add_bulk(api, module, bulk)
        if module.conversion:
            _add_conversion(api, module, records)
    return api


def _add(api: Api, module: Module, records: Records, lists: Lists, stats: Stats) -> None:
    all_, one = f"/{module.path}", f"/{module.path}/<id_>"

    @api.route("GET", all_)
    def get_list() -> Answer:
        return answer(HTTPStatus.OK, lists.page(module, api.principal, wanted(module, api.query)))

    @api.route("POST", all_)
    def create() -> Answer:
        who = api.principal
        return _tagged(HTTPStatus.CREATED, records.create(module, who, api.body(), api.idempotency_key(who)))

    @api.route("GET", f"{all_}/stats")
    def get_stats() -> Answer:
        return answer(HTTPStatus.OK, stats.read(module, api.principal))

    @api.route("GET", one)
    def read(id_: str) -> Answer:
        return _tagged(HTTPStatus.OK, records.read(module, api.principal, id_).wire())

    @api.route("PATCH", one)
    def patch(id_: str) -> Answer:
        return change(api.principal, id_, api.body())

    @api.route("POST", f"{one}/archive")
    def archive(id_: str) -> Answer:
        return change(api.principal, id_, {"archived": True})

    @api.route("POST", f"{one}/restore")
    def restore(id_: str) -> Answer:
        return change(api.principal, id_, {"archived": False})

    @api.route("DELETE", one)
    def delete(id_: str) -> Answer:
        who = api.principal
        records.delete(module, who, id_, precondition=api.precondition, idempotency_key=api.idempotency_key(who))
        return answer(HTTPStatus.NO_CONTENT)

    def change(who: Principal, id_: str, document: Document) -> Answer:
        changed = records.patch(
            module, who, id_, document, precondition=api.precondition, idempotency_key=api.idempotency_key(who)
        )
        return _tagged(HTTPStatus.OK, changed)


def _add_bulk(api: Api, module: Module, bulk: Bulk) -> None:
    @api.route("POST", f"/{module.path}/bulk")
    def write_many() -> Answer:
        who = api.principal
        entries = entries_of(api.body(MAX_BULK_BYTES))
        results = bulk.write(module, who, entries, api.idempotency_key(who, MAX_BULK_BYTES))
        return answer(HTTPStatus.OK, {"results": results})


def _add_conversion(api: Api, module: Module, records: Records) -> None:
    @api.route("POST", f"/{module.path}/<id_>/convert")
    def convert(id_: str) -> Answer:
        who = api.principal
        both = records.convert(
            module,
            who,
            id_,
            api.body(optional=True),
            precondition=api.precondition,
            idempotency_key=api.idempotency_key(who),
        )
        return answer(HTTPStatus.CREATED, both)


def _tagged(status: int, record: Document) -> Answer:
    """A record with its ETag, which is its version."""
    return answer(status, record, {"ETag": f'"{record["version"]}"'})
