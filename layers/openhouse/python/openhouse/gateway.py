"""Posting to sockets. `Gateway` has two implementations: API Gateway's `@connections`, and the tests' fake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient

FULL_FRAME_BYTES = 32_000  # API Gateway bills by 32 KB


class Outcome(Enum):
    DELIVERED = "delivered"  # API Gateway took it; the socket may still lose it
    GONE = "gone"  # the connection does not exist any more
    FAILED = "failed"  # throttled, timed out, refused: the client will notice the gap


class Gateway(Protocol):
    def post(self, connection_id: str, frame: bytes) -> Outcome:
        """Sends one text frame. Never raises for what happens to one socket."""

    def close(self, connection_id: str) -> None:
        """Closes a socket, if it is still there."""


def post_each(gateway: Gateway, frames: Mapping[str, Sequence[bytes]], *, at_once: int = 32) -> dict[str, Outcome]:
    """Each connection's frames, in order, connections side by side; a failed frame ends that connection's turn."""

    def post_in_order(connection_id: str) -> Outcome:
        for frame in frames[connection_id]:
            outcome = gateway.post(connection_id, frame)
            if outcome is not Outcome.DELIVERED:
                return outcome
        return Outcome.DELIVERED

    if not frames:
        return {}
    with ThreadPoolExecutor(min(at_once, len(frames))) as pool:
        return dict(zip(frames, pool.map(post_in_order, frames), strict=True))


def pack(commits: Sequence[str], limit: int = FULL_FRAME_BYTES) -> list[bytes]:
    """Commits (JSON texts, in order) as few frames; a commit above the limit has one to itself."""
    frames: list[bytes] = []
    batch: list[bytes] = []
    size = 0
    for commit in (text.encode() for text in commits):
        if batch and size + len(commit) > limit:
            frames.append(_frame(batch))
            batch, size = [], 0
        batch.append(commit)
        size += len(commit) + 1
    if batch:
        frames.append(_frame(batch))
    return frames


def _frame(batch: Sequence[bytes]) -> bytes:
    return b'{"commits":[' + b",".join(batch) + b"]}"


class AwsGateway:
    def __init__(self, client: ApiGatewayManagementApiClient) -> None:
        self._client = client

    def post(self, connection_id: str, frame: bytes) -> Outcome:
        try:
            self._client.post_to_connection(ConnectionId=connection_id, Data=frame)
        except self._client.exceptions.GoneException:
            return Outcome.GONE
        except (ClientError, BotoCoreError):
            return Outcome.FAILED
        return Outcome.DELIVERED

    def close(self, connection_id: str) -> None:
        try:
            self._client.delete_connection(ConnectionId=connection_id)
        except (ClientError, BotoCoreError):
            return  # gone already, or API Gateway will find out itself
