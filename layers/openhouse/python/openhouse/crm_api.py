"""The REST routes of every module: the same table of calls for each (docs/protocol.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from openhouse.errors import BadParameter
from openhouse.http import Answer, Api, answer
from openhouse.lists import DEFAULT_LIMIT, MAX_LIMIT, Lists, Wanted, decode_cursor
from openhouse.module import Module
from openhouse.patches import Document
from openhouse.records import Records
from openhouse.rooms import Principal

_LIST_PARAMETERS = frozenset({"limit", "cursor", "status", "archived", "owner", "q"})


def crm_api(modules: Iterable[Module], records: Records, lists: Lists) -> Api:
    api = Api()
    for module in modules:
        _add(api, module, records, lists)
    return api


def _add(api: Api, module: Module, records: Records, lists: Lists) -> None:
    all_, one = f"/{module.path}", f"/{module.path}/<id_>"

    @api.route("GET", all_)
    def get_list() -> Answer:
        return answer(HTTPStatus.OK, lists.page(module, api.principal, wanted(module, api.query)))

    @api.route("POST", all_)
    def create() -> Answer:
        who = api.principal
        return _tagged(HTTPStatus.CREATED, records.create(module, who, api.body, api.once(who)))

    @api.route("GET", one)
    def read(id_: str) -> Answer:
        return _tagged(HTTPStatus.OK, records.read(module, api.principal, id_).wire())

    @api.route("PATCH", one)
    def patch(id_: str) -> Answer:
        return change(api.principal, id_, api.body)

    @api.route("POST", f"{one}/archive")
    def archive(id_: str) -> Answer:
        return change(api.principal, id_, {"archived": True})

    @api.route("POST", f"{one}/restore")
    def restore(id_: str) -> Answer:
        return change(api.principal, id_, {"archived": False})

    @api.route("DELETE", one)
    def delete(id_: str) -> Answer:
        who = api.principal
        records.delete(module, who, id_, expected=api.expected, once=api.once(who))
        return answer(HTTPStatus.NO_CONTENT)

    def change(who: Principal, id_: str, document: Document) -> Answer:
        changed = records.patch(module, who, id_, document, expected=api.expected, once=api.once(who))
        return _tagged(HTTPStatus.OK, changed)


def wanted(module: Module, query: Mapping[str, str]) -> Wanted:
    """A list's query parameters. Raises BadParameter, naming the one."""
    if unknown := sorted(query.keys() - _LIST_PARAMETERS):
        raise BadParameter(f"unknown parameter {unknown[0]}; there are {', '.join(sorted(_LIST_PARAMETERS))}")
    statuses = frozenset(filter(None, query.get("status", "").split(",")))
    if strange := sorted(statuses - module.moves.keys()):
        raise BadParameter(f"there is no status {strange[0]}; there are {', '.join(module.moves)}")
    archived = query.get("archived")
    if archived not in (None, "true", "false"):
        raise BadParameter("archived is true or false")
    limit = query.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch("[0-9]{1,3}", limit) or not 1 <= int(limit) <= MAX_LIMIT:
        raise BadParameter(f"limit is a number from 1 to {MAX_LIMIT}")
    return Wanted(
        limit=int(limit),
        after=decode_cursor(query["cursor"]) if query.get("cursor") else None,
        statuses=statuses,
        archived=None if archived is None else archived == "true",
        owner_id=query.get("owner"),
        text=query.get("q", ""),
    )


def _tagged(status: int, record: Document) -> Answer:
    """A record with its ETag, which is its version."""
    return answer(status, record, {"ETag": f'"{record["version"]}"'})
