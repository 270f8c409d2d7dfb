"""What the table keeps of files beside their records: where each belongs, and which are to go and from when on. Pure.

A row that says what is to go is written in the transaction that takes a file out of its record, or deletes the record:
it stays until that is done, so nothing depends on an event that somebody has to hear.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from openhouse.core import clock
from openhouse.crm.changes import Change
from openhouse.crm.module import Module, Record
from openhouse.storage.keys import Item, Key, file_end_key, file_key
from openhouse.storage.writes import ABSENT, Put, Write

IMPORT = "import"  # in the place of a noun: what its uploader alone reads


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A file by its id. `upload`: the version of the uploaded object that counts, once somebody said that it is there.

    `ends_at`: in seconds since 1970; None for what stays as long as its record.
    """

    id: str
    noun: str
    record_id: str
    field: str
    name: str
    type: str
    size: int
    by: str
    ends_at: int | None
    upload: str = ""
    kept: bool = False

    @classmethod
    def of(cls, id_: str, item: Item) -> Self:
        told = {name: item[name] for name in cls.__dataclass_fields__ if name in item}
        return cls(**{**told, "id": id_, "ends_at": item.get("ttl")})

    def item(self, brokerage_id: str) -> Item:
        told: dict[str, Any] = {name: value for name, value in vars(self).items() if name not in ("id", "ends_at")}
        return {**file_key(brokerage_id, self.id), **told, **({"ttl": self.ends_at} if self.ends_at else {})}


@dataclass(frozen=True)
class FileEnd:
    """`files`: those that were taken out of the record; None where the record itself was deleted."""

    key: Key
    brokerage_id: str
    noun: str
    record_id: str
    files: tuple[str, ...] | None

    @classmethod
    def of(cls, item: Item) -> Self:
        files = tuple(item["files"]) if "files" in item else None
        key = {"pk": item["pk"], "sk": item["sk"]}
        return cls(key, item["brokerage_id"], item["noun"], item["record_id"], files)


def end_writes(change: Change, brokerage_id: str, due: datetime) -> list[Write]:
    """That what a change takes away is to go from `due` on, as long as nobody brings it back."""
    before, after = change.before, change.after
    if before is None or not (gone := files_in(change.module, before) - files_in(change.module, after)):
        return []
    noun = change.module.noun
    key = file_end_key(clock.to_wire(due), brokerage_id, noun, before.id, before.version + 1)
    of = {"brokerage_id": brokerage_id, "noun": noun, "record_id": before.id}
    of_some = {"files": sorted(gone)} if after else {}
    return [Put({**key, **of, **of_some}, ABSENT)]


def files_in(module: Module, record: Record | None) -> set[str]:
    """The ids of all files of a record."""
    return {id_ for field in module.holds_files for id_ in getattr(record, field, {})}
