"""What posting to sockets is: frames, who gets them, and what became of it.

`Gateway` has two implementations: API Gateway's `@connections` (`delivery/aws_gateway.py`) and the tests' fake.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Protocol

from openhouse.core.errors import OpenhouseError
from openhouse.core.json_text import compact

LARGEST_FRAME_BYTES = 120_000  # API Gateway refuses a message of more than 128 KB, and bills by 32 KB whatever the cut


class Outcome(Enum):
    DELIVERED = "delivered"  # API Gateway took it; the socket may still lose it
    GONE = "gone"  # the connection does not exist any more
    FAILED = "failed"  # throttled, timed out, too large, refused: the client will notice the gap
    UNREACHABLE = "unreachable"  # API Gateway could not be reached, or did not let us in: no fault of the socket


class FrameKind(Enum):
    """What a frame holds a list of."""

    COMMITS = "commits"  # of logs: numbered, and whoever misses one asks for it
    EPHEMERAL = "ephemeral"  # hints, each told once to whoever is there


@dataclass(frozen=True)
class Frame:
    """One text frame, hashed once however many sockets it is signed for."""

    body: bytes
    digest: str = field(init=False, compare=False)  # SHA-256 in hex

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", sha256(self.body).hexdigest())


@dataclass(frozen=True)
class Delivery:
    """Each of these sockets gets all the frames, in order; a frame that fails ends its turn.

    `patience`: seconds that API Gateway may take to answer one post.
    """

    connection_ids: Sequence[str]
    frames: Sequence[Frame]
    patience: float = 2.0

    @property
    def posts(self) -> int:
        return len(self.connection_ids) * len(self.frames)


Missed = dict[str, Outcome]  # by connection; whoever is not in it got every frame


class Gateway(Protocol):
    def post(self, deliveries: Sequence[Delivery]) -> list[Missed]:
        """Posts them side by side, taking turns. Never raises for what happens to sockets."""

    def close(self, connection_ids: Sequence[str]) -> None:
        """Closes those of these sockets that are still there."""


def post_one(gateway: Gateway, connection_id: str, frames: Sequence[Frame]) -> Outcome:
    (missed,) = gateway.post([Delivery([connection_id], frames)])
    return missed.get(connection_id, Outcome.DELIVERED)


def closing_frame(reason: OpenhouseError) -> Frame:
    """The last frame that a socket gets before it is closed, for this reason."""
    cause = {"code": reason.code, "message": reason.message, "retryable": reason.retryable}
    return Frame(compact({"closing": cause}).encode())


def pack(kind: FrameKind, items: Iterable[str], limit: int = LARGEST_FRAME_BYTES) -> list[Frame]:
    """Items (JSON texts, in order) in as few frames `{kind: [...]}` as fit; one above the limit has one to itself."""
    frames: list[Frame] = []
    batch: list[bytes] = []
    size = 0
    for item in (text.encode() for text in items):
        if batch and size + len(item) > limit:
            frames.append(_frame(kind, batch))
            batch, size = [], 0
        batch.append(item)
        size += len(item) + 1
    if batch:
        frames.append(_frame(kind, batch))
    return frames


def _frame(kind: FrameKind, batch: Sequence[bytes]) -> Frame:
    return Frame(b'{"' + kind.value.encode() + b'":[' + b",".join(batch) + b"]}")
