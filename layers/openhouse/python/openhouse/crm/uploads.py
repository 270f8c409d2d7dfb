"""Files on their way: where a browser sends one, and what becomes of it once it has come.

Three steps: an address that takes it, the browser's own upload, and `finish`, which looks at what came. An address can
be used again until it expires, so one version of what came is settled on first, and exactly that one is copied to where
nobody uploads to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from pydantic.alias_generators import to_camel

from openhouse.core import clock, ids
from openhouse.core.clock import Clock
from openhouse.core.errors import Conflict, NotFound, TooLarge, invalid
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm import changes
from openhouse.crm.access import Right, authorize
from openhouse.crm.changes import Change
from openhouse.crm.fields import StoredFile
from openhouse.crm.file_rows import IMPORT, FileRow
from openhouse.crm.file_types import READ_BYTES, SHOWN_IMAGES, proven_type, served_as, usual
from openhouse.crm.files import Files, object_of, told
from openhouse.crm.module import Module, Record
from openhouse.crm.records import ANYTHING, Precondition, Records
from openhouse.storage.bucket import Bucket
from openhouse.storage.keys import file_key
from openhouse.storage.object_keys import upload_object
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import ABSENT, PRESENT, Put, Update, Write, equals

MAX_FILE_BYTES = 25_000_000
MAX_IMPORT_BYTES = 50_000_000
UPLOAD_SECONDS = 15 * 60  # for which an address takes a file
KEPT_UNFINISHED = timedelta(days=1)  # the bucket's rules know it, too (infra/file_bucket.py)
KEPT_IMPORTED = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A file that somebody wants to upload. `size` in bytes; `record_id` and `field` are empty for an import."""

    name: str
    type: str
    size: int
    noun: str
    record_id: str = ""
    field: str = ""


class Uploads:
    def __init__(
        self,
        table: Table,
        records: Records,
        files: Files,
        bucket: Callable[[], Bucket],
        *,
        now: Clock = clock.utc_now,
        new_id: Callable[[datetime], str] = ids.uuid7,
    ) -> None:
        self._table = table
        self._records = records
        self._files = files
        self._bucket = bucket
        self._now = now
        self._new_id = new_id

    def begin(self, principal: Principal, wish: Wish, precondition: Precondition = ANYTHING) -> Document:
        """Where to send it: `{id, url, fields, expiresAt}`. Raises Invalid, TooLarge, NotFound, Forbidden, Locked."""
        if wish.noun != IMPORT:
            self._authorize(principal, wish, precondition)
        most = MAX_IMPORT_BYTES if wish.noun == IMPORT else MAX_FILE_BYTES
        if wish.size > most:
            raise TooLarge(f"a file may hold {most // 1_000_000} MB here")
        now = self._now()
        row = FileRow(
            id=self._new_id(now),
            noun=wish.noun,
            record_id=wish.record_id,
            field=wish.field,
            name=wish.name,
            type=usual(wish.type),
            size=wish.size,
            by=principal.user_id,
            ends_at=clock.seconds(now + KEPT_UNFINISHED),
        )
        self._table.write(Put(row.item(principal.brokerage_id), ABSENT))
        key = upload_object(principal.brokerage_id, row.id)
        post = self._bucket().post_address(key, type_=row.type, size=row.size, seconds=UPLOAD_SECONDS)
        expires_at = clock.to_wire(now + timedelta(seconds=UPLOAD_SECONDS))
        return {"id": row.id, "url": post.url, "fields": post.fields, "expiresAt": expires_at}

    def finish(self, principal: Principal, id_: str, precondition: Precondition = ANYTHING) -> Document:
        """Says that it is there. May be repeated. Returns the file, without an address.

        Raises NotFound, Conflict if nothing came yet, Invalid if it is not what was said, Forbidden, Locked, TooLarge,
        Busy.
        """
        row = self._own(principal, id_)
        if not row.kept:
            if row.noun != IMPORT:
                self._authorize(principal, row, precondition)
            row = self._settled(principal, row)
            self._keep(principal, row)
            row = self._kept(principal, row, precondition)
        return told(row, row.name)

    def _authorize(self, principal: Principal, wish: Wish | FileRow, precondition: Precondition) -> None:
        module = self._files.modules.get(wish.noun)
        if module is None:
            raise invalid(("for.noun", f"must be one of {', '.join([*self._files.modules, IMPORT])}"))
        kind = module.holds_files.get(wish.field)
        if kind is None:
            raise invalid(("for.field", f"must be one of {', '.join(map(to_camel, module.holds_files))}"))
        found = self._records.find(module, principal, wish.record_id)
        precondition.check(principal, found, self._now())
        authorize(principal, found.record, Right.EDIT)
        if not kind.takes(wish.type):
            raise invalid(("type", f"must be one of {', '.join(sorted(SHOWN_IMAGES))}"))

    def _own(self, principal: Principal, id_: str) -> FileRow:
        """Whoever began to upload it says that it is there. Raises NotFound."""
        row = self._files.rows(principal, [id_]).get(id_)
        if row is None or row.by != principal.user_id:
            raise NotFound("you have begun to upload no such file")
        return row

    def _settled(self, principal: Principal, row: FileRow) -> FileRow:
        """The version of what came that counts from now on, whatever comes later; its content is what was said."""
        if row.upload:
            return row
        key = upload_object(principal.brokerage_id, row.id)
        upload = self._bucket().newest(key)
        if upload is None:
            raise Conflict("nothing has come yet: send the file to the address first")
        if upload.size != row.size:
            raise invalid(("size", f"is {row.size}, but {upload.size} bytes came"))
        type_ = proven_type(row.type, self._bucket().beginning(key, upload.version, READ_BYTES))
        settled = replace(row, upload=upload.version, type=type_)
        try:
            self._table.write(
                Update(
                    file_key(principal.brokerage_id, row.id),
                    {"upload": upload.version, "type": type_},
                    equals(upload=""),
                )
            )
        except WriteConflict:  # it was said twice at once
            return self._own(principal, row.id)
        return settled

    def _keep(self, principal: Principal, row: FileRow) -> None:
        """May be repeated: it is the same content."""
        type_, disposition = served_as(row.type, row.name)
        origin, to = upload_object(principal.brokerage_id, row.id), object_of(principal, row)
        if not self._bucket().copy(origin, row.upload, to, type_=type_, disposition=disposition):
            raise Conflict("what came is gone: upload the file again")

    def _kept(self, principal: Principal, row: FileRow, precondition: Precondition) -> FileRow:
        """From now on it is read; that of a record in the commit that shows it to everyone."""
        if row.noun == IMPORT:
            kept = replace(row, kept=True, ends_at=clock.seconds(self._now() + KEPT_IMPORTED))
            self._table.write(Put(kept.item(principal.brokerage_id), PRESENT))
            return kept
        kept = replace(row, kept=True, ends_at=None)
        module = self._files.modules[row.noun]
        self._records.change(
            module,
            principal,
            row.record_id,
            partial(self._attached, principal, module, kept),
            precondition=precondition,
        )
        return kept

    def _attached(
        self, principal: Principal, module: Module, row: FileRow, record: Record, now: datetime
    ) -> tuple[Change, Sequence[Write]] | None:
        if self._own(principal, row.id).kept:  # by another call
            return None
        file = StoredFile(name=row.name, type=row.type, size=row.size, by=row.by, at=now)
        change = changes.attach(module, principal, record, row.field, row.id, file, now=now)
        return change, [Put(row.item(principal.brokerage_id), equals(upload=row.upload, kept=False))]
