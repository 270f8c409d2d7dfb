"""Every value of AWS that this repository imitates or models, each with its source and its date. Nothing else is here.

Nobody publishes some of these: they are marked ASSUMED and say what they are derived from. `make smoke` against an
account is what would replace them.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from enum import Enum
from statistics import NormalDist

_Z95, _Z99 = NormalDist().inv_cdf(0.95), NormalDist().inv_cdf(0.99)
_LONGEST = 2.0  # times p99: beyond what was measured, nothing is made up


class Basis(Enum):
    DOCUMENTED = "documented by AWS"
    MEASURED = "measured on AWS by the source"
    ASSUMED = "assumed; the source is what it is derived from"


@dataclass(frozen=True, kw_only=True)
class Delay:
    """Milliseconds that something takes, as percentiles. `as_of`: when it was measured, or the page read."""

    p50: float
    p95: float
    p99: float
    basis: Basis
    source: str
    as_of: str

    def sample(self, randomness: random.Random) -> float:
        """Seconds. Lognormal through p50 and p95, and from there on through p95 and p99, where tails are longer."""
        z = randomness.gauss(0, 1)
        if z <= _Z95:
            milliseconds = self.p50 * math.exp(z * math.log(self.p95 / self.p50) / _Z95)
        else:
            milliseconds = self.p95 * math.exp((z - _Z95) * math.log(self.p99 / self.p95) / (_Z99 - _Z95))
        return min(milliseconds, _LONGEST * self.p99) / 1000


@dataclass(frozen=True, kw_only=True)
class Limit:
    """`value`: of the unit that the name ends in."""

    value: float
    basis: Basis
    source: str
    as_of: str


@dataclass(frozen=True, kw_only=True)
class Chance:
    """How often something that AWS documents happens here: far more often than there, so that a test meets it."""

    here: float
    source: str
    as_of: str


_READ = "2026-11-28"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"
_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/"
_GATEWAY = "https://docs.aws.amazon.com/apigateway/latest/"
_MESSAGING = "https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/ (1,024 messages, eu-west-1)"
_WRITES = (
    "https://github.com/alexdebrie/dynamodb-performance-testing, put-batch-transaction-performance "
    "(400 calls from Lambda with boto3, which is part of them)"
)

# DynamoDB ----------------------------------------------------------------------------------------------------------

ITEM_READ = Delay(
    p50=4.5,
    p95=9,
    p99=14,
    basis=Basis.ASSUMED,
    source="'consistent single-digit millisecond', https://aws.amazon.com/dynamodb/; below the measured PutItem",
    as_of=_READ,
)
QUERY = Delay(
    p50=6,
    p95=12,
    p99=20,
    basis=Basis.ASSUMED,
    source="as ITEM_READ, of several items",
    as_of=_READ,
)
ITEM_WRITE = Delay(p50=7.55, p95=13.2, p99=16.2, basis=Basis.MEASURED, source=_WRITES, as_of="2020-02")
BATCH_WRITE = Delay(p50=10.2, p95=18, p99=27.6, basis=Basis.MEASURED, source=f"{_WRITES}: 25 items", as_of="2020-02")
TRANSACTION = Delay(p50=25.3, p95=36.4, p99=92.5, basis=Basis.MEASURED, source=f"{_WRITES}: 5 items", as_of="2020-02")
LARGE_TRANSACTION = Delay(
    p50=32.1, p95=47.2, p99=97.5, basis=Basis.MEASURED, source=f"{_WRITES}: 25 items", as_of="2020-02"
)

TRANSACTION_CONFLICT = Chance(
    here=0.03,
    source=f"{_DYNAMODB}developerguide/transaction-apis.html: PutItem, UpdateItem, DeleteItem and transactions are "
    "refused while another transaction is at one of their items; a GetItem never is",
    as_of=_READ,
)
THROTTLED = Chance(
    here=0.01,
    source=f"{_DYNAMODB}developerguide/Programming.Errors.html: ProvisionedThroughputExceededException, "
    "ThrottlingException and RequestLimitExceeded, on demand too when traffic more than doubles",
    as_of=_READ,
)
UNPROCESSED = Chance(
    here=0.15,
    source=f"{_DYNAMODB}APIReference/API_BatchGetItem.html and API_BatchWriteItem.html: the part that would exceed the "
    "throughput comes back as UnprocessedKeys and UnprocessedItems",
    as_of=_READ,
)
COLLECTION_GB = Limit(
    value=10,
    basis=Basis.DOCUMENTED,
    source=f"{_DYNAMODB}developerguide/LSI.html: of one partition key in a table with local indexes",
    as_of=_READ,
)

# The stream and who polls it -----------------------------------------------------------------------------------------

STREAM_POLLS_PER_SECOND = Limit(
    value=4, basis=Basis.DOCUMENTED, source=f"{_LAMBDA}with-ddb.html: the base rate of each shard", as_of=_READ
)
NEW_TABLE_SHARDS = Limit(
    value=4,
    basis=Basis.DOCUMENTED,
    source=f"{_DYNAMODB}developerguide/on-demand-capacity-mode.html: a new table takes 4,000 writes a second, and a "
    "partition takes 1,000; each partition has a shard, and each shard is polled by itself (with-ddb.html)",
    as_of=_READ,
)
INTO_THE_STREAM = Delay(
    p50=80,
    p95=253,
    p99=408,
    basis=Basis.MEASURED,
    source=f"{_MESSAGING}: DynamoDB Streams p10 118, p50 213, p90 341, p99 552, less a poll each 250 ms and an "
    "invocation (fitted)",
    as_of="2022-09",
)

# SQS -----------------------------------------------------------------------------------------------------------------

QUEUE_SEND = Delay(
    p50=8,
    p95=16,
    p99=30,
    basis=Basis.ASSUMED,
    source="'tens of milliseconds' at most, https://aws.amazon.com/sqs/faqs/; within the measured hand-over",
    as_of=_READ,
)
QUEUE_TOOK_A_PART = Chance(
    here=0.02,
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html: "
    "'the batch request can result in a combination of successful and unsuccessful actions'",
    as_of=_READ,
)
QUEUE_HANDOVER = Delay(
    p50=20,
    p95=68,
    p99=630,
    basis=Basis.MEASURED,
    source=f"{_MESSAGING}: SQS FIFO p10 21.9, p50 28.1, p90 61.2, p99 645, less sending it",
    as_of="2022-09",
)

# Lambda --------------------------------------------------------------------------------------------------------------

INVOCATION = Delay(
    p50=6,
    p95=15,
    p99=30,
    basis=Basis.ASSUMED,
    source="a warm function, without its own time: SQS standard reaches one in p10 13.7 ms, sending and polling "
    f"included ({_MESSAGING})",
    as_of="2022-09",
)
ASYNC_ACCEPTED = Delay(
    p50=10,
    p95=20,
    p99=40,
    basis=Basis.ASSUMED,
    source=f"the call that answers 202 once the event is queued ({_LAMBDA}invocation-async.html); as QUEUE_SEND",
    as_of=_READ,
)
ASYNC_HANDOVER = Delay(
    p50=40,
    p95=110,
    p99=180,
    basis=Basis.ASSUMED,
    source=f"from Lambda's own queue to a warm function: SNS, which does the same after publishing, takes p10 62, "
    f"p50 73, p90 125, p99 225 ({_MESSAGING})",
    as_of="2022-09",
)
COLD_START = Delay(
    p50=250,
    p95=500,
    p99=900,
    basis=Basis.ASSUMED,
    source="'from under 100 ms to over 1 second', without imports: "
    "https://aws.amazon.com/blogs/compute/operating-lambda-performance-optimization-part-1/",
    as_of=_READ,
)
NEW_ACCOUNT_FUNCTIONS = Limit(
    value=10,
    basis=Basis.DOCUMENTED,
    source=f"{_LAMBDA}gettingstarted-limits.html: 'New AWS accounts have reduced concurrency'; Service Quotas "
    "L-B99A9384 shows 10 for them",
    as_of=_READ,
)

# API Gateway ---------------------------------------------------------------------------------------------------------

HTTP_API = Delay(
    p50=4,
    p95=8,
    p99=10,
    basis=Basis.DOCUMENTED,
    source="'99% of all requests have less than 10 ms of additional latency', "
    "https://aws.amazon.com/blogs/compute/building-better-apis-http-apis-now-generally-available/; p50 assumed",
    as_of="2020-03",
)
WEBSOCKET_API = Delay(
    p50=6,
    p95=15,
    p99=30,
    basis=Basis.ASSUMED,
    source="as a REST API's own latency; HTTP_API's page calls HTTP APIs up to 60% faster",
    as_of="2020-03",
)
POST_TO_CONNECTION = Delay(
    p50=12,
    p95=30,
    p99=70,
    basis=Basis.ASSUMED,
    source="nobody publishes it; as WEBSOCKET_API, and the hop to the host that holds the socket",
    as_of=_READ,
)
POST_THROTTLED = Chance(
    here=0.02,
    source=f"{_GATEWAY}developerguide/limits.html: 10,000 requests a second are shared with everything in the account "
    "and region, @connections included (LimitExceededException, 429)",
    as_of=_READ,
)
SOCKET_HOURS = Limit(
    value=2,
    basis=Basis.DOCUMENTED,
    source=f"{_GATEWAY}developerguide/apigateway-execution-service-websocket-limits-table.html",
    as_of=_READ,
)
SOCKET_IDLE_MINUTES = Limit(value=10, basis=Basis.DOCUMENTED, source=SOCKET_HOURS.source, as_of=_READ)
SOCKET_FRAME_KB = Limit(value=32, basis=Basis.DOCUMENTED, source=SOCKET_HOURS.source, as_of=_READ)
SOCKET_MESSAGE_KB = Limit(value=128, basis=Basis.DOCUMENTED, source=SOCKET_HOURS.source, as_of=_READ)
NEW_SOCKETS_PER_SECOND = Limit(value=500, basis=Basis.DOCUMENTED, source=SOCKET_HOURS.source, as_of=_READ)
REQUESTS_PER_SECOND = Limit(
    value=10_000,
    basis=Basis.DOCUMENTED,
    source=f"{_GATEWAY}developerguide/limits.html: of the account in a region, 2,500 in the smaller ones",
    as_of=_READ,
)

# The way there -------------------------------------------------------------------------------------------------------

NETWORK_ROUND_TRIP = Delay(
    p50=25,
    p95=60,
    p99=120,
    basis=Basis.ASSUMED,
    source="a browser on cable or fibre to a region of its own continent; half of it is one way",
    as_of=_READ,
)
NEW_CONNECTION = Delay(
    p50=8,
    p95=16,
    p99=30,
    basis=Basis.ASSUMED,
    source="DNS, TCP and TLS 1.3 from a function to a service of its region: three round trips of about 1 ms, and what "
    "both ends work out",
    as_of=_READ,
)
