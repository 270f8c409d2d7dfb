"""The orders of lists, and the places where they go on. Pure.

A place is what a record is sorted by, not a number: so a cursor stays valid while records come, change and go, and
what does not change is neither repeated nor skipped.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from enum import StrEnum

from openhouse.core.errors import BadParameter

_LONGEST_CURSOR = 300


class Order(StrEnum):
    NEWEST = "newest"
    CHANGED = "changed"  # last changed first
    DATE = "date"  # by the module's natural date, earliest first; records without it come last
    LATEST = "-date"  # the same, latest first

    @property
    def backwards(self) -> bool:
        return self is not Order.DATE

    @property
    def by_date(self) -> bool:
        return self in (Order.DATE, Order.LATEST)


@dataclass(frozen=True)
class Cursor:
    """`after`: the place of the last record looked at."""

    order: Order
    after: str

    def text(self) -> str:
        document = json.dumps({"sort": self.order, "after": self.after})
        return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, order: Order) -> Cursor:
        """Raises BadParameter for anything that `text` did not make, and for another order's cursor."""
        try:
            document = json.loads(base64.urlsafe_b64decode(text[:_LONGEST_CURSOR] + "=" * (-len(text) % 4)))
            cursor = cls(Order(document["sort"]), document["after"])
        except (binascii.Error, ValueError, KeyError, TypeError) as error:
            raise BadParameter("the cursor is not one of ours; start again without it") from error
        if not isinstance(cursor.after, str) or not cursor.after.isascii() or cursor.text() != text:
            raise BadParameter("the cursor is not one of ours; start again without it")
        if cursor.order is not order:
            raise BadParameter(f"the cursor goes on with sort={cursor.order}")
        return cursor
