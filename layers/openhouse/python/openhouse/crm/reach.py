"""The records that a caller can reach: those in the rooms that they are in.

The last item of a record's history says which room it is in, as every move writes one in its transaction. So a record
costs two reads, however many rooms its reader is in: 1 unit for that item (more if its steps brought more than 4 KB), 1
for each 4 KB of the record. The items of several histories are asked for side by side, the records in one batch. Where
a record was read ahead, in each of the few rooms that its reader is in, its history is not asked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from openhouse.core import ids
from openhouse.core.backoff import longest_pause
from openhouse.core.errors import Busy
from openhouse.core.principal import Principal
from openhouse.storage.keys import Item, Key, deleted_noun, history_range, record_key
from openhouse.storage.table import Table

Named = tuple[str, str]  # a noun and an id

FEW_ROOMS = 4  # in which a record is looked for before its history is asked: a read unit for each, and a call less
TRIES = 8


class Place(NamedTuple):
    """Where a record was last brought: into that room, or out of reach there."""

    room: str
    deleted: bool


def place_of(room: str, *, deleted: bool) -> Item:
    """What an item of the history keeps of it."""
    return {"room": room, "deleted": deleted}


def candidates(principal: Principal, noun: str, id_: str) -> list[Key]:
    """All places where the caller may find a record, for whoever reads ahead; none if they are in too many rooms."""
    if len(principal.rooms) > FEW_ROOMS or len(id_) > ids.MAX_ID_LENGTH:
        return []
    return [record_key(room, noun, id_) for room in principal.rooms]


class Reach:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking about several records at once."""

    def __init__(
        self,
        table: Table,
        *,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
        parallel_map: Callable[..., Iterable[Any]] = map,
    ) -> None:
        self._table = table
        self._jitter = jitter
        self._sleep = sleep
        self._parallel_map = parallel_map

    def items(self, principal: Principal, wanted: Iterable[Named], *, only_keys: bool = False) -> dict[Named, Item]:
        """The items of those of the named records that are in the caller's rooms.

        There is no snapshot of a step and its record: of a record that moves just then, the one may be read before and
        the other after. So one that is not where it should be is looked for again. Raises Busy if that goes on.
        """
        missing = {(noun, id_) for noun, id_ in wanted if len(id_) <= ids.MAX_ID_LENGTH}
        found = self._read_ahead(principal, missing, only_keys=only_keys)
        missing -= found.keys()
        for number in range(TRIES):
            keys = {named: record_key(place.room, *named) for named, place in self._alive(principal, missing).items()}
            names = {(key["pk"], key["sk"]): named for named, key in keys.items()}
            for item in self._table.get_many(list(keys.values()), only_keys=only_keys) if keys else []:
                found[names[item["pk"], item["sk"]]] = item
            missing = keys.keys() - found.keys()
            if not missing:
                return found
            self._sleep(self._jitter() * longest_pause(number + 1))
        raise Busy("this is being moved all the time; try again in a moment")

    def _read_ahead(self, principal: Principal, wanted: Iterable[Named], *, only_keys: bool) -> dict[Named, Item]:
        """What lay where `candidates` says. Of one that moved just then, what was there before and after: the newer."""
        found: dict[Named, Item] = {}
        for named in wanted:
            items = self._table.read_ahead(candidates(principal, *named))
            if items:
                newest = max(items, key=lambda item: item["version"])
                found[named] = {"pk": newest["pk"], "sk": newest["sk"]} if only_keys else newest
        return found

    def room_of(self, principal: Principal, named: Named) -> str | None:
        """Where a record is that the caller can reach; nothing of it is read but its last step."""
        place = self._place(principal, named) if len(named[1]) <= ids.MAX_ID_LENGTH else None
        reached = place is not None and not place.deleted and place.room in principal.rooms
        return place.room if place and reached else None

    def deleted_item(self, principal: Principal, noun: str, id_: str) -> Item | None:
        """The item of a record that was deleted in one of the caller's rooms, unless it has gone for good."""
        place = self._place(principal, (noun, id_)) if len(id_) <= ids.MAX_ID_LENGTH else None
        if place is None or not place.deleted or place.room not in principal.rooms:
            return None
        found = self._table.get_many([record_key(place.room, deleted_noun(noun), id_)])
        return found[0] if found else None

    def _alive(self, principal: Principal, wanted: Iterable[Named]) -> dict[Named, Place]:
        """Where those are that the caller can reach."""
        asked, rooms = sorted(wanted), frozenset(principal.rooms)
        places = self._parallel_map(lambda named: self._place(principal, named), asked)
        found = zip(asked, places, strict=True)
        return {named: place for named, place in found if place and not place.deleted and place.room in rooms}

    def _place(self, principal: Principal, named: Named) -> Place | None:
        steps = self._table.query(*history_range(principal.brokerage_id, *named), backwards=True, page_size=1)
        last = next(steps, None)
        return Place(last["room"], last["deleted"]) if last else None
