"""The audit trail of a brokerage: who used which power over others, over its records or its settings, and when.

An entry is written in the transaction of what it tells of, so neither is there without the other. It is never changed
and never deleted by us: DynamoDB forgets it after two years.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from openhouse.core import clock, ids
from openhouse.core.clock import Clock
from openhouse.core.errors import Forbidden
from openhouse.core.principal import Principal
from openhouse.storage.keys import Item, audit_key, audit_range
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, Put

KEPT = timedelta(days=730)

Act = Literal[
    "brokerage_founded",
    "team_created",
    "team_renamed",
    "user_added",
    "user_changed",
    "user_removed",
    "sessions_ended",
    "user_invited",
    "invitation_resent",
    "invitation_revoked",
    "message_sent",
    "announcement_made",
    "announcement_ended",
    "lock_taken_over",
    "import_confirmed",
    "merge_confirmed",
    "task_undone",
    "records_exported",
]


class Author(NamedTuple):
    """Who did it, and what they were called then."""

    id: str
    name: str

    @classmethod
    def of(cls, principal: Principal) -> Author:
        return cls(principal.user_id, principal.name)


OPERATOR = Author("openhouse:operator", "Operator")  # of the deployment; nobody's id has a colon


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What was done to whom or what: its id, what it is called, and what it was `before` and is `after`, in words."""

    act: Act
    subject: str = ""
    name: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> list[dict[str, str]]:
        """What differs, each as `{field, before, after}`; empty texts for what there was not, or is not any more."""
        names = dict.fromkeys([*self.before, *self.after])
        each = [(name, self.before.get(name, ""), self.after.get(name, "")) for name in names]
        return [{"field": name, "before": old, "after": new} for name, old, new in each if old != new]


class AuditTrail:
    def __init__(
        self, table: Table, *, now: Clock = clock.utc_now, new_id: Callable[[datetime], str] = ids.uuid7
    ) -> None:
        self._table = table
        self._now = now
        self._new_id = new_id

    def entry(self, brokerage_id: str, by: Author, deed: Deed) -> Put:
        """To be written with what it tells of."""
        now = self._now()
        item: Item = {
            **audit_key(brokerage_id, clock.milliseconds(now), self._new_id(now)),
            "at": clock.to_wire(now),
            "act": deed.act,
            "by": by.id,
            "by_name": by.name,
            "subject": deed.subject,
            "name": deed.name,
            "changes": deed.changes,
            "ttl": clock.seconds(now + KEPT),
        }
        return Put(item, ABSENT)

    def note(self, principal: Principal, deed: Deed) -> None:
        """Of what writes nothing itself: before its caller is answered. Raises Busy."""
        self._table.write(self.entry(principal.brokerage_id, Author.of(principal), deed))

    def page(self, principal: Principal, limit: int, cursor: str | None = None) -> dict[str, Any]:
        """`{items, cursor}` in wire form, the latest first. Raises Forbidden of whoever is no administrator."""
        if principal.role != "admin":
            raise Forbidden("only an administrator may read the audit trail")
        pk, first, last = audit_range(principal.brokerage_id, cursor)
        now, found = clock.seconds(self._now()), list[Item]()
        for item in self._table.query(pk, first, last, backwards=True, page_size=limit + 1):
            if item["ttl"] <= now:  # and so are all before it
                break
            if item["sk"] != cursor:
                found.append(item)
            if len(found) > limit:
                break
        shown = found[:limit]
        more = shown[-1]["sk"] if len(found) > limit else None
        return {"items": [_wire(item) for item in shown], "cursor": more}


def _wire(item: Item) -> dict[str, Any]:
    plain = {name: item[name] for name in ("at", "act", "by", "subject", "name", "changes")}
    return {"id": item["sk"], "byName": item["by_name"], **plain}
