"""What of AWS is imitated at the moment, and how much of it; data that a test sends to the emulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from local.aws_like import measures


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """As a new account has them. Whatever takes hours there, a test makes shorter."""

    seed: int = 1
    delays: float = 1.0  # times those of `measures`
    habits: float = 1.0  # times the chances of `measures`; 0: only what really collides is refused
    functions: int = int(measures.NEW_ACCOUNT_FUNCTIONS.value)  # at a time
    stream_shards: int = int(measures.NEW_TABLE_SHARDS.value)
    socket_seconds: float = measures.SOCKET_HOURS.value * 3600
    idle_seconds: float = measures.SOCKET_IDLE_MINUTES.value * 60
    collection_bytes: float = measures.COLLECTION_GB.value * 2**30
    account_requests: float = measures.REQUESTS_PER_SECOND.value  # a second, posts included
    stage_requests: float = 1_000  # of each stage a second; as in cdk.json, since the emulator loses what is deployed

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Raises ValueError naming what is unknown or no number."""
        known = {field.name for field in fields(cls)}
        if unknown := values.keys() - known:
            raise ValueError(f"there is no condition {min(unknown)}")
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise ValueError(f"{name} is {value!r}: write a number that is not negative")
        return cls(**values)

    def values(self) -> dict[str, Any]:
        return asdict(self)
