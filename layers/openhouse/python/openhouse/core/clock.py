"""The time, as a parameter: everything that needs it takes a `Clock`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def utc_now() -> datetime:
    return datetime.now(UTC)


def in_milliseconds(moment: datetime) -> datetime:
    """The same moment in UTC, as exact as it is told. Raises OverflowError at the ends of the calendar."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def to_wire(moment: datetime) -> str:
    """ISO 8601 with milliseconds and Z."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"  # faster than to take +00:00 away


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970, rounded down: the unit of DynamoDB's TTL."""
    return int(moment.timestamp())


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds_since_1970: int) -> datetime:
    return _EPOCH + milliseconds_since_1970 * _MILLISECOND


def from_seconds(seconds_since_1970: int) -> datetime:
    return datetime.fromtimestamp(seconds_since_1970, UTC)
