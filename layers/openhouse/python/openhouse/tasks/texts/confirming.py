"""What follows from a person's answer to records that were proposed: documents to be written, with the ids they get.

Imports nothing of the language package: whoever confirms has none of its libraries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openhouse.core import clock
from openhouse.core.errors import Invalid, invalid
from openhouse.core.merge_patch import Document, merge
from openhouse.core.wire import parse
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.writable import writable
from openhouse.tasks.imports.ids import record_id
from openhouse.tasks.kind import Confirmed
from openhouse.tasks.texts.asked import RecordsToMake, RecordToMake
from openhouse.tasks.work import Work

_BY_NOUN = {module.noun: module for module in MODULES}
_NOTHING = "nothing is left to be made: cancel the task instead"


def confirmed(work: Work, proposal: Document, answer: RecordsToMake) -> Confirmed:
    """The cursor of the writing: `records: [{noun, id, doc}]`, each after those that it names. Raises Invalid."""
    proposed = {each["ref"]: each for each in proposal["records"]}
    wanted = _wanted(proposed, answer)
    place = answer.model_dump(mode="json", by_alias=True, include={"visibility", "team_id"}, exclude_none=True)
    ids = {each.ref: each.use or record_id(work.task_id, number) for number, each in enumerate(wanted)}
    made: list[Document] = []
    for number, each in enumerate(wanted):
        if each.use is None:
            known, where = proposed[each.ref], f"answer.records.{number}."
            module = _BY_NOUN[known["noun"]]
            document = _linked({**place, **_document(known, each, where)}, ids, proposed.keys(), module)
            _check(module, document, work.user_id, where)
            if proposal["needsTeam"] and document.get("visibility", "team") == "team" and not document.get("teamId"):
                raise invalid(("answer.teamId", "name one of your teams, or choose another visibility"))
            made.append({"noun": module.noun, "id": ids[each.ref], "doc": document})
    if not made:
        raise invalid(("answer.records", _NOTHING))
    return Confirmed(cursor={"records": [*_in_order(made)]})


def _wanted(proposed: Mapping[str, Document], answer: RecordsToMake) -> list[RecordToMake]:
    if answer.records is None:
        return [RecordToMake(ref=ref) for ref, each in proposed.items() if not each["missing"]]
    refs = [each.ref for each in answer.records]
    for place, ref in enumerate(refs):
        if ref not in proposed or ref in refs[:place]:
            raise invalid((f"answer.records.{place}.ref", "no such record was proposed, or it is there twice"))
    return answer.records


def _document(known: Document, each: RecordToMake, where: str) -> Document:
    values = {name: field["value"] for name, field in known["fields"].items()}
    try:
        patch = writable(_BY_NOUN[known["noun"]], each.fields)
    except Invalid as error:
        raise _at(error, where) from error
    return merge({**values, **known["links"]}, patch)


def _linked(document: Document, ids: Mapping[str, str], proposed: Any, module: Module) -> Document:
    """With ids for the local names; without links to what is not made."""
    linked = {**document}
    for name in [*document]:
        value = document[name]
        if isinstance(value, str) and value in proposed and _is_link(module, name):
            linked[name] = ids.get(value)
        elif isinstance(value, dict) and _is_link(module, name):
            linked[name] = {ids.get(ref, ref): said for ref, said in value.items() if ref in ids or ref not in proposed}
    return {name: value for name, value in linked.items() if value is not None}


def _is_link(module: Module, name: str) -> bool:
    return name in {_camel(field) for field in module.references}


def _camel(field: str) -> str:
    first, *rest = field.split("_")
    return first + "".join(map(str.capitalize, rest))


def _check(module: Module, document: Document, user_id: str, where: str) -> None:
    """As far as its model tells; who may make it, and reaches what it names, is known when it is written."""
    at = clock.to_wire(clock.from_seconds(0))
    audit = {"createdAt": at, "createdBy": user_id, "updatedAt": at, "updatedBy": user_id}
    begun = {"status": module.first_status, "ownerId": user_id, **document}
    try:
        parse(module.model, {**begun, "id": "new", "version": 1, "room": "", **audit})
    except Invalid as error:
        raise _at(error, where) from error


def _at(error: Invalid, where: str) -> Invalid:
    faults = error.extra.get("errors", [])
    return invalid(*((f"{where}fields.{fault['field']}", fault["message"]) for fault in faults))


def _in_order(made: list[Document]) -> Iterator[Document]:
    """Each record after those that it names."""
    left = {each["id"]: each for each in made}
    while left:
        free = [each for each in left.values() if not any(id_ in left for id_ in _named(each) if id_ != each["id"])]
        for each in free or [*left.values()]:
            yield left.pop(each["id"])


def _named(made: Document) -> Iterator[str]:
    for value in made["doc"].values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value
