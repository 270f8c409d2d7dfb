"""One change on the functions' own code, by the members of its room, and the CPU time of all else on its way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.api_gateway import api_gateway, posting_to
from bench.calls import ROOM
from bench.certificate import write_certificate
from bench.functions import Functions, functions
from bench.replay import Posting
from bench.trace import Trace, Tracer
from deployed import ROOT
from openhouse.delivery.posting_call import DEFAULT_LIMITS
from openhouse.rooms.gateway import Delivery, Frame
from openhouse_client.cache import Cache
from openhouse_client.feed import Feed
from openhouse_client.protocol import Commits, Position, read_frame

RECORD = {"propertyAddress": "1 Harbor Way", "city": "Davis", "purchasePriceCents": 42_500_000, "notes": "n" * 1_300}
FUNCTIONS = ("authorizer", "crm", "fast_lane", "fanout")  # that a change of a record passes
_ENVIRONMENT = {
    "TABLE_NAME": "t",
    "RECORDS_TABLE_NAME": "r",
    "TOKEN_ISSUER": "https://issuer.example",
    "TOKEN_AUDIENCE": "a",
    "JWKS_URL": "https://issuer.example/jwks.json",
    "WEBSOCKET_API_ID": "a",
    "WEBSOCKET_STAGE": "live",
    "SHARDS_URL": "https://queue.example/shards.fifo",
    "TIMERS_URL": "https://queue.example/timers",
    "TASKS_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:tasks",
    "FAILURES_URL": "https://queue.example/failures",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "PYTHONPATH": str(ROOT / "layers" / "openhouse" / "python"),
}


@dataclass(frozen=True)
class Change:
    """What one change makes each function do, and the CPU seconds in which a client has its frame in its cache.

    "fanout" is what the stream's function does without a fast lane, "fanout beside it" what it does after it.
    """

    traces: Mapping[str, Trace]
    client: float


@dataclass(frozen=True)
class Recording:
    """`starts`: CPU seconds of each function from the beginning of its process to its first call."""

    changes: Mapping[int, list[Change]]  # by members
    starts: Mapping[str, float]
    posting: Posting


def record(members: Sequence[int], changes: int, tell: Callable[[str], None]) -> Recording:
    """So many changes for each number of members, and as many starts of each function."""
    tracer = Tracer()
    found: dict[int, list[Change]] = {}
    with (
        api_gateway(everyone=True) as api,
        tracer.listening(),
        functions(api, lambda *_: tracer, fast_lane=True) as stack,
    ):
        client = _Client(json.loads(stack.call("POST", "/escrows", RECORD)))
        stack.watch(ROOM, 1)
        client.read(tracer.payload)
        for each in members:
            tell(f"{each} members")
            stack.watch(ROOM, each)
            found[each] = [_change(stack, client) for _ in range(changes)]
    tell("starts and posts")
    return Recording(found, {name: _start(name, changes) for name in FUNCTIONS}, _posting())


class _Client:
    """The client's own ordering and cache, of someone who looks at the record."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.id = record["id"]
        self._feed = Feed()
        self._cache = Cache(["escrow"])
        with self._cache.fetching() as fetch:
            self._cache.load("escrow", [record], fetch)
        self._price = 42_500_000

    def next_price(self) -> int:
        self._price += 1
        return self._price

    def read(self, payload: bytes) -> None:
        """Where the log of the record's room ends before the next change."""
        (commit,) = json.loads(payload)["commits"]
        self._feed = Feed({commit["room"]: Position(commit["epoch"], commit["seq"])})

    def hear(self, frame: bytes) -> float:
        """CPU seconds until the record is as the frame says."""
        began = time.thread_time()
        news = read_frame(frame.decode())
        assert isinstance(news, Commits)
        for commit in self._feed.receive(news.commits):
            self._cache.apply(commit)
        took = time.thread_time() - began
        known = self._cache.get("escrow", self.id)
        if known is None or known["purchasePriceCents"] != self._price:
            raise RuntimeError("the client does not have what was changed")
        return took


def _change(stack: Functions[Tracer], client: _Client) -> Change:
    stack.observer.take()
    stack.authorize()
    stack.call("PATCH", f"/escrows/{client.id}", {"purchasePriceCents": client.next_price()})
    stack.hasten(stack.observer.payload)
    took = client.hear(stack.observer.frame)
    stack.deliver(ROOM, beside_fast_lane=True)
    stack.deliver(ROOM)
    return Change({name: recorded[-1] for name, recorded in stack.observer.take().items()}, took)


def _start(function: str, times: int) -> float:
    """The least of so many times: what else this machine does only ever adds."""
    program = f"import sys; sys.path.insert(0, 'functions/{function}'); import handler"
    return max(0.0, min(_cpu(program) for _ in range(times)) - min(_cpu("pass") for _ in range(times)))


def _cpu(program: str) -> float:
    command = [sys.executable, "-c", f"{program}; import time; print(time.process_time())"]
    environment = {**_ENVIRONMENT, "PATH": os.environ.get("PATH", "")}
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return float(answer.stdout)


def _posting() -> Posting:
    """CPU seconds over TLS: what a call with new connections takes more than one with open ones is their opening."""
    with tempfile.TemporaryDirectory() as directory:
        certificate = write_certificate(Path(directory) / "server.pem")
        with (
            api_gateway(everyone=True, certificate=certificate) as api,
            posting_to(api.endpoint, trusted=certificate) as gateway,
        ):
            connections = DEFAULT_LIMITS.connections
            delivery = Delivery([f"socket-{number}" for number in range(connections)], [Frame(b"x" * 600)])
            took: list[float] = []
            for _ in range(10):
                began = time.process_time()
                gateway.post([delivery])
                took.append(time.process_time() - began)
    post = median(took[1:])
    return Posting(post / connections, max(0.0, took[0] - post) / connections)
