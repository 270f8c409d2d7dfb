"""What the same month costs with what others use, by their list prices.

A Socket.IO server replaces all of ours. AppSync Events, Ably and Pusher replace what is there for sockets alone:
writes, lists, storage and so on stay as they are, and publish a message once where ours posts to each socket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from cli.costs.ours import Month
from cli.costs.prices import Plan, Prices
from cli.costs.standing import ALARMS, DASHBOARDS, HOURS, METRICS_AT_WORK

SERVERS, SOCKETS_OF_A_SERVER = 2, 5_000
DISK_GB, DATABASE_GB = 20, 20  # at least
BALANCER_SOCKETS = 3_000  # of a capacity unit
ROOMS = 3  # of a person, each a channel: their own, their team's, their brokerage's

SOCKET_IO = (
    "Socket.IO: two t4g.small, more for each 5,000 sockets beyond 10,000; a load balancer; two cache.t4g.small with "
    "Valkey; one db.t4g.small in two zones, never larger however many write, which favours it; as many bytes sent; "
    "as many alarms, metrics for them, a dashboard, half the log, and no traces."
)
APPSYNC = (
    "AppSync Events: a message published and each one delivered is an operation, of 5 KB; it has no presence, so each "
    "beat is published and handled (two operations) and written as ours is."
)
ABLY = (
    "Ably: the smallest plan that takes it; a message published and each one delivered, its own presence (each change "
    "told to the brokerage; who looks at a record is in that record's), minutes of connections and channels."
)
PUSHER = "Pusher: the smallest plan whose connections and messages a day are enough; messages counted as for Ably."
NOTES = (SOCKET_IO, APPSYNC, ABLY, PUSHER)


@dataclass(frozen=True)
class Messages:
    """Of a month, as services count them that deliver for us. `sockets`: open at a time, one for each tab."""

    sockets: float
    minutes: float  # of them together
    published: float
    delivered: float
    channels: float
    channel_minutes: float

    @property
    def together(self) -> float:
        return self.published + self.delivered


def socket_io(month: Month, prices: Prices, *, free_tier: bool = False) -> dict[str, float]:
    """Dollars by what they are for."""
    usage, ours, aws = month.usage, month.amounts(), prices.aws
    sockets = usage.users * usage.tabs
    servers = max(SERVERS, ceil(sockets / SOCKETS_OF_A_SERVER))
    open_share = (usage.hours + usage.idle_hours) * usage.days / HOURS
    units = max(sockets / BALANCER_SOCKETS * open_share, ours["GB sent"] / HOURS)
    amounts = {
        "servers": ("server hours", servers * HOURS),
        "their disks": ("GB of disks", servers * DISK_GB),
        "load balancer": ("balancer hours", HOURS),
        "what it carries": ("balancer units", units * HOURS),
        "public addresses": ("address hours", (servers + 2) * HOURS),
        "Redis (Valkey), two nodes": ("cache hours", 2 * HOURS),
        "PostgreSQL, two zones": ("database hours", HOURS),
        "its storage": ("GB of database", max(DATABASE_GB, ours["GB stored"])),
        "bytes sent": ("GB sent", ours["GB sent"]),
        "logs": ("GB logged", ours["GB logged"] / 2),
        "alarms": ("alarms", ALARMS),
        "its metrics": ("own metrics", METRICS_AT_WORK),
        "its dashboard": ("dashboards", DASHBOARDS),
    }
    return {name: aws[meter].dollars(amount, free_tier=free_tier) for name, (meter, amount) in amounts.items()}


def appsync(month: Month, prices: Prices, *, free_tier: bool = False) -> dict[str, float]:
    usage, habits, presence = month.usage, month.habits, month.presence
    beats = sum(month.beats)
    alone, beside_others = month.views
    hints = alone + beside_others + month.typing
    heard = (beside_others + month.typing) * habits.others * usage.tabs
    told = _told(month)
    told = replace(
        told,
        published=told.published + presence["commits"] + hints + beats,
        delivered=told.delivered + presence["commits"] * usage.people * usage.tabs + heard,
    )
    joins = month.connects * usage.tabs * (1 + ROOMS)
    # What is published is handled: commits come from us, all else from browsers.
    operations = told.together + beats + hints + joins
    kept = month.counted.person("beat").times(beats)
    table = prices.aws["write units"].dollars(kept.writes) + prices.aws["read units"].dollars(kept.reads)
    return {
        "operations": prices.appsync["operations"].dollars(operations),
        "connection minutes": prices.appsync["connection minutes"].dollars(told.minutes),
        "beats in the table": table,
        "all that stays ours": _rest(month, prices, free_tier=free_tier),
    }


def ably(month: Month, prices: Prices, *, free_tier: bool = False) -> dict[str, float] | None:
    """None of what no plan takes."""
    told = _with_presence(month)
    plan = _smallest(prices.ably_plans, month, told)
    if plan is None:
        return None
    metered = {
        "messages": prices.ably["messages"].dollars(told.together),
        "connection minutes": prices.ably["connection minutes"].dollars(told.minutes),
        "channel minutes": prices.ably["channel minutes"].dollars(told.channel_minutes),
    }
    return {
        f"plan {plan.name}": plan.dollars,
        **(metered if plan.metered else {}),
        "all that stays ours": _rest(month, prices, free_tier=free_tier),
    }


def pusher(month: Month, prices: Prices, *, free_tier: bool = False) -> dict[str, float] | None:
    """None of what no plan takes."""
    plan = _smallest(prices.pusher_plans, month, _with_presence(month))
    if plan is None:
        return None
    rest = _rest(month, prices, free_tier=free_tier)
    return {f"plan {plan.name}": plan.dollars, "all that stays ours": rest}


def _told(month: Month) -> Messages:
    """Of commits of teams' rooms."""
    usage, habits = month.usage, month.habits
    sockets = usage.users * usage.tabs
    hours = (usage.hours + usage.idle_hours) * usage.days
    rooms = usage.users + usage.users / usage.members + usage.brokerages
    looked_at = usage.users * habits.looking / (1 + habits.shared * habits.others)
    return Messages(
        sockets=sockets,
        minutes=sockets * hours * 60,
        published=month.commits,
        delivered=month.commits * usage.members * usage.tabs,
        channels=rooms + looked_at,
        channel_minutes=rooms * hours * 60 + looked_at * usage.hours * usage.days * 60,
    )


def _with_presence(month: Month) -> Messages:
    """Where the service knows who is there: entering, leaving and changing are messages to all who see it."""
    usage, habits, told = month.usage, month.habits, _told(month)
    changes = month.presence["changes"] + 2 * month.connects * usage.tabs
    looks = 2 * usage.worked * habits.spells  # entered, and left
    others = habits.shared * habits.others
    return replace(
        told,
        published=told.published + changes + looks + month.typing,
        delivered=told.delivered
        + changes * usage.people * usage.tabs
        + looks * (1 + others) * usage.tabs
        + month.typing * habits.others * usage.tabs,
    )


def _smallest(plans: Sequence[Plan], month: Month, told: Messages) -> Plan | None:
    enough = (
        plan
        for plan in plans
        if plan.takes(
            connections=told.sockets,
            messages_a_day=told.together / month.usage.days,
            messages_a_month=told.together,
            channels=told.channels,
        )
    )
    return next(enough, None)


def _rest(month: Month, prices: Prices, *, free_tier: bool) -> float:
    """What is not there for sockets: without posts, which become one publication."""
    amounts = dict(month.amounts(live=False))
    amounts["socket messages"] = 0.0
    return sum(prices.aws[name].dollars(amount, free_tier=free_tier) for name, amount in amounts.items())
