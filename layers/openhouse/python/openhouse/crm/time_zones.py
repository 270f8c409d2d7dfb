"""The time zones of the IANA database, from the package that is deployed: no machine's own files decide."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from openhouse.core.text import trimmed


def time_zone(text: str) -> str:
    """The zone's name as the database spells it. Raises ValueError."""
    name = _names().get(trimmed(text).casefold().replace(" ", "_"))
    if name is None:
        raise ValueError("is not a time zone of the IANA database, such as America/Los_Angeles")
    return name


def is_midnight(moment: datetime, zone: str) -> bool:
    """Whether a day begins then. Where clocks go forward at midnight it begins later."""
    local = moment.astimezone(ZoneInfo(zone))
    begins = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return begins.timestamp() == moment.timestamp()


def begin_of(day: date, zone: str) -> datetime:
    """When that day begins there, in UTC. Where clocks go forward at midnight, it begins at the first hour there is."""
    return datetime.fromtimestamp(datetime.combine(day, time(), ZoneInfo(zone)).timestamp(), UTC)


def all_time_zones() -> Collection[str]:
    """Their names, as the database spells them."""
    return _names().values()


@cache
def _names() -> dict[str, str]:
    names = (resources.files("tzdata") / "zones").read_text().split()
    return {name.casefold(): name for name in names}
