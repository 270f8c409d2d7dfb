"""What a restored directory has forgotten of people: a removal, a lesser role, the end of their sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cli.restoring.scanning import scanned
from openhouse.storage.item_kinds import PEOPLE
from openhouse.storage.keys import Item, roster_key, user_key
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import PRESENT, AllOf, AnyOf, AtMost, Lacks, Update

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FIELDS = ("user_id", "brokerage_id", "removed", "email", "role", "team_ids", "refused_until")

People = Mapping[str, Item]  # of all brokerages, by their ids


def people(client: DynamoDBClient, table: str) -> dict[str, Item]:
    """None of a table that is gone."""
    try:
        return {str(item["user_id"]): item for item in scanned(client, table, [PEOPLE], names=FIELDS)}
    except client.exceptions.ResourceNotFoundException:
        return {}


def differing(then: People, now: People) -> list[str]:
    """Who will have again what they were in the directory then, in words, by e-mail address."""
    there = {str(item["email"]): (item, now[id_]) for id_, item in then.items() if id_ in now and "email" in item}
    told = {email: _difference(*both) for email, both in sorted(there.items())}
    return [f"{email} {words}" for email, words in told.items() if words]


def _difference(then: Item, now: Item) -> str:
    if now.get("removed"):
        return "was removed since, and will be in the directory again."
    if then["role"] != now["role"]:
        return f"has the role {now['role']} now, and will have the role {then['role']} again."
    if {*then["team_ids"]} != {*now["team_ids"]}:
        return "is in other teams now, and will be in those of then again."
    return ""


def keep_sessions_ended(table: Table, then: People, now: People) -> int:
    """Tokens that were revoked since are not good again. May be repeated. Returns how many people that is about."""
    kept = 0
    for update in _revocations(then, now):
        later = AllOf((PRESENT, AnyOf((Lacks("refused_until"), AtMost("refused_until", update["refused_until"])))))
        keys = (user_key(update["user_id"]), roster_key(update["brokerage_id"], "user", update["user_id"]))
        for key in keys:
            try:
                table.write(Update(key, {"refused_until": update["refused_until"]}, later))
            except WriteConflict:  # revoked once more meanwhile
                continue
        kept += 1
    return kept


def _revocations(then: People, now: People) -> Iterator[Item]:
    for id_, known in then.items():
        until = now.get(id_, {}).get("refused_until", 0)
        if not known.get("removed") and until > known.get("refused_until", 0):
            yield {**known, "refused_until": until}
