"""Files as they are read: from where their content comes, for whoever may read the record that they belong to.

What is told of a file (its name, type and place among the others) is in the record, so it is live, has a history and
follows the record's rights. Whoever uploaded a file for an import reads it, and nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from pydantic.alias_generators import to_camel

from openhouse.core import clock, ids
from openhouse.core.clock import Clock
from openhouse.core.errors import NotFound
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm.fields import StoredFile
from openhouse.crm.file_rows import IMPORT, FileRow
from openhouse.crm.file_types import served_as
from openhouse.crm.module import Module, Record
from openhouse.crm.records import ANYTHING, Precondition, Records
from openhouse.storage.bucket import Bucket
from openhouse.storage.keys import file_key
from openhouse.storage.object_keys import file_object, import_object
from openhouse.storage.table import Table

FETCH_SECONDS = 5 * 60  # for which an address gives a file


class Files:
    def __init__(
        self,
        table: Table,
        records: Records,
        bucket: Callable[[], Bucket],
        modules: Sequence[Module],
        *,
        now: Clock = clock.utc_now,
    ) -> None:
        self._table = table
        self._records = records
        self._bucket = bucket
        self.modules = {module.noun: module for module in modules if module.holds_files}
        self._now = now

    def read(self, principal: Principal, id_: str) -> Document:
        """One file with the address that gives it. Raises NotFound, Busy."""
        for found in self.read_some(principal, [id_]):
            return found
        raise NotFound("there is no such file")

    def read_some(self, principal: Principal, ids_: Iterable[str]) -> list[Document]:
        """Those of the named files that the caller may read, in that order. Raises Busy."""
        wanted = list(dict.fromkeys(ids_))
        rows = self.rows(principal, wanted)
        by_noun: dict[str, set[str]] = {}
        for row in rows.values():
            if row.kept and row.noun != IMPORT:
                by_noun.setdefault(row.noun, set()).add(row.record_id)
        records = {
            (noun, record.id): record
            for noun, named in by_noun.items()
            for record in self._records.read_some(self.modules[noun], principal, sorted(named)).values()
        }
        found: list[Document] = []
        for row in (rows[id_] for id_ in wanted if id_ in rows):
            if row.noun == IMPORT:
                if row.kept and row.by == principal.user_id:
                    found.append(self._with_address(principal, row, row.name))
            elif file := _file_in(records.get((row.noun, row.record_id)), row):
                found.append(self._with_address(principal, row, file.name))
        return found

    def of_record(self, principal: Principal, noun: str, id_: str) -> list[Document]:
        """All files of a record, in their order. Raises NotFound, Busy."""
        module = self.modules.get(noun)
        if module is None:
            raise NotFound("nothing of that kind has files")
        record = self._records.read(module, principal, id_)
        return [
            self._with_address(principal, _row_of(noun, id_, field, file_id, file), file.name)
            for field in module.holds_files
            for file_id, file in sorted(getattr(record, field).items(), key=_place)
        ]

    def delete(self, principal: Principal, id_: str, precondition: Precondition = ANYTHING) -> None:
        """Takes it out of its record; its content goes after 30 days. Raises NotFound, Forbidden, Locked, Busy."""
        row = self.rows(principal, [id_]).get(id_)
        if row is None or ((not row.kept or row.noun == IMPORT) and row.by != principal.user_id):
            raise NotFound("there is no such file")
        if row.kept and row.noun != IMPORT:
            module = self.modules[row.noun]
            if not _file_in(self._records.read(module, principal, row.record_id), row):
                raise NotFound("there is no such file")
            self._records.patch(
                module, principal, row.record_id, {to_camel(row.field): {id_: None}}, precondition=precondition
            )
            return
        if row.kept:
            self._bucket().delete(import_object(principal.brokerage_id, id_))
        self._table.delete_all([file_key(principal.brokerage_id, id_)])

    def rows(self, principal: Principal, ids_: Iterable[str]) -> dict[str, FileRow]:
        """What is known of those that there are in the caller's brokerage, whoever may read them."""
        now = clock.seconds(self._now())
        keys = [file_key(principal.brokerage_id, id_) for id_ in ids_ if len(id_) <= ids.MAX_ID_LENGTH]
        rows = [FileRow.of(item["pk"].rpartition("#")[2], item) for item in self._table.get_many(keys)]
        return {row.id: row for row in rows if row.ends_at is None or row.ends_at > now}

    def _with_address(self, principal: Principal, row: FileRow, name: str) -> Document:
        type_, disposition = served_as(row.type, name)
        now = self._now()
        url = self._bucket().get_address(
            object_of(principal, row), type_=type_, disposition=disposition, seconds=FETCH_SECONDS
        )
        expires_at = clock.to_wire(now + timedelta(seconds=FETCH_SECONDS))
        return {**told(row, name), "url": url, "expiresAt": expires_at}


def object_of(principal: Principal, row: FileRow) -> str:
    """Where its content is, once it is kept."""
    if row.noun == IMPORT:
        return import_object(principal.brokerage_id, row.id)
    return file_object(principal.brokerage_id, row.noun, row.record_id, row.id)


def told(row: FileRow, name: str) -> Document:
    """A file in wire form, without an address."""
    to = {"noun": row.noun, **({"id": row.record_id, "field": to_camel(row.field)} if row.noun != IMPORT else {})}
    return {"id": row.id, "name": name, "type": row.type, "size": row.size, "by": row.by, "for": to}


def _file_in(record: Record | None, row: FileRow) -> StoredFile | None:
    files: dict[str, StoredFile] = getattr(record, row.field, {})
    return files.get(row.id)


def _row_of(noun: str, record_id: str, field: str, id_: str, file: StoredFile) -> FileRow:
    return FileRow(
        id=id_,
        noun=noun,
        record_id=record_id,
        field=field,
        name=file.name,
        type=file.type,
        size=file.size,
        by=file.by,
        ends_at=None,
        kept=True,
    )


def _place(entry: tuple[str, StoredFile]) -> tuple[str, str]:
    id_, file = entry
    return file.position or "", id_
