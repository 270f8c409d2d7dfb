"""Whether two restored tables are of one moment. Pure.

DynamoDB restores each table to a second, and promises nothing of a transaction that was being written in that second:
one of its items may be there and another not. The product relies on them: a log entry ahead of its HEAD, for example,
would refuse all further commits of its room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openhouse.storage.keys import Item, Key, place_of_entry, record_key


@dataclass
class Log:
    """Of a room. `seq`: of its HEAD; None where there is none. `last`: of its entries; 0 if all have expired."""

    seq: int | None = None
    last: int = 0


def room_of(item: Item) -> tuple[str, int]:
    """Of an item of a log, and of an entry its seq."""
    return place_of_entry({name: {"S": item[name]} for name in ("pk", "sk")})


def disagreements(logs: Mapping[str, Log]) -> Iterator[str]:
    """Of each log with itself, in words."""
    for room, log in logs.items():
        if log.seq is None:
            yield f"{room} has entries up to {log.last}, and no HEAD"
        elif log.last and log.last != log.seq:
            yield f"{room} ends at {log.seq}, and its last entry is {log.last}"


@dataclass(frozen=True)
class Expected:
    """What a record must be by the log's last word of it. `version`: None if it is gone from its room."""

    key: Key
    version: int | None
    told: str


def expected(commits: Iterable[Mapping[str, Any]], nouns: Iterable[str]) -> list[Expected]:
    """Of the records of these nouns that the commits are about; of each, by the last one."""
    known = {*nouns}
    found: dict[tuple[str, str], Expected] = {}
    for commit in sorted(commits, key=lambda commit: (commit["room"], commit["seq"])):
        for event in commit["events"]:
            noun, _, verb = event["type"].partition(":")
            id_ = event["data"].get(f"{noun}Id")
            if noun not in known or id_ is None or "version" not in event["data"]:
                continue
            key = record_key(commit["room"], noun, id_)
            version = None if verb == "deleted" else int(event["data"]["version"])
            told = f"commit {commit['seq']} of {commit['room']} tells of {noun} {id_}"
            found[key["pk"], key["sk"]] = Expected(key, version, told)
    return [*found.values()]


def torn(wanted: Iterable[Expected], items: Iterable[Item]) -> Iterator[str]:
    """Those whose record is something else, in words."""
    versions = {(item["pk"], item["sk"]): int(item["version"]) for item in items}
    for each in wanted:
        version = versions.get((each.key["pk"], each.key["sk"]))
        if version != each.version:
            yield f"{each.told}, which is {_at(version)} and should be {_at(each.version)}"


def _at(version: int | None) -> str:
    return "not there" if version is None else f"at version {version}"
