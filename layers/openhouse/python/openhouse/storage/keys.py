"""The keys of the two tables: no other module makes one. `item_kinds.py` declares how each begins.

Tenancy is in the key: callers pass rooms and ids that they took from a principal, never from a request's text alone.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Literal, NamedTuple
from uuid import UUID

from openhouse.storage.item_kinds import (
    AUDIT,
    BROKERAGES,
    CHAINS,
    CONNECTIONS,
    COUNTERS,
    FILE_ENDS,
    FILES,
    HEADS,
    HISTORY,
    INSTALLED,
    LIKENESSES,
    LOCK_ROWS,
    LOG_ENTRIES,
    MAPPINGS,
    MARKS,
    MEMBERS,
    MORNINGS,
    MOVING,
    OF_BROKERAGES,
    OF_ROOMS,
    PEOPLE,
    RATE_LIMITS,
    RECORDS,
    REQUESTS,
    RESTORATION,
    ROSTER_TEAMS,
    ROSTER_USERS,
    RUNNING_TASKS,
    SIGHTINGS,
    SPENDING,
    STATES,
    STATS,
    TASK_MANIFESTS,
    TASK_WORK,
    TEAMS,
    TERMS,
    TICKETS,
    VIEWS,
    WAITING_TASKS,
)

Item = dict[str, Any]
Key = dict[str, str]
RosterKind = Literal["team", "user"]


class TableRole(Enum):
    """Records are apart: DynamoDB keeps all items of a partition key together, and 10 GB of them at most, wherever a
    table has local indexes. What grows for ever (history), is written most (logs), or is asked for by every function
    must not be bound by that.
    """

    MAIN = "main"
    RECORDS = "records"


_DELETED = "deleted."
_DELETED_ROOM = "deleted#"
_HIGHEST = "\U0010ffff"


def table_of(pk: str) -> TableRole:
    return TableRole.RECORDS if pk.startswith(RECORDS.pk) else TableRole.MAIN


# A room's records in other orders than by key: local indexes, as they can be read strongly consistently, with just
# what lists are filtered by. Such a row is about 250 bytes, so a read unit looks at some 16 of them.
INDEXES: Mapping[str, tuple[str, ...]] = {
    "by_created": ("status", "archived", "owner_id", "by_date"),
    "by_changed": ("status", "archived", "owner_id", "by_date"),
    "by_date": ("status", "archived", "owner_id"),
    "by_name": ("status", "archived", "owner_id"),
    "by_price": ("status", "archived", "owner_id"),
}
NOTHING = "-"  # what has no date, name or price: sorts before all that have one

LAST_VERSION = 999_999_999_999


def record_key(room: str, noun: str, id_: str) -> Key:
    """Those that are deleted have a partition of their own: one that has reached 10 GB takes nothing more, and what is
    deleted could not be kept.
    """
    place = f"{_DELETED_ROOM}{room}" if noun.startswith(_DELETED) else room
    return RECORDS.key(place, f"{noun}#{id_}")


def record_range(room: str, noun: str) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all records of a room and a noun."""
    first = record_key(room, noun, "")
    return first["pk"], first["sk"], f"{first['sk']}{_HIGHEST}"


def order_values(noun: str, id_: str, *, changed: str, **others: str | None) -> Item:
    """What a record is sorted by in each of the indexes above. `others`: of those indexes that its module has."""
    id_ = short(id_)
    values = {"by_created": f"{noun}#{id_}", "by_changed": f"{noun}#{changed}#{id_}"}
    return {**values, **{index: f"{noun}#{value or NOTHING}#{id_}" for index, value in others.items()}}


_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_SORTED = bytes.maketrans(_BASE64, bytes(sorted(_BASE64.replace(b"+/", b"-_"))))


def short(id_: str) -> str:
    """A UUID in 22 characters instead of 36, sorted alike: an item holds it in each order. Others stay as they are."""
    try:
        bytes_ = UUID(id_).bytes
    except ValueError:
        return id_
    return b64encode(bytes_)[:22].translate(_SORTED).decode()


def deleted_noun(noun: str) -> str:
    """Deleted records are found by no key of the others."""
    return f"{_DELETED}{noun}"


def history_key(brokerage_id: str, noun: str, id_: str, version: int) -> Key:
    """Of steps of a record, whichever rooms it was in; `version` is the first of theirs. The last one tells which room
    the record is in.
    """
    return HISTORY.key(f"{brokerage_id}#{noun}#{id_}", f"{version:012d}")


def history_range(brokerage_id: str, noun: str, id_: str, last: int = LAST_VERSION) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of what begins with a step up to version `last`."""
    low, high = (history_key(brokerage_id, noun, id_, version) for version in (1, last))
    return low["pk"], low["sk"], high["sk"]


def moving_key(brokerage_id: str, noun: str) -> Key:
    """By which columns of another system's table its rows are known, once they have begun to be moved here."""
    return MOVING.key(brokerage_id, noun)


def likeness_key(brokerage_id: str, kind: str, value: str, noun: str, id_: str) -> Key:
    """That a record of the brokerage has this value, such as an e-mail address; the item tells its room."""
    return LIKENESSES.key(f"{brokerage_id}#{kind}#{value}", f"{noun}#{id_}")


def likeness_range(brokerage_id: str, kind: str, value: str) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all records of the brokerage with this value."""
    return likeness_key(brokerage_id, kind, value, "", "")["pk"], " ", _HIGHEST


_LATEST = 1 << 44  # milliseconds since 1970: after every time there is


class TermRow(NamedTuple):
    """That a record of a room has a term: a word, or what lists are filtered by. `place`: among the term's rows."""

    term: str
    place: str
    noun: str
    id: str

    @classmethod
    def at(cls, sk: str) -> TermRow:
        return cls(*sk.split("#", 3))

    def key(self, room: str) -> Key:
        return TERMS.key(room, "#".join(self))


def later(milliseconds: int) -> str:
    """A place that comes the later, the later the time is (in milliseconds since 1970)."""
    return f"{milliseconds:011x}"


def earlier(milliseconds: int) -> str:
    """A place that comes the earlier, the later the time is."""
    return later(_LATEST - milliseconds)


def term_range(room: str, term: str, *, whole: bool, first: str = "") -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of the rows of a term from the place `first` on; or, not
    `whole`, of all terms that begin so.
    """
    if whole:
        return TERMS.key(room)["pk"], f"{term}#{first}", f"{term}#~"
    return TERMS.key(room)["pk"], term, f"{term}{_HIGHEST}"


def all_terms(room: str) -> tuple[str, str, str]:
    return TERMS.key(room)["pk"], " ", _HIGHEST


class RecordPlace(NamedTuple):
    """What `record_key` made a key of."""

    room: str
    noun: str
    id: str

    @classmethod
    def of(cls, key: Item) -> RecordPlace:
        noun, _, id_ = key["sk"].partition("#")
        return cls(key["pk"].removeprefix(RECORDS.pk).removeprefix(_DELETED_ROOM), noun, id_)


def stats_key(room: str, noun: str) -> Key:
    return STATS.key(room, noun)


def head_key(room: str) -> Key:
    return HEADS.key(room)


def restoration_key() -> Key:
    """Of what tables were restored from, and to which moment."""
    return RESTORATION.key()


def installed_key(brokerage_id: str) -> Key:
    """That there is a brokerage."""
    return INSTALLED.key(item=brokerage_id)


def all_installed() -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all brokerages."""
    return INSTALLED.pk, " ", _HIGHEST


def entry_key(room: str, seq: int) -> Key:
    return LOG_ENTRIES.key(room, f"{seq:012d}")


def mark_key(room: str, epoch: str, seq: int) -> Key:
    """That this commit was posted to everyone: apart from the log, whose partition all writers of the room share."""
    return MARKS.key(room, f"{epoch}#{seq:012d}")


def state_key(room: str, noun: str, id_: str) -> Key:
    """Of a live state of the room."""
    return STATES.key(room, f"{noun}#{id_}")


LAST_ID = _HIGHEST  # sorts after every id


def state_range(room: str, noun: str) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all live states of this kind in the room."""
    first = state_key(room, noun, "")
    return first["pk"], first["sk"], f"{first['sk']}{_HIGHEST}"


def view_key(room: str, noun: str, id_: str, connection_id: str) -> Key:
    """That a socket shows a record that lies in this room."""
    return VIEWS.key(f"{room}#{noun}#{id_}", connection_id)


def view_range(room: str, noun: str, id_: str) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all sockets that show a record."""
    return view_key(room, noun, id_, "")["pk"], " ", "~"


def sighting_key(brokerage_id: str, user_id: str, connection_id: str) -> Key:
    """That a connection of this person is there."""
    return SIGHTINGS.key(brokerage_id, f"{user_id}#{connection_id}")


def sighting_range(brokerage_id: str) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all sightings of a brokerage."""
    return sighting_key(brokerage_id, "", "")["pk"], " ", _HIGHEST


class SightingPlace(NamedTuple):
    """Whose sighting it is."""

    user_id: str
    connection_id: str

    @classmethod
    def at(cls, sk: str) -> SightingPlace:
        user_id, _, connection_id = sk.partition("#")
        return cls(user_id, connection_id)


def chain_key(kind: str, brokerage_id: str) -> Key:
    """Of the timers of this kind that follow each other in a brokerage."""
    return CHAINS.key(brokerage_id, kind)


def work_key(room: str, task_id: str) -> Key:
    """Of what the steps of a task of this room go on from."""
    return TASK_WORK.key(f"{room}#{task_id}")


def manifest_key(room: str, task_id: str, phase: str, page: int) -> Key:
    """Of a page of what a phase of a task has noted for those after it."""
    return TASK_MANIFESTS.key(f"{room}#{task_id}", f"{phase}#{page:06d}")


def manifest_range(room: str, task_id: str, phase: str) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of those pages."""
    low = manifest_key(room, task_id, phase, 0)
    return low["pk"], low["sk"], manifest_key(room, task_id, phase, 999_999)["sk"]


def mapping_key(brokerage_id: str, noun: str, layout: str) -> Key:
    """Of what a brokerage has decided of the columns of files of this layout."""
    return MAPPINGS.key(brokerage_id, f"{noun}#{layout}")


def spending_key(brokerage_id: str, day: str) -> Key:
    """Of what a brokerage has spent on the language model on a day (UTC)."""
    return SPENDING.key(brokerage_id, day)


def model_call_key(brokerage_id: str, day: str, call_id: str) -> Key:
    """Of one call of the model."""
    return SPENDING.key(brokerage_id, f"{day}#{call_id}")


def morning_key(time_zone: str, user_id: str) -> Key:
    """That it is morning for this person when it is in that time zone."""
    return MORNINGS.key(time_zone, user_id)


def morning_range(time_zone: str) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all people of a time zone."""
    return morning_key(time_zone, "")["pk"], " ", _HIGHEST


def running_key(task_id: str) -> Key:
    """That a task runs, in the list of all of the deployment that do."""
    return RUNNING_TASKS.key(item=task_id)


def waiting_key(task_id: str, until: int) -> Key:
    """That a task waits for its person, `until` that time, in milliseconds since 1970."""
    return WAITING_TASKS.key(item=f"{later(until)}#{task_id}")


def all_running() -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all tasks that run."""
    low = running_key("")
    return low["pk"], low["sk"], f"{low['sk']}{_HIGHEST}"


def all_waited_for(until: int) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all tasks that have waited long enough by then."""
    return WAITING_TASKS.pk, WAITING_TASKS.sk, f"{WAITING_TASKS.sk}{later(until)}#{_HIGHEST}"


def place_of_entry(keys: Mapping[str, Any]) -> tuple[str, int]:
    """The room and the seq that `entry_key` made a stream record's keys of; 0 where it did not make them."""
    seq = keys["sk"]["S"].removeprefix(LOG_ENTRIES.sk)
    return keys["pk"]["S"].removeprefix(LOG_ENTRIES.pk), int(seq) if seq.isdecimal() else 0


def member_key(room: str, shard: int, connection_id: str) -> Key:
    return MEMBERS.key(f"{room}#{shard}", connection_id)


def connection_key(connection_id: str) -> Key:
    return CONNECTIONS.key(connection_id)


def connection_of(key: Item) -> str:
    """The id that `connection_key` made a key of."""
    return str(key["pk"]).removeprefix(CONNECTIONS.pk)


def lock_row_key(connection_id: str, noun: str, id_: str) -> Key:
    """That a connection has locked this record, for whoever notices that it is gone."""
    return LOCK_ROWS.key(connection_id, f"{noun}#{id_}")


def lock_row_range(connection_id: str) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all records that a connection has locked."""
    first = LOCK_ROWS.key(connection_id)
    return first["pk"], first["sk"], f"{first['sk']}{_HIGHEST}"


def ticket_key(digest: str) -> Key:
    return TICKETS.key(digest)


def user_key(user_id: str) -> Key:
    return PEOPLE.key(user_id)


def user_of_entry(keys: Mapping[str, Any]) -> str:
    """Whose entry `user_key` made a stream record's keys of."""
    return str(keys["pk"]["S"]).removeprefix(PEOPLE.pk)


def team_key(team_id: str) -> Key:
    return TEAMS.key(team_id)


def brokerage_key(brokerage_id: str) -> Key:
    return BROKERAGES.key(brokerage_id)


def roster_key(brokerage_id: str, kind: RosterKind, id_: str) -> Key:
    """A brokerage's own list of its teams and users."""
    return (ROSTER_TEAMS if kind == "team" else ROSTER_USERS).key(brokerage_id, id_)


def audit_key(brokerage_id: str, at: int, id_: str) -> Key:
    """Of what somebody did then, in milliseconds since 1970."""
    return AUDIT.key(brokerage_id, f"{later(at)}.{id_}")


def audit_range(brokerage_id: str, last: str | None = None) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all that was done, or up to the sort key `last`."""
    return audit_key(brokerage_id, 0, "")["pk"], " ", last or _HIGHEST


def file_key(brokerage_id: str, id_: str) -> Key:
    """Of a file: what it belongs to."""
    return FILES.key(f"{brokerage_id}#{id_}")


def file_end_key(due: str, brokerage_id: str, noun: str, id_: str, version: int) -> Key:
    """That files of a record are to go, from the time `due` on (in wire form): by that version of it.

    Of all brokerages in one partition, which is read by whoever removes them and takes a thousand of these a second.
    """
    return FILE_ENDS.key(item=f"{due}#{brokerage_id}#{noun}#{id_}#{version:012d}")


def file_ends_until(now: str) -> tuple[str, str, str]:
    """The partition, and the first and the last sort key, of all files that are to go by now."""
    return FILE_ENDS.pk, " ", f"{now}{_HIGHEST}"


def request_key(user_id: str, key: str, part: int = 0) -> Key:
    """Of a request that is written in several transactions, each part is kept by itself."""
    return REQUESTS.key(f"{user_id}#{key}", f"{part:04d}")


def rate_limit_key(traffic: str) -> Key:
    return RATE_LIMITS.key(traffic)


def counter_key(brokerage_id: str, noun: str, year: int) -> Key:
    return COUNTERS.key(brokerage_id, f"{noun}#{year}")


def partitions_of_room(room: str, shards: Iterable[int]) -> list[str]:
    """All that hold something of a room, for whoever removes it with its records."""
    partitions = {kind.key(room)["pk"]: None for kind in OF_ROOMS}
    return [*partitions, *(member_key(room, shard, "")["pk"] for shard in shards)]


def partitions_of_brokerage(brokerage_id: str, user_ids: Iterable[str], team_ids: Iterable[str]) -> list[str]:
    """All that hold something of a brokerage but its rooms, histories and likenesses."""
    partitions = {kind.key(brokerage_id)["pk"]: None for kind in OF_BROKERAGES}
    people = [user_key(user_id)["pk"] for user_id in user_ids]
    teams = [team_key(team_id)["pk"] for team_id in team_ids]
    return [*partitions, *people, *teams]
