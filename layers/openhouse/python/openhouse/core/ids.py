"""Identifiers. Randomness comes in as bytes, so that tests choose it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID


def uuid7(now: datetime, random: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A UUIDv7 (RFC 9562, section 5.7): text order is creation order, to the millisecond."""
    milliseconds = int(now.timestamp() * 1000)
    noise = int.from_bytes(random(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (noise >> 68) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
    return str(UUID(int=value))


MAX_ID_LENGTH = 64  # of any id that a client may name; DynamoDB refuses sort keys over 1,024 bytes


def token(random: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A secret of 256 bits, safe in a URL."""
    return random(32).hex()


def epoch(random: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """The name of one life of a room's log."""
    return random(6).hex()
