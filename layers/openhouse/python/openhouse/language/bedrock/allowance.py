"""How many tokens and dollars a brokerage may spend on the model in a day (UTC): what keeps it.

Spending is reserved before a call, as the dearest that it can become, and settled after it with what it cost. Whoever
ends in between has spent what was reserved: a limit may be kept too strictly, never exceeded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from openhouse.core.errors import ModelBudgetSpent


@dataclass(frozen=True)
class Spending:
    """`microcents`: millionths of a cent."""

    tokens: int
    microcents: int

    def __add__(self, other: Spending) -> Spending:
        return Spending(self.tokens + other.tokens, self.microcents + other.microcents)

    def __sub__(self, other: Spending) -> Spending:
        return Spending(self.tokens - other.tokens, self.microcents - other.microcents)

    def exceeds(self, limit: Spending) -> bool:
        return self.tokens > limit.tokens or self.microcents > limit.microcents


NOTHING = Spending(0, 0)


@dataclass(frozen=True)
class Prices:
    """Cents for a million tokens, which is millionths of a cent for one."""

    input: int
    output: int

    def of(self, input_tokens: int, output_tokens: int) -> Spending:
        return Spending(input_tokens + output_tokens, input_tokens * self.input + output_tokens * self.output)


class Allowance(Protocol):
    """`call_id`: one for each call of the model. Both may be repeated: a call is reserved and settled once."""

    def reserve(self, brokerage_id: str, day: date, call_id: str, most: Spending, limit: Spending) -> None:
        """Adds `most` to what is spent, on the condition that `limit` is not exceeded. Raises ModelBudgetSpent."""
        ...

    def settle(self, brokerage_id: str, day: date, call_id: str, spent: Spending) -> None:
        """Puts `spent` in place of what was reserved for the call; does nothing if that is done or there is none."""
        ...


def budget_spent(now: datetime, day: date) -> ModelBudgetSpent:
    """The error, with the seconds until the next day begins."""
    tomorrow = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
    return ModelBudgetSpent(
        "this brokerage has used what its language model may cost today; try again tomorrow (UTC)",
        retryAfterSeconds=max(1, round((tomorrow - now).total_seconds())),
    )
