"""Prices, from one file: each with its unit, where it was read, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployed.terminal import CommandFailed

FILE = Path(__file__).with_name("prices.json")


@dataclass(frozen=True)
class Price:
    """Dollars for each `per` of a unit. `tiers`: up to how many, None for any; a price is of what is in its tier.

    `free`: units that every account has for nothing each month.
    """

    unit: str
    per: float
    tiers: Sequence[tuple[float | None, float]]
    source: str
    seen: str
    free: float = 0.0

    def dollars(self, amount: float, *, free_tier: bool = False) -> float:
        left, below, total = max(0.0, amount - (self.free if free_tier else 0.0)), 0.0, 0.0
        for end, price in self.tiers:
            part = left if end is None else min(left, end - below)
            total += part * price / self.per
            left -= part
            below = end or below
        return total


@dataclass(frozen=True)
class Plan:
    """What a month of it costs, and takes at most; None for any number. `metered`: messages and minutes cost, too."""

    name: str
    dollars: float
    connections: float
    messages_a_day: float | None = None
    messages_a_month: float | None = None
    channels: float | None = None
    metered: bool = False

    def takes(self, *, connections: float, messages_a_day: float, messages_a_month: float, channels: float) -> bool:
        used = (
            (connections, self.connections),
            (messages_a_day, self.messages_a_day),
            (messages_a_month, self.messages_a_month),
            (channels, self.channels),
        )
        return all(most is None or number <= most for number, most in used)


@dataclass(frozen=True)
class Prices:
    region: str
    as_of: str
    aws: Mapping[str, Price]
    appsync: Mapping[str, Price]
    ably: Mapping[str, Price]
    ably_plans: Sequence[Plan]
    pusher_plans: Sequence[Plan]

    @classmethod
    def read(cls, file: Path = FILE) -> Prices:
        """Raises CommandFailed of a file that is not one of prices."""
        try:
            found = json.loads(file.read_text())
            ably = dict(found["ably"])
            plans = [_plan(plan) for plan in ably.pop("plans")]
            return cls(
                region=found["region"],
                as_of=found["asOf"],
                aws=_prices(found["aws"]),
                appsync=_prices(found["appsync"]),
                ably=_prices({name: each for name, each in ably.items() if isinstance(each, dict)}),
                ably_plans=plans,
                pusher_plans=[_plan(plan) for plan in found["pusher"]["plans"]],
            )
        except OSError as error:
            raise CommandFailed(f"{file} cannot be read: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandFailed(f"{file} is no table of prices ({error!r}): write it like {FILE}.") from error


def _prices(found: Mapping[str, Any]) -> dict[str, Price]:
    return {
        name: Price(
            unit=each["unit"],
            per=each["per"],
            tiers=[(end, price) for end, price in each["tiers"]],
            source=each["source"],
            seen=each["seen"],
            free=each.get("free", 0.0),
        )
        for name, each in found.items()
    }


def _plan(found: Mapping[str, Any]) -> Plan:
    return Plan(
        name=found["name"],
        dollars=found["usd"],
        connections=found["connections"],
        messages_a_day=found.get("messages a day"),
        messages_a_month=found.get("messages a month"),
        channels=found.get("channels"),
        metered=found.get("metered", False),
    )
