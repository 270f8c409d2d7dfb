"""`openhouse redrive`: posts again, from the log, what the fan-out had to give up."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployed.cloud import Cloud
from deployed.endpoints import DeliveryQueues, Deployment
from deployed.terminal import CommandFailed, Interrupted, Steps, Tell
from openhouse.core.room_names import shards_of
from openhouse.delivery.fanout import entries
from openhouse.delivery.queues import ShardTask, SqsQueues, read_task
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.item_kinds import LOG_ENTRIES
from openhouse.storage.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs import SQSClient

PAGES = 1_000  # of a stream's shard that are looked through for the end of a batch

Seqs = Mapping[str, Sequence[int]]  # by room


class TooOld(Exception):
    """The stream keeps its records for 24 h. By then every client has asked the log itself."""


@dataclass
class Report:
    batches: int = 0
    shards: int = 0
    commits: int = 0
    rooms: int = 0
    too_old: int = 0
    no_commits: int = 0
    unreadable: int = 0

    def so_far(self) -> str:
        return f"{self.batches} batches, {self.shards} shards"

    def wire(self) -> dict[str, int]:
        return {
            "batches": self.batches,
            "shards": self.shards,
            "commits": self.commits,
            "rooms": self.rooms,
            "tooOld": self.too_old,
            "noCommits": self.no_commits,
            "unreadable": self.unreadable,
        }

    def __str__(self) -> str:
        done = f"Redriven: {self.batches} batches ({self.commits} commits of {self.rooms} rooms), {self.shards} shards."
        old = f"{self.too_old} batches are older than the stream's 24 h: their clients have long asked the log."
        unsound = f"{self.no_commits} log entries hold no commit: clients that meet them fetch their lists again."
        unreadable = f"{self.unreadable} messages hold nothing that could be posted."
        more = {old: self.too_old, unsound: self.no_commits, unreadable: self.unreadable}
        return "\n".join([done, *(line for line, count in more.items() if count)])


class Redrive:
    def __init__(
        self,
        sqs: SQSClient,
        streams: DynamoDBStreamsClient,
        log: RoomLog,
        queues: DeliveryQueues,
        *,
        new_cause: Callable[[], str] = lambda: uuid.uuid4().hex,
        wait_seconds: int = 2,
    ) -> None:
        self._sqs = sqs
        self._streams = streams
        self._log = log
        self._queues = queues
        self._tasks = SqsQueues(sqs, shards_url=queues.shards_url, failures_url=queues.failed_batches_url)
        self._new_cause = new_cause
        self._wait_seconds = wait_seconds

    def run(self, tell: Tell = lambda _news: None) -> Report:
        """A message is deleted once its tasks are on their way: interrupted, it can be run again."""
        report = Report()
        for body in self._messages(self._queues.failed_shards_url):
            if task := read_task(body):
                self._tasks.send([task], cause=self._new_cause())
                report.shards += 1
            else:
                report.unreadable += 1
            tell(report.so_far())
        rooms: set[str] = set()
        for body in self._messages(self._queues.failed_batches_url):
            try:
                found = self._places(json.loads(body))
            except TooOld:
                report.too_old += 1
                continue
            report.batches += 1
            for room, seqs in found.items():
                commits = len(self._log.commits(room, min(seqs), max(seqs)))
                report.no_commits += len(seqs) - min(commits, len(seqs))
                report.commits += commits
                if commits:
                    rooms.add(room)
                    shards = shards_of(room, self._queues.brokerage_shards)
                    tasks = [ShardTask(room, shard, min(seqs), max(seqs)) for shard in shards]
                    self._tasks.send(tasks, cause=self._new_cause())
            tell(report.so_far())
        report.rooms = len(rooms)
        return report

    def _messages(self, url: str) -> Iterator[str]:
        """Each is deleted when the next is asked for."""
        # Without waiting, SQS asks only some of its servers, and a queue with a few messages may look empty.
        ask = {"QueueUrl": url, "MaxNumberOfMessages": 1, "WaitTimeSeconds": self._wait_seconds}
        while messages := self._sqs.receive_message(**ask).get("Messages"):  # type: ignore[arg-type]
            yield messages[0]["Body"]
            self._sqs.delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])

    def _places(self, failure: Mapping[str, Any]) -> Seqs:
        """Where in which logs it is: a note of the fan-out's own, or Lambda's of a part of the stream."""
        if "room" in failure:
            return {failure["room"]: [failure["seq"]]}
        found: defaultdict[str, list[int]] = defaultdict(list)
        for entry in entries(self._records(failure["DDBStreamBatchInfo"])):
            found[entry.room].append(entry.seq)
        return found

    def _records(self, batch: Mapping[str, Any]) -> list[Any]:
        """The log entries of a batch. Raises TooOld, CommandFailed."""
        errors = self._streams.exceptions
        try:
            iterator: str | None = self._streams.get_shard_iterator(
                StreamArn=batch["streamArn"],
                ShardId=batch["shardId"],
                ShardIteratorType="AT_SEQUENCE_NUMBER",
                SequenceNumber=batch["startSequenceNumber"],
            )["ShardIterator"]
            found: list[Any] = []
            for _ in range(PAGES):
                if iterator is None:
                    return found  # the end of the shard
                page = self._streams.get_records(ShardIterator=iterator)
                for record in page["Records"]:
                    number = int(record["dynamodb"]["SequenceNumber"])
                    if number <= int(batch["endSequenceNumber"]) and LOG_ENTRIES.covers(record):
                        found.append(record)
                    if number >= int(batch["endSequenceNumber"]):
                        return found
                iterator = page.get("NextShardIterator")  # an empty page is not the last one
        except (errors.TrimmedDataAccessException, errors.ResourceNotFoundException):
            raise TooOld from None
        shard = batch["shardId"]
        raise CommandFailed(f"The end of a failed batch is not found in shard {shard}. Its message is kept: try again.")


def redrive(cloud: Cloud, steps: Steps) -> Report:
    """Raises CommandFailed, and what boto3 raises."""
    with steps.step("addresses"):
        deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
    session, endpoint = cloud.session, cloud.endpoint
    log = RoomLog(Table(session.client("dynamodb", endpoint_url=endpoint), deployment.table_name))
    streams = session.client("dynamodbstreams", endpoint_url=endpoint)
    work = Redrive(session.client("sqs", endpoint_url=endpoint), streams, log, deployment.queues)
    try:
        with steps.step("redrive") as tell:
            return work.run(tell)
    except KeyboardInterrupt:
        raise Interrupted("Stopped. Run it again to go on: what is not posted yet is still in its queue.") from None
