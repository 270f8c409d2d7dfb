"""A list as CSV (RFC 4180, UTF-8), for spreadsheets: as many records as one answer takes, and where to go on.

No text of anybody's becomes a formula: before what a spreadsheet would take for one stands an apostrophe. That may be
within a text, too: where decimals have a comma, Excel divides cells by semicolons, whatever quotes say.
https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic.alias_generators import to_camel

from openhouse.core.principal import Principal
from openhouse.core.wire import Wire
from openhouse.crm.cursors import Cursor
from openhouse.crm.list_query import MAX_LIMIT, ListQuery
from openhouse.crm.lists import Lists
from openhouse.crm.module import Module
from openhouse.identity.audit import AuditTrail, Deed

MOST_PAGES = 10  # of a list, in one answer
MOST_CHARACTERS = (
    1_000_000  # after which an answer ends: Lambda takes 6 MB, and some characters are three bytes, or six
)
BEGIN = "\ufeff"  # by which Excel knows UTF-8

_BREAKS = ("\t", "\r", "\n")
_FORMULA = re.compile(r"((?:^|[;|\t\r\n])[ \xa0\u200b\ufeff\"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


class Part(NamedTuple):
    """`text` begins with the names of the columns if it is the first. No `cursor`: it is the last."""

    text: str
    cursor: str | None
    records: int


def told_part(audit: AuditTrail, lists: Lists, module: Module, principal: Principal, query: ListQuery) -> Part:
    """The same as `part`; nobody takes records out of the product without the audit trail telling of it."""
    found = part(lists, module, principal, query)
    audit.note(principal, Deed(act="records_exported", subject=module.path, after={"records": str(found.records)}))
    return found


def part(lists: Lists, module: Module, principal: Principal, query: ListQuery) -> Part:
    """The next records of a list, from the query's cursor on."""
    columns = columns_of(module)
    out, count = io.StringIO(), 0
    writer = csv.writer(out)
    if query.cursor is None:
        out.write(BEGIN)
        writer.writerow(map(to_camel, columns))
    for _ in range(MOST_PAGES):
        records, cursor = lists.records(module, principal, replace(query, limit=MAX_LIMIT))
        count += len(records)
        for record in records:
            known = record.wire()
            writer.writerow(cell(known.get(to_camel(name))) for name in columns)
        if cursor is None:
            return Part(out.getvalue(), None, count)
        query = replace(query, cursor=cursor)
        if out.tell() > MOST_CHARACTERS:
            break
    assert isinstance(query.cursor, Cursor)
    return Part(out.getvalue(), query.cursor.text(), count)


def columns_of(module: Module) -> list[str]:
    """The fields that fit into one cell: not checklists, documents and the like."""
    fields = module.model.model_fields
    return [name for name in ("id", *(name for name in fields if name != "id")) if _fits(fields[name].annotation)]


def cell(value: Any) -> str | int | float | None:
    """Sets and maps of values as their members, with semicolons between."""
    if isinstance(value, dict):
        return _text("; ".join(_members(value)))
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    guarded = _FORMULA.sub(r"\1'", text)
    return f"'{guarded}" if text.startswith(_BREAKS) else guarded


def _members(value: dict[str, Any]) -> Iterator[str]:
    for name, entry in value.items():
        yield name if entry is True else str(entry["value"])


def _fits(annotation: Any) -> bool:
    if get_origin(annotation) is dict:
        entry = get_args(annotation)[1]
        return Literal[True] in (entry, *get_args(entry)) or "value" in getattr(entry, "model_fields", {})
    return not (isinstance(annotation, type) and issubclass(annotation, Wire))
