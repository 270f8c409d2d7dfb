"""Every kind of item in the two tables: how its keys begin, and what has a partition of such items.

No key may belong to two kinds, or a query for one would meet the other: `tests/unit/openhouse/test_keys.py` holds them
apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class KeyPrefix:
    """A kind of items by how their keys begin, and which of their changes (INSERT, MODIFY) the stream is read for."""

    pk: str
    sk: str = ""
    changes: tuple[str, ...] = ("INSERT",)

    def key(self, of: str = "", item: str = "") -> dict[str, str]:
        """The key of an item of this kind: `of` what, and which one of its items."""
        return {"pk": f"{self.pk}{of}", "sk": f"{self.sk}{item}"}

    def covers(self, record: Mapping[str, Any]) -> bool:
        """Whether a stream record is of such a change: what infra's filter lets through."""
        keys = record["dynamodb"]["Keys"]
        return record["eventName"] in self.changes and self.has({name: keys[name]["S"] for name in ("pk", "sk")})

    def has(self, item: Mapping[str, Any]) -> bool:
        """Whether it is of this kind."""
        return str(item["pk"]).startswith(self.pk) and str(item["sk"]).startswith(self.sk)


# A partition for each room.
RECORDS = KeyPrefix("R#", changes=("INSERT", "MODIFY", "REMOVE"))  # of a noun each; the deleted ones lie apart
STATS = KeyPrefix("S#")  # the figures of a noun
HEADS = KeyPrefix("L#", "HEAD")  # where the log ends
LOG_ENTRIES = KeyPrefix("L#", "C#")
MARKS = KeyPrefix("P#")  # which commits were posted to everyone
STATES = KeyPrefix("E#")  # live states: locks, presence, notifications, tasks
TERMS = KeyPrefix("W#")  # by which words records are found

OF_ROOMS = (RECORDS, STATS, HEADS, LOG_ENTRIES, MARKS, STATES, TERMS)

# A partition for each brokerage.
BROKERAGES = KeyPrefix("D#broker:", "D")
ROSTER_TEAMS = KeyPrefix("D#broker:", "team#")
ROSTER_USERS = KeyPrefix("D#broker:", "user#")
AUDIT = KeyPrefix("A#broker:")  # acts of power
COUNTERS = KeyPrefix("N#broker:")  # the numbers that records are given
MAPPINGS = KeyPrefix("G#broker:")  # what was decided of the columns of files
SPENDING = KeyPrefix("U#broker:")  # on the language model: of a day, and behind it of each call
SIGHTINGS = KeyPrefix("V#broker:")  # whose connections are there
CHAINS = KeyPrefix("Q#broker:")  # timers that follow each other
MOVING = KeyPrefix("moving#broker:")  # from another system

OF_BROKERAGES = (
    BROKERAGES,
    ROSTER_TEAMS,
    ROSTER_USERS,
    AUDIT,
    COUNTERS,
    MAPPINGS,
    SPENDING,
    SIGHTINGS,
    CHAINS,
    MOVING,
)

# A partition for each of something else.
PEOPLE = KeyPrefix("D#user:", "D", changes=("INSERT", "MODIFY"))
TEAMS = KeyPrefix("D#team:", "D")
HISTORY = KeyPrefix("H#broker:", "V#")  # of a record
LIKENESSES = KeyPrefix("K#broker:")  # which records have a value
FILES = KeyPrefix("F#broker:", "F")
TASK_WORK = KeyPrefix("J#", "WORK")
TASK_MANIFESTS = KeyPrefix("J#", "M#")
REQUESTS = KeyPrefix("I#", "I#")  # that were answered: idempotency keys
MORNINGS = KeyPrefix("Z#")  # who is told when it is morning in a time zone
RATE_LIMITS = KeyPrefix("B#", "B")
CONNECTIONS = KeyPrefix("C#", "C")
LOCK_ROWS = KeyPrefix("C#", "lock#")  # which records a connection has locked
MEMBERS = KeyPrefix("M#")  # of a shard of a room
VIEWS = KeyPrefix("X#")  # which sockets show a record
TICKETS = KeyPrefix("T#", "T")

OF_OTHERS = (
    PEOPLE,
    TEAMS,
    HISTORY,
    LIKENESSES,
    FILES,
    TASK_WORK,
    TASK_MANIFESTS,
    REQUESTS,
    MORNINGS,
    RATE_LIMITS,
    CONNECTIONS,
    LOCK_ROWS,
    MEMBERS,
    VIEWS,
    TICKETS,
)

# One partition for all.
INSTALLED = KeyPrefix("Y#")  # which brokerages there are
RUNNING_TASKS = KeyPrefix("O#", "running#")
WAITING_TASKS = KeyPrefix("O#", "waiting#")
FILE_ENDS = KeyPrefix("F#ends")  # which files are to go
RESTORATION = KeyPrefix("restoration", "restoration")  # what tables were restored from

OF_ALL = (INSTALLED, RUNNING_TASKS, WAITING_TASKS, FILE_ENDS, RESTORATION)

KINDS = (*OF_ROOMS, *OF_BROKERAGES, *OF_OTHERS, *OF_ALL)

OF_SOCKETS = (CONNECTIONS, MEMBERS, VIEWS, TICKETS)  # what ends with them


def records_of(noun: str) -> KeyPrefix:
    """Those of one module; a deleted one is removed from among them."""
    return replace(RECORDS, sk=f"{noun}#")
