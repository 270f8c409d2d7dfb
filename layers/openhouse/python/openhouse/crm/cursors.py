"""The orders of lists, and the places where they go on. Pure.

A place is what a record is sorted by, not a number: so a cursor stays valid while records come, change and go, and
what does not change is neither repeated nor skipped.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openhouse.core.errors import BadParameter
from openhouse.core.folding import words
from openhouse.storage.keys import later

LONGEST_CURSOR = 600
_LONGEST_NAME = 40  # characters that names are sorted by


class Order(StrEnum):
    NEWEST = "newest"
    CHANGED = "changed"  # last changed first
    DATE = "date"  # by the module's natural date, earliest first; records without it come last
    LATEST = "-date"  # the same, latest first
    NAME = "name"  # without case and accents; records without one come last
    NAME_BACK = "-name"
    PRICE = "price"  # lowest first; records without one come last
    HIGHEST = "-price"

    @property
    def backwards(self) -> bool:
        return self not in (Order.DATE, Order.NAME, Order.PRICE)

    @property
    def attribute(self) -> str:
        """The local index that has records in this order."""
        return {"newest": "by_created", "changed": "by_changed"}.get(self.value, f"by_{self.value.lstrip('-')}")

    @property
    def partial(self) -> bool:
        """Whether records may have nothing to be sorted by."""
        return self not in (Order.NEWEST, Order.CHANGED)


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
            document = json.loads(base64.urlsafe_b64decode(text[:LONGEST_CURSOR] + "=" * (-len(text) % 4)))
            cursor = cls(Order(document["sort"]), document["after"])
            cursor.after.encode()
        except (AttributeError, binascii.Error, ValueError, KeyError, TypeError) as error:
            raise BadParameter("the cursor is not one of ours; start again without it") from error
        is_place = cursor.after.isascii() or cursor.order.attribute == "by_name"
        if not is_place or cursor.text() != text:
            raise BadParameter("the cursor is not one of ours; start again without it")
        if cursor.order is not order:
            raise BadParameter(f"the cursor goes on with sort={cursor.order}")
        return cursor


def name_place(name: str) -> str:
    """Where a name is sorted: without case and accents, and before all that goes on after it."""
    return "-".join(words(name))[:_LONGEST_NAME]


def price_place(cents: int) -> str:
    return f"{cents:011x}"


def moment_place(moment: datetime) -> str:
    """To the millisecond."""
    return later(round(moment.timestamp() * 1000))
