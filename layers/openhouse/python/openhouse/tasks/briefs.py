"""What somebody's day has, read from records as they can reach them: the daily brief, composed by the language package.

Cost: the appointments of a day in all of their rooms, index rows of all escrows and leads there (16 for a read unit),
and a unit for each record that is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openhouse.core import clock
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm.cursors import Order
from openhouse.crm.list_query import MAX_LIMIT, ListQuery
from openhouse.crm.time_zones import begin_of
from openhouse.tasks.kind import Tools

if TYPE_CHECKING:
    from openhouse.language.daily_brief import Brief

MOST_PAGES = 10  # of a list: a page looks at 1,000 rows
_OPEN_APPOINTMENTS = frozenset({"scheduled", "confirmed"})
_OPEN_ESCROWS = frozenset({"opened", "pending"})
_NEW_LEADS = frozenset({"new"})


def brief_of(tools: Tools, principal: Principal, now: datetime, time_zone: str) -> Brief | None:
    """None if there is nothing to say. Own records, and appointments that one attends. Raises Busy."""
    from openhouse.language.daily_brief import daily_brief  # noqa: PLC0415

    day = now.astimezone(ZoneInfo(time_zone)).date()
    begins, ends = (begin_of(each, time_zone) for each in (day, day + timedelta(days=1)))
    of_the_day = ListQuery(
        limit=MAX_LIMIT,
        order=Order.DATE,
        statuses=_OPEN_APPOINTMENTS,
        archived=False,
        since=clock.to_wire(begins),
        until=clock.to_wire(ends - timedelta(milliseconds=1)),
    )
    mine = ListQuery(limit=MAX_LIMIT, archived=False, owner_id=principal.user_id)
    return daily_brief(
        now=now,
        time_zone=time_zone,
        appointments=(
            each for each in _all(tools, principal, "appointment", of_the_day) if _concerns(each, principal.user_id)
        ),
        escrows=_all(tools, principal, "escrow", replace(mine, statuses=_OPEN_ESCROWS)),
        leads=_all(tools, principal, "lead", replace(mine, statuses=_NEW_LEADS)),
    )


def _concerns(appointment: Document, user_id: str) -> bool:
    return appointment["ownerId"] == user_id or user_id in appointment.get("attendeeIds", {})


def _all(tools: Tools, principal: Principal, noun: str, query: ListQuery) -> Iterator[Document]:
    module = next(module for module in tools.modules if module.noun == noun)
    for _ in range(MOST_PAGES):
        records, cursor = tools.lists.records(module, principal, query)
        yield from (record.wire() for record in records)
        if cursor is None:
            return
        query = replace(query, cursor=cursor)
