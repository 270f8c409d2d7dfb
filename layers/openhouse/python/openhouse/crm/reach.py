"""The records that a caller can reach: those in the rooms that they are in."""

from __future__ import annotations

from collections.abc import Iterable

from openhouse.core import ids
from openhouse.core.principal import Principal
from openhouse.crm.module import Record
from openhouse.storage.keys import Item, record_key
from openhouse.storage.table import Table

Named = tuple[str, str]  # a noun and an id


def items_in_reach(
    table: Table, principal: Principal, wanted: Iterable[Named], *, only_keys: bool = False
) -> dict[Named, list[Item]]:
    """The items of the named records in the caller's rooms: two of a record that is being moved, in any order.

    There is no snapshot of all rooms. A record that moves just then can be missed in both of its rooms, but not twice:
    what was not found is read again.
    """
    missing = {(noun, id_) for noun, id_ in wanted if len(id_) <= ids.MAX_ID_LENGTH}
    names = {record_key("", *name)["sk"]: name for name in missing}
    found: dict[Named, list[Item]] = {}
    for _ in range(2):
        keys = [record_key(room, *name) for name in sorted(missing) for room in principal.rooms]
        for item in table.get_many(keys, only_keys=only_keys):
            found.setdefault(names[item["sk"]], []).append(item)
        missing -= found.keys()
        if not missing:
            break
    return found


def keep_newest(found: dict[str, Record], record: Record) -> None:
    """Puts the record among those found, by id, unless a newer copy is there already."""
    known = found.get(record.id)
    if known is None or known.version < record.version:
        found[record.id] = record
