"""Lambda's way from a table's stream to a function, as AWS documents it: the emulator knows only the shortest.

A table has several shards, and each is polled by itself, four times a second. What a poll finds is filtered and handed
on in batches of one shard, one at a time. A batch that fails is cut in two, and tried again until it is too old.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from local.aws_like import measures
from local.aws_like.conditions import Conditions
from local.aws_like.functions import pauses
from local.aws_like.imitation import Imitation

Record = dict[str, Any]

_READ_AT_ONCE = 1_000  # records, as GetRecords does
_MOST_REMEMBERED = 20_000  # records whose delay is still to be asked for


@dataclass(frozen=True)
class Place:
    """Where the emulator keeps what a mapping needs."""

    account: str
    region: str
    table: str
    mapping: dict[str, Any]


class Stream:
    """`lambda_svc`, `dynamodb`, `responses`: the emulator's modules."""

    def __init__(self, imitation: Imitation, lambda_svc: Any, dynamodb: Any, responses: Any) -> None:
        self._imitation = imitation
        self._lambda = lambda_svc
        self._dynamodb = dynamodb
        self._responses = responses
        self._polling = threading.Lock()  # by the emulator itself
        self._shards: list[Shard] = []
        self._ready: dict[str, float] = {}  # by sequence number: when a poll finds the record
        self._poll = lambda_svc._poll_dynamodb_streams  # noqa: SLF001
        self._next_number = dynamodb._next_stream_seq  # noqa: SLF001
        lambda_svc._poll_dynamodb_streams = self._poll_unless_imitated  # noqa: SLF001
        dynamodb._next_stream_seq = self._number  # noqa: SLF001
        imitation.on_change.append(self._change)

    def ready_at(self, record: Record) -> float:
        return self._ready.get(record["dynamodb"]["SequenceNumber"], 0.0)

    def execute(self, place: Place, records: list[Record]) -> Any:
        """The emulator's own result."""
        account = self._responses._request_account_id.set(place.account)  # noqa: SLF001
        region = self._responses._request_region.set(place.region)  # noqa: SLF001
        try:
            name, qualifier = place.mapping["FunctionName"], place.mapping.get("Qualifier")
            func, _ = self._lambda._get_func_record_for_qualifier(name, qualifier)  # noqa: SLF001
            return self._lambda._execute_function(func, {"Records": records})  # noqa: SLF001
        finally:
            self._responses._request_region.reset(region)  # noqa: SLF001
            self._responses._request_account_id.reset(account)  # noqa: SLF001

    def give_up(self, place: Place, records: list[Record]) -> None:
        account = self._responses._request_account_id.set(place.account)  # noqa: SLF001
        region = self._responses._request_region.set(place.region)  # noqa: SLF001
        try:
            func, _ = self._lambda._get_func_record_for_qualifier(place.mapping["FunctionName"], None)  # noqa: SLF001
            arn = place.mapping["EventSourceArn"]
            self._lambda._send_ddb_stream_failure_record(  # noqa: SLF001
                place.mapping, func, records, arn, {}, "MaxRecordAgeExceeded"
            )
        finally:
            self._responses._request_region.reset(region)  # noqa: SLF001
            self._responses._request_account_id.reset(account)  # noqa: SLF001

    def wanted(self, place: Place, records: list[Record]) -> list[Record]:
        found: list[Record] = self._lambda._apply_filter_criteria(records, place.mapping)  # noqa: SLF001
        return found

    def since(self, place: Place, position: int) -> list[Record]:
        found: list[Record] = self._dynamodb.stream_records_since(
            place.table, position, _READ_AT_ONCE, account_id=place.account, region=place.region
        )
        return found

    # Switching --------------------------------------------------------------------------------------------------------

    def _poll_unless_imitated(self) -> bool:
        with self._polling:
            return not self._imitation.on and bool(self._poll())

    def _number(self) -> str:
        number: str = self._next_number()
        if self._imitation.on:
            self._ready[number] = time.time() + self._imitation.delay(measures.INTO_THE_STREAM)
            while len(self._ready) > _MOST_REMEMBERED:
                del self._ready[next(iter(self._ready))]
        return number

    def _change(self, conditions: Conditions | None) -> None:
        """One of the two polls, from where the other one was: what it was at comes twice."""
        for shard in self._shards:
            shard.end()
        for shard in self._shards:
            shard.join()
        with self._polling:
            for shard in self._shards:
                positions = self._positions(shard.place)
                own = min(each.position for each in self._shards if each.place is shard.place)
                positions[shard.place.mapping["UUID"]] = own
            self._shards = [*self._new_shards(conditions)] if conditions else []
        for shard in self._shards:
            shard.start()

    def _new_shards(self, conditions: Conditions) -> Iterator[Shard]:
        for account, region, mapping in self._lambda._iter_all_esms():  # noqa: SLF001
            arn = mapping.get("EventSourceArn", "")
            if ":dynamodb:" in arn and "/stream/" in arn:
                place = Place(account, region, arn.split("/stream/")[0].split("/")[-1], mapping)
                position = self._positions(place).get(mapping["UUID"], 0)
                for number in range(conditions.stream_shards):
                    yield Shard(self, place, number, conditions.stream_shards, position, self._imitation)

    def _positions(self, place: Place) -> _Positions:
        return _Positions(self._lambda._dynamodb_stream_positions, place)  # noqa: SLF001


class _Positions:
    """The emulator's positions, of the mapping's account and region."""

    def __init__(self, positions: Any, place: Place) -> None:
        self._positions = positions
        self._place = place

    def get(self, uuid: str, default: int) -> int:
        found: int = self._positions.get_scoped(self._place.account, self._place.region, uuid, default)
        return found

    def __setitem__(self, uuid: str, position: int) -> None:
        self._positions.set_scoped(self._place.account, self._place.region, uuid, position)


class Shard(threading.Thread):
    """Polls one. `position`: how many records of the table are behind it, of whatever shard.

    `pause(seconds)`: waits before a batch is tried again, and says whether to stop instead.
    """

    def __init__(
        self,
        stream: Stream,
        place: Place,
        number: int,
        shards: int,
        position: int,
        imitation: Imitation,
        *,
        pause: Callable[[float], bool] | None = None,
    ) -> None:
        super().__init__(daemon=True, name=f"shard-{number}")
        self.place = place
        self.position = position
        self._stream = stream
        self._number = number
        self._shards = shards
        self._imitation = imitation
        self._ended = threading.Event()
        self._pause = pause or self._ended.wait

    def end(self) -> None:
        self._ended.set()

    def run(self) -> None:
        period = 1 / measures.STREAM_POLLS_PER_SECOND.value
        self._ended.wait(period * self._number / self._shards)  # not all at the same time
        while not self._ended.is_set():
            batch, position = self._read()
            if batch and not self._deliver(batch):
                return  # ended: it comes again
            self.position = position
            if len(batch) < self._size:
                self._ended.wait(period)

    @property
    def _size(self) -> int:
        return int(self.place.mapping.get("BatchSize", 100))

    def _read(self) -> tuple[list[Record], int]:
        """The next batch, and the position behind it."""
        batch: list[Record] = []
        position, now = self.position, time.time()
        for record in self._stream.since(self.place, self.position):
            if shard_of(record, self._shards) == self._number:
                if self._stream.ready_at(record) > now or len(batch) == self._size:
                    break
                batch += self._stream.wanted(self.place, [record])
            position += 1
        return batch, position

    def _deliver(self, batch: list[Record]) -> bool:
        """Whether all of it is done, or given up."""
        self._imitation.count("stream.batches")
        self._imitation.count("stream.records", len(batch))
        parts = [batch]
        for pause in pauses():
            while parts:
                rest = self._try(parts[0])
                if rest:
                    parts[:1] = rest
                    break
                parts.pop(0)
            if not parts:
                return True
            self._imitation.count("stream.batches_again")
            if self._pause(pause):
                return False
        raise AssertionError("pauses do not end")

    def _try(self, part: list[Record]) -> list[list[Record]]:
        """What of it is left to be tried."""
        age = time.time() - min(float(record["dynamodb"]["ApproximateCreationDateTime"]) for record in part)
        self._imitation.seen("stream.iterator_age_seconds", age)
        most = int(self.place.mapping.get("MaximumRecordAgeInSeconds") or -1)
        if 0 < most < age:
            self._imitation.count("stream.records_given_up", len(part))
            self._stream.give_up(self.place, part)
            return []
        result = self._stream.execute(self.place, part)
        if result.get("throttle"):
            return [part]
        if result.get("error"):
            return self._cut(part, len(part) // 2)
        failed = failures(result.get("body"))
        numbers = [record["dynamodb"]["SequenceNumber"] for record in part]
        first = min((numbers.index(number) for number in failed if number in numbers), default=None)
        if first is None:
            return []
        return [part[first:]] if "ReportBatchItemFailures" in self.place.mapping["FunctionResponseTypes"] else []

    def _cut(self, part: list[Record], middle: int) -> list[list[Record]]:
        if middle and self.place.mapping.get("BisectBatchOnFunctionError"):
            return [part[:middle], part[middle:]]
        return [part]


def shard_of(record: Record, shards: int) -> int:
    """Items of one partition key are in one shard, while nobody writes so much that it is split."""
    return zlib.crc32(record["dynamodb"]["Keys"]["pk"]["S"].encode()) % shards


def failures(body: Any) -> list[str]:
    """The sequence numbers that a function reported."""
    reported = body.get("batchItemFailures", []) if isinstance(body, dict) else []
    return [failure["itemIdentifier"] for failure in reported]
