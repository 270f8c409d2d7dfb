"""How long a recorded trace takes on AWS, on a clock of its own: AWS's calls and posts take what `measures` says."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field

from bench.delays import delay_of
from bench.trace import INVOKE, Call, Posts, Together, Trace, Work
from local.aws_like import measures
from openhouse.delivery.posting_call import DEFAULT_LIMITS

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: one vCPU; less has a share
WHOLE_CPU_MB = 1769
THREADS = 8  # of `adapters.parallel_map`


@dataclass(frozen=True)
class Posting:
    """CPU seconds that one post takes over TLS, and the opening of a connection."""

    post: float
    handshake: float


@dataclass
class Replay:
    """One call of a function that begins at `now`. `cold`: connections must be opened first."""

    now: float
    memory_mb: int
    posting: Posting
    randomness: random.Random
    cold: bool = False
    ends: dict[str, float] = field(default_factory=dict)  # of the last call of each operation
    arrivals: list[float] = field(default_factory=list)  # when each post was answered
    posts_began: float = 0.0
    _open: set[str] = field(default_factory=set)  # addresses that there is a connection to

    def run(self, trace: Trace) -> Replay:
        for step in trace:
            match step:
                case Work():
                    self.now += self._share(step.seconds)
                case Call():
                    self._connect(_service(step.operation))
                    if step.operation == INVOKE:  # it is signed and sent as a post is, and not waited for
                        self.now += self._share(self.posting.post)
                    else:
                        self.now += delay_of(step.operation, step.items).sample(self.randomness)
                    self.ends[step.operation] = self.now
                case Posts():
                    self._post(step.count)
                case Together():
                    self._together(step.branches)
        return self

    def _share(self, seconds: float) -> float:
        return seconds / min(1.0, self.memory_mb / WHOLE_CPU_MB)

    def _connect(self, address: str) -> None:
        if self.cold and address not in self._open:
            self._open.add(address)
            self.now += measures.NEW_CONNECTION.sample(self.randomness)

    def _together(self, branches: tuple[Trace, ...]) -> None:
        """In threads, each free one taking the next branch."""
        free = [self.now] * THREADS
        ended = self.now
        for branch in branches:
            self.now = heapq.heappop(free)
            self.run(branch)
            heapq.heappush(free, self.now)
            ended = max(ended, self.now)
        self.now = ended

    def _post(self, count: int) -> None:
        """As `PostingCall` does it: one thread, and so many connections with one post at a time on each."""
        self.posts_began = cpu = self.now
        free: list[float] = []
        for _ in range(min(count, DEFAULT_LIMITS.connections)):
            if self.cold:
                cpu += self._share(self.posting.handshake)
                free.append(cpu + measures.NEW_CONNECTION.sample(self.randomness))
            else:
                free.append(cpu)
        heapq.heapify(free)
        for _ in range(count):
            cpu = max(cpu, heapq.heappop(free)) + self._share(self.posting.post)
            answered = cpu + measures.POST_TO_CONNECTION.sample(self.randomness)
            self.arrivals.append(answered)
            heapq.heappush(free, answered)
        self.now = max([self.now, *self.arrivals])


def _service(operation: str) -> str:
    return {"SendMessageBatch": "sqs", INVOKE: "lambda"}.get(operation, "dynamodb")
