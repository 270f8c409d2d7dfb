"""Records by id, kept up to date by commits and by what requests answer. Pure: it asks for nothing itself.

Three kinds of news arrive in any order relative to each other: the commits of one room (in order), those of another
room, and answers to requests, which are as old as the moment when the server read them. Versions settle all of it but
one case: a deletion leaves no version behind. So an answer is loaded together with the `Fetch` that was begun before
its request was sent, and which remembers what was deleted meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from openhouse_client.merge_patch import merge
from openhouse_client.protocol import Commit, Event

Record = Mapping[str, Any]  # never changed in place


class Key(NamedTuple):
    noun: str
    id: str


@dataclass(frozen=True)
class _Seen:
    """A version of a record, and the room that told of it."""

    version: int
    room: str


@dataclass(eq=False)
class Fetch:
    """A request on its way, and what the cache learned since it was begun."""

    wanted: Mapping[Key, _Seen]  # as it was when the request was sent
    deleted: dict[Key, list[_Seen]] = field(default_factory=dict)
    renewed: set[str] = field(default_factory=set)  # rooms left, or loaded afresh
    void: set[str] = field(default_factory=set)  # rooms of which whatever was read before may never have been

    def outlived(self, key: Key, record: Record, known: Record | None) -> bool:
        """The record was read before something that we know of already, and that versions do not show."""
        if record["room"] in self.void:
            return True
        if record["room"] in self.renewed and (known is None or known["room"] != record["room"]):
            return True  # if it is still there, the list or the log tells so
        return any(
            # A move deletes from one room and creates in another under the same version.
            record["version"] < gone.version or (record["version"] == gone.version and record["room"] == gone.room)
            for gone in self.deleted.get(key, ())
        )


class Cache:
    """Holds the modules `nouns`. `partial`: not all of their records, so changes of unknown ones do not concern it."""

    def __init__(self, nouns: Collection[str], *, partial: bool = False) -> None:
        self._nouns = frozenset(nouns)
        self._partial = partial
        self._records: dict[Key, Record] = {}
        self._wanted: dict[Key, _Seen] = {}
        self._in_flight: list[Fetch] = []

    def get(self, noun: str, id_: str) -> Record | None:
        return self._records.get(Key(noun, id_))

    def all(self, noun: str) -> dict[str, Record]:
        """The records of a module, by id."""
        return {key.id: record for key, record in self._records.items() if key.noun == noun}

    @property
    def wanted(self) -> list[Key]:
        """The records to be fetched one by one: a patch of theirs was missing, or too large to be sent."""
        return list(self._wanted)

    # The log ---------------------------------------------------------------------------------------------------------

    def apply(self, commit: Commit) -> list[Key]:
        """Applies the next commit of its room. Returns the records that look different now."""
        return [key for event in commit.events if (key := self._apply(commit.room, event))]

    def leave(self, room: str) -> list[Key]:
        """Forgets everything in a room that this person is no longer in."""
        for key in [key for key, seen in self._wanted.items() if seen.room == room]:
            del self._wanted[key]
        for fetch in self._in_flight:
            fetch.renewed.add(room)
        return self._drop(key for key, record in self._records.items() if record["room"] == room)

    def begin_anew(self, room: str) -> None:
        """What is held of the room stays in sight, and gives way to whatever is loaded next: its versions mean nothing
        any more.
        """
        voided = {key: {**record, "version": 0} for key, record in self._records.items() if record["room"] == room}
        self._records |= voided
        for key in [key for key, seen in self._wanted.items() if seen.room == room]:
            del self._wanted[key]
        for fetch in self._in_flight:
            fetch.void.add(room)

    # Answers to requests ---------------------------------------------------------------------------------------------

    @contextmanager
    def fetching(self) -> Iterator[Fetch]:
        """To be entered before the first try of a request, and left when its answer has been loaded."""
        fetch = Fetch(dict(self._wanted))
        self._in_flight.append(fetch)
        try:
            yield fetch
        finally:
            self._in_flight.remove(fetch)

    def load(self, noun: str, records: Iterable[Record], fetch: Fetch) -> list[Key]:
        """Takes the records of an answer, as far as they are news. Returns those that look different now."""
        changed: list[Key] = []
        for record in records:
            key = Key(noun, record["id"])
            if not fetch.outlived(key, record, self._records.get(key)) and self._keep(key, record):
                changed.append(key)
        return changed

    def load_all(self, noun: str, records: Iterable[Record], fetch: Fetch, *, rooms: AbstractSet[str]) -> list[Key]:
        """Takes a complete list of `rooms`; what it does not show there is no longer there.

        Only for rooms whose commits have been held back since before the list was asked for: they must be applied
        from the list's positions on afterwards. What it shows in other rooms is left to their logs; it may show some
        that this person was in for a moment, and whose logs will never take anything away again.
        """
        listed = [record for record in records if record["room"] in rooms]
        places = {(record["id"], record["room"]) for record in listed}
        changed = self.load(noun, listed, fetch)
        for other in self._in_flight:
            if other is not fetch:  # it may have read what the list has no more
                other.renewed |= rooms
        return changed + self._drop(
            key
            for key, record in self._records.items()
            if key.noun == noun and record["room"] in rooms and (key.id, record["room"]) not in places
        )

    def load_wanted(self, key: Key, record: Record | None, fetch: Fetch) -> list[Key]:
        """Takes the answer to the request for a wanted record, None if there is none. Returns it if it looks different.

        In another room than it was wanted for, it is left to that room's log, if this person is in there at all.
        Nothing goes on the word alone that it was not found: if it was deleted, the log of its room says so, and one
        that was moving just then can be missed.
        """
        wanted = fetch.wanted.get(key)
        if record is not None and wanted is not None and record["room"] == wanted.room:
            return self.load(key.noun, [record], fetch)
        if self._wanted.get(key) == wanted:  # and has not been heard of since
            self._wanted.pop(key, None)
        return []

    # -----------------------------------------------------------------------------------------------------------------

    def _apply(self, room: str, event: Event) -> Key | None:
        noun, _, verb = event.type.partition(":")
        data = event.data
        id_, version = data.get(f"{noun}Id"), data.get("version")
        if noun not in self._nouns or not isinstance(id_, str) or not isinstance(version, int):
            return None  # not about a record of ours
        key = Key(noun, id_)
        if verb == "deleted":
            return self._delete(key, _Seen(version, room))
        if isinstance(data.get(noun), dict):
            return self._keep(key, data[noun])
        return self._change(key, _Seen(version, room), data.get("changes"), is_new=verb == "created")

    def _change(self, key: Key, change: _Seen, patch: Any, *, is_new: bool) -> Key | None:
        """`patch` leads to the version of `change`; None if it was too large to be sent."""
        known = self._records.get(key)
        if known and known["version"] >= change.version:
            return None
        if known and known["version"] == change.version - 1 and isinstance(patch, dict):
            return self._keep(key, {**merge(known, patch), "version": change.version})
        if known or is_new or key in self._wanted or not self._partial:
            wanted = self._wanted.get(key)
            self._wanted[key] = wanted if wanted and wanted.version > change.version else change
        return None

    def _delete(self, key: Key, deletion: _Seen) -> Key | None:
        for fetch in self._in_flight:
            fetch.deleted.setdefault(key, []).append(deletion)
        wanted = self._wanted.get(key)
        if wanted and wanted.room == deletion.room and wanted.version <= deletion.version:
            del self._wanted[key]
        known = self._records.get(key)
        # A record that has come here from there does not go when we hear of its departure late.
        if known is None or known["room"] != deletion.room or known["version"] > deletion.version:
            return None
        del self._records[key]
        return key

    def _keep(self, key: Key, record: Record) -> Key | None:
        """`record`, if it is newer than ours."""
        wanted = self._wanted.get(key)
        if wanted and wanted.version <= record["version"]:
            del self._wanted[key]
        known = self._records.get(key)
        if known and known["version"] >= record["version"]:
            return None
        self._records[key] = record
        return key

    def _drop(self, keys: Iterable[Key]) -> list[Key]:
        gone = list(keys)
        for key in gone:
            del self._records[key]
        return gone
